"""`SignedData` is read as it stands, and written again without touching what was signed."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from asn1crypto import cms as asn1_cms
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509 import ocsp
from hypothesis import given, settings
from hypothesis import strategies as st
from paraph import timestamps
from paraph.algorithms import Digest
from paraph.certs import ValidationData
from paraph.cms import BrokenMessage, SignedData, Template
from paraph.cms.attributes import SIGNATURE_TIMESTAMP
from paraph.errors import ParaphError
from paraph.formats import asn1
from paraph_testing.pki import Pki

CONTENT = b"The lease, word for word."


@pytest.fixture(scope="module")
def message(pki: Pki) -> bytes:
    bob = pki.bob
    template = Template(bob.certificate, bob.chain, bob.algorithm)
    digest = Digest.of(CONTENT).value
    token = pki.timestamper().timestamp(Digest.of(CONTENT))
    return template.signed_data(digest, bob.sign(Digest.of(template.signed_attributes(digest))), token=token)


@pytest.fixture(scope="module")
def proof(pki: Pki) -> ValidationData:
    issuer, certificate = pki.issuing.certificate, pki.seal.certificate
    request = ocsp.OCSPRequestBuilder().add_certificate(certificate, issuer, SHA256()).build()
    response = pki.ocsp(request.public_bytes(Encoding.DER))
    return ValidationData.of([pki.root.certificate, certificate]) | ValidationData(
        (), pki.revocation_lists(), (response,)
    )


def test_what_is_read_is_what_is_written(pki: Pki, message: bytes) -> None:
    token = pki.timestamper().timestamp(Digest.of(CONTENT))
    for each in (message, token):
        assert SignedData.parse(each).to_der() == each


def test_the_signer_is_found_among_the_certificates(pki: Pki, message: bytes) -> None:
    found = SignedData.parse(message)
    [signer] = found.signer_infos
    [token] = signer.unsigned_values(SIGNATURE_TIMESTAMP)
    assert (
        signer.certificate(found.validation_data.certificates)
        == ValidationData.of([pki.bob.certificate]).certificates[0]
    )
    assert pki.timestamping_unit.certificate in timestamps.certificates_in(token)
    with pytest.raises(BrokenMessage, match="missing"):
        signer.certificate(ValidationData.of([pki.carol.certificate, pki.root.certificate]).certificates)


def test_validation_data_are_carried_once(message: bytes, proof: ValidationData) -> None:
    found = SignedData.parse(message)
    richer = found.carrying(proof)
    assert SignedData.parse(richer.to_der()) == richer == richer.carrying(proof)
    assert proof - richer.validation_data == ValidationData()
    assert found.validation_data - richer.validation_data == ValidationData()
    read = asn1_cms.ContentInfo.load(richer.to_der(), strict=True)["content"]
    assert read["version"].native == "v5"
    assert len(read["crls"]) == 3  # two lists and a response


def test_what_was_signed_still_verifies(
    pki: Pki,
    message: bytes,
    proof: ValidationData,
    tmp_path: Path,
    openssl: Callable[..., Any],
    pem: Callable[..., Path],
) -> None:
    found = SignedData.parse(message).carrying(proof)
    signer = found.signer_infos[0].adding(SIGNATURE_TIMESTAMP, pki.timestamper().timestamp(Digest.of(b"again")))
    (tmp_path / "message").write_bytes(found.with_signer(0, signer).to_der())
    (tmp_path / "content").write_bytes(CONTENT)
    judged = openssl(
        *("cms", "-verify", "-cades", "-binary", "-inform", "DER", "-in", tmp_path / "message"),
        *("-content", tmp_path / "content", "-out", tmp_path / "out", "-CAfile", pem("root.pem", pki.root.certificate)),
        *("-attime", int(pki.at.timestamp()) + 60, "-purpose", "any"),
    )
    assert judged.returncode == 0, judged.stderr


def test_a_set_stays_in_the_order_of_der(message: bytes, proof: ValidationData) -> None:
    richer = SignedData.parse(message).carrying(proof)
    assert list(richer.certificate_choices) == sorted(richer.certificate_choices)
    assert list(richer.revocation_choices) == sorted(richer.revocation_choices)


def doubled(message: bytes) -> bytes:
    """The content type signed twice."""
    signer = SignedData.parse(message).signer_infos[0]
    attributes = asn1.whole(signer.signed, 0xA0)
    first = asn1.tlv(*next(asn1.members(attributes)))
    twice = replace(signer, signed=asn1.explicit(0, first, attributes))
    return SignedData.parse(message).with_signer(0, twice).to_der()


@pytest.mark.parametrize(
    "broken",
    [b"", b"0", b"\x30\x80\x00\x00", b"\x30\x03\x02\x01\x00", b"\x30" * 100_000, b"\x30\x84\xff\xff\xff\xff"],
    ids=["nothing", "no length", "indefinite length", "a number", "tags only", "four gigabytes"],
)
def test_what_is_no_message_is_refused(broken: bytes) -> None:
    with pytest.raises(BrokenMessage):
        SignedData.parse(broken)


def test_bytes_behind_a_message_are_refused(message: bytes) -> None:
    with pytest.raises(BrokenMessage):
        SignedData.parse(message + b"\x00")


def test_an_attribute_signed_twice_is_refused(message: bytes) -> None:
    with pytest.raises(BrokenMessage, match="twice"):
        SignedData.parse(doubled(message))


def nested(depth: int) -> bytes:
    value = b""
    for _ in range(depth):
        value = asn1.sequence(value)
    return value


def test_nesting_costs_nothing(message: bytes) -> None:
    """An unsigned attribute that is a thousand sequences deep is carried, not walked through."""
    deep = nested(5_000)
    found = SignedData.parse(message)
    changed = found.with_signer(0, found.signer_infos[0].adding(asn1.oid("1.2.3"), deep)).to_der()
    assert SignedData.parse(changed).signer_infos[0].unsigned_values(asn1.oid("1.2.3")) == (deep,)


@settings(max_examples=300, deadline=None)
@given(data=st.data())
def test_a_damaged_message_is_refused_or_read_as_it_stands(data: st.DataObject, message: bytes) -> None:
    damaged = bytearray(message)
    for _ in range(data.draw(st.integers(1, 4))):
        place = data.draw(st.integers(0, len(damaged) - 1))
        damaged[place : place + data.draw(st.integers(0, 2))] = data.draw(st.binary(max_size=3))
    try:
        found = SignedData.parse(bytes(damaged))
    except ParaphError:
        return
    assert found.to_der() == bytes(damaged)


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=200))
def test_any_bytes_are_refused(data: bytes) -> None:
    with pytest.raises(ParaphError):
        SignedData.parse(data)
