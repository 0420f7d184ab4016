"""What strangers write: every answer is a reason, no program of theirs is run, nothing is fetched."""

from contextlib import suppress
from datetime import datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from paraph import xades
from paraph.errors import BrokenDocument, InputError, ParaphError
from paraph.formats import xml
from paraph.signatures import Level
from paraph.xades.archive import archive_timestamp
from paraph.xades.signed import signatures
from paraph_testing.pki import Pki

XSLT = "http://www.w3.org/TR/1999/REC-xslt-19991116"
FILTER = "http://www.w3.org/2002/06/xmldsig-filter2"


@pytest.mark.parametrize(
    "document",
    [
        b"",
        b"<order",
        b"%PDF-1.7",
        b'<!DOCTYPE o [<!ENTITY e "x">]><o>&e;</o>',
        b'<!DOCTYPE o SYSTEM "http://example.org/o.dtd"><o/>',
        b"<o>" * 300 + b"</o>" * 300,
        b'<o xmlns="relative"/>',
    ],
    ids=["nothing", "cut off", "a PDF", "an entity", "a far declaration", "too deep", "without a canonical form"],
)
def test_what_cannot_be_read_in_one_way_is_refused(pki: Pki, noon: datetime, document: bytes) -> None:
    with pytest.raises(BrokenDocument):
        xades.prepare(document, pki.bob.certificate, at=noon)


def changed(signed: bytes, old: bytes, new: bytes) -> bytes:
    assert old in signed
    return signed.replace(old, new, 1)


def test_a_program_in_the_document_is_not_run(pki: Pki, noon: datetime, order: bytes) -> None:
    signed = changed(xades.sign(order, pki.bob, at=noon), FILTER.encode(), XSLT.encode())
    with pytest.raises(InputError, match="not known here"):
        xades.extend(signed, Level.T, timestamper=pki.timestamper(), at=noon)


def test_a_free_path_is_not_followed(pki: Pki, noon: datetime, order: bytes) -> None:
    signed = changed(xades.sign(order, pki.bob, at=noon), b"/descendant::ds:Signature", b"//*[count(//*)>1]")
    with pytest.raises(InputError, match="not known here"):
        xades.extend(signed, Level.T, timestamper=pki.timestamper(), at=noon)


def test_two_elements_of_one_name_are_refused(pki: Pki, noon: datetime) -> None:
    """Signature wrapping: one is signed, the other is shown."""
    signed = xades.sign(b"lease", pki.bob, at=noon, enveloping=True)
    root = xml.parse(signed)
    name = root.xpath("string(//*[local-name()='Object']/@Id)")
    wrapped = b'<w><x Id="' + str(name).encode() + b'">other</x>' + signed.split(b"?>", 1)[1] + b"</w>"
    with pytest.raises(BrokenDocument, match="2 elements"):
        xades.extend(wrapped, Level.T, timestamper=pki.timestamper(), at=noon)


def test_a_reference_into_the_world_is_not_followed(pki: Pki, noon: datetime, order: bytes) -> None:
    signed = changed(xades.sign(order, pki.bob, at=noon), b'URI=""', b'URI="file:///etc/passwd"')
    [one] = signatures(xml.parse(signed))
    with pytest.raises(InputError, match="not given"):
        archive_timestamp(one, {}, pki.timestamper())


@pytest.fixture(scope="module")
def stamped(pki: Pki, noon: datetime) -> bytes:
    return xades.sign(b"<order>7</order>", pki.bob, at=noon, level=Level.T, timestamper=pki.timestamper())


@settings(max_examples=150, deadline=None)
@given(damage=st.lists(st.tuples(st.floats(0, 1), st.integers(0, 40), st.binary(max_size=4)), min_size=1, max_size=3))
def test_damage_anywhere_is_a_documented_error_or_none(
    pki: Pki, noon: datetime, stamped: bytes, damage: list[tuple[float, int, bytes]]
) -> None:
    signed = bytearray(stamped)
    for where, length, put in damage:
        place = int(where * len(signed))
        signed[place : place + length] = put
    with suppress(ParaphError):
        xades.read(bytes(signed))
        xades.extend(bytes(signed), Level.T, timestamper=pki.timestamper(), at=noon)
