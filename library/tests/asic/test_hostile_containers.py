"""Containers from strangers: every answer is a reason; nothing explodes, nothing hides."""

import struct
from contextlib import suppress
from datetime import datetime
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from paraph import asic
from paraph.asic import Container, Form, Kind
from paraph.errors import BrokenDocument, ParaphError, TooLarge
from paraph.formats import zip as archive
from paraph.signatures import Level
from paraph_testing.pki import Pki

TYPE = Kind.E.value.encode()


def zipped(*entries: tuple[str, bytes]) -> bytes:
    target = BytesIO()
    with ZipFile(target, "w", ZIP_DEFLATED) as opened:
        for name, content in entries:
            opened.writestr(name, content)
    return target.getvalue()


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"PK\x03\x04",
        b"%PDF-1.7",
        zipped(("lease.txt", b"x")),
        zipped(("mimetype", b"application/zip"), ("lease.txt", b"x")),
        zipped(("mimetype", TYPE)),
        zipped(("mimetype", Kind.S.value.encode()), ("a", b"x"), ("b", b"y")),
        zipped(("mimetype", TYPE), ("../lease", b"x")),
        zipped(("mimetype", TYPE), ("/lease", b"x")),
        b"before" + zipped(("mimetype", TYPE), ("lease", b"x")),
    ],
    ids=["nothing", "cut", "PDF", "no type", "another type", "empty", "two in S", "outside", "absolute", "prefixed"],
)
def test_what_is_no_sound_container_is_refused(data: bytes) -> None:
    with pytest.raises(BrokenDocument):
        asic.read(data)


def test_two_files_of_one_name_are_refused() -> None:
    with pytest.warns(UserWarning, match="Duplicate"):
        data = zipped(("mimetype", TYPE), ("lease", b"shown"), ("lease", b"signed"))
    with pytest.raises(BrokenDocument, match="two files"):
        asic.read(data)


def test_what_explodes_is_not_unpacked() -> None:
    with pytest.raises(TooLarge, match="compressed"):
        asic.read(zipped(("mimetype", TYPE), ("lease", bytes(16 << 20))))


def test_too_many_files_are_refused() -> None:
    with pytest.raises(TooLarge, match="1000"):
        asic.read(zipped(("mimetype", TYPE), *((f"{number}", b"") for number in range(1001))))


def test_entries_that_overlap_are_refused() -> None:
    """Two names in the directory for the same bytes: readers would disagree about which is meant."""
    data = bytearray(zipped(("mimetype", TYPE), ("a", b"same"), ("b", b"same")))
    offsets = [place for place in range(len(data)) if data[place : place + 4] == b"PK\x01\x02"]
    [shared] = struct.unpack_from("<I", data, offsets[1] + 42)
    struct.pack_into("<I", data, offsets[2] + 42, shared)
    with pytest.raises(BrokenDocument):
        asic.read(bytes(data))


def test_signatures_of_both_forms_in_one_container_are_refused(pki: Pki, noon: datetime) -> None:
    one, two = (
        Container.from_bytes(asic.sign({"a": b"x"}, pki.bob, form=form, at=noon)) for form in (Form.CADES, Form.XADES)
    )
    with pytest.raises(BrokenDocument, match="two forms"):
        asic.read(one.having(two.meta).to_bytes())


def test_the_same_files_make_the_same_archive() -> None:
    assert archive.write({"a": b"x"}) == archive.write({"a": b"x"})


@pytest.fixture(scope="module", params=list(Form))
def stamped(request: pytest.FixtureRequest, pki: Pki, noon: datetime) -> bytes:
    return asic.sign({"a": b"x"}, pki.bob, form=request.param, at=noon, level=Level.T, timestamper=pki.timestamper())


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
        asic.read(bytes(signed))
        asic.extend(bytes(signed), Level.T, timestamper=pki.timestamper(), at=noon)
