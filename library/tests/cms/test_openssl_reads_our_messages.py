"""OpenSSL verifies what the template makes, detached or enclosing, for every kind of key."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from asn1crypto import cms
from paraph.algorithms import Digest
from paraph.cms import DATA, Template
from paraph.keys.file import FileSigner
from paraph_testing.pki import Pki

CONTENT = b"The lease, word for word."
SIGNERS = ["seal", "rsa_seal", "bob", "issuing"]  # P-256, RSA, a person, P-384


def template(signer: FileSigner, **options: Any) -> Template:
    return Template(signer.certificate, signer.chain, signer.algorithm, **options)


def message(signer: FileSigner, *, enclosed: bool = False, token: bytes | None = None) -> bytes:
    made = template(signer)
    digest = Digest.of(CONTENT, signer.algorithm.hash).value
    value = signer.sign(Digest.of(made.signed_attributes(digest), signer.algorithm.hash))
    return made.signed_data(digest, value, token=token, content=CONTENT if enclosed else None)


@pytest.fixture
def judge(pki: Pki, tmp_path: Path, openssl: Callable[..., Any], pem: Callable[..., Path]) -> Callable[..., str]:
    """What OpenSSL says of a message, at noon; `-cades` has it check the signing-certificate attribute, too."""

    def verdict(message: bytes, content: bytes | None) -> str:
        (tmp_path / "message").write_bytes(message)
        (tmp_path / "content").write_bytes(content or b"")
        root = pem("root.pem", pki.root.certificate)
        what = ("-content", tmp_path / "content") if content is not None else ()
        at = ("-attime", int(pki.at.timestamp()) + 60, "-purpose", "any")
        given = ("-binary", "-inform", "DER", "-in", tmp_path / "message", *what, "-out", tmp_path / "out")
        judged = openssl("cms", "-verify", "-cades", *given, "-CAfile", root, *at)
        return "good" if judged.returncode == 0 else str(judged.stderr)

    return verdict


@pytest.mark.parametrize("name", SIGNERS)
def test_a_detached_signature_verifies(pki: Pki, judge: Callable[..., str], name: str) -> None:
    assert judge(message(getattr(pki, name)), CONTENT) == "good"


@pytest.mark.parametrize("name", SIGNERS)
def test_an_enclosing_signature_verifies(pki: Pki, judge: Callable[..., str], tmp_path: Path, name: str) -> None:
    assert judge(message(getattr(pki, name), enclosed=True), None) == "good"
    assert (tmp_path / "out").read_bytes() == CONTENT


def test_other_content_does_not(pki: Pki, judge: Callable[..., str]) -> None:
    assert "content verify error" in judge(message(pki.bob), CONTENT + b" Or not.")


def test_the_certificate_cannot_be_exchanged(pki: Pki, judge: Callable[..., str]) -> None:
    """Carol signs in Bob's name: her value, his attributes."""
    made = template(pki.bob)
    digest = Digest.of(CONTENT).value
    forged = made.signed_data(digest, pki.carol.sign(Digest.of(made.signed_attributes(digest))))
    assert "verif" in judge(forged, CONTENT).lower()


def test_a_stranger_is_not_trusted(pki: Pki, judge: Callable[..., str]) -> None:
    """Mallory's hierarchy has the same names."""
    assert judge(message(pki.mallory), CONTENT) != "good"


def test_the_signed_attributes_are_those_of_pades(pki: Pki) -> None:
    """EN 319 142-1 §6.3: no signing-time; the certificate is named by its digest."""
    signer = cms.ContentInfo.load(message(pki.bob), strict=True)["content"]["signer_infos"][0]
    attributes = [each["type"].dotted for each in signer["signed_attrs"]]
    assert sorted(attributes) == [
        "1.2.840.113549.1.9.16.2.47",
        "1.2.840.113549.1.9.3",
        "1.2.840.113549.1.9.4",
        "1.2.840.113549.1.9.52",
    ]


@pytest.mark.parametrize("name", SIGNERS)
def test_what_is_signed_is_what_stands_in_the_message(pki: Pki, name: str) -> None:
    """RFC 5652 §5.4: the DER SET OF is signed, though the message carries it under a context tag."""
    signer = getattr(pki, name)
    digest = Digest.of(CONTENT, signer.algorithm.hash).value
    stands = cms.ContentInfo.load(message(signer))["content"]["signer_infos"][0]["signed_attrs"]
    assert stands.untag().dump(force=True) == template(signer).signed_attributes(digest)


@pytest.mark.parametrize("name", SIGNERS)
def test_what_is_reserved_always_suffices(pki: Pki, name: str) -> None:
    """ECDSA values vary in length; the place for them is kept before they are known."""
    signer = getattr(pki, name)
    token = pki.timestamper().timestamp(Digest.of(CONTENT))
    reserved = template(signer).reserve(token=len(token))
    assert all(len(message(signer, token=token)) <= reserved for _ in range(30))


def test_an_attached_time_stamp_is_an_unsigned_attribute(pki: Pki, judge: Callable[..., str]) -> None:
    token = pki.timestamper().timestamp(Digest.of(CONTENT))
    stamped = message(pki.bob, token=token)
    assert judge(stamped, CONTENT) == "good"
    (attribute,) = cms.ContentInfo.load(stamped)["content"]["signer_infos"][0]["unsigned_attrs"]
    assert attribute["values"][0].dump() == token


def test_certificates_are_left_out_where_nobody_wants_them(pki: Pki) -> None:
    made = template(pki.bob, content_type=DATA, embed=False)
    content = cms.ContentInfo.load(made.signed_data(bytes(32), b"value"), strict=True)["content"]
    assert not content["certificates"]
