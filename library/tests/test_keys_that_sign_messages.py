"""Ed25519 signs messages, not their digests: the message goes with the digest to whoever holds the key."""

from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from paraph import asic, cades, pades, xades
from paraph.algorithms import Digest, Hash
from paraph.certs import Revocations
from paraph.errors import DigestMismatch, InputError, Refused, SignatureMismatch, WeakAlgorithm
from paraph.keys.csc.credential import Credential
from paraph.keys.file import load
from paraph.keys.verify import verify
from paraph.pki.form import acceptable
from paraph.signatures import Level, Pending
from paraph.validation import Indication, validate
from paraph_testing import pdfs
from paraph_testing.pki import Pki
from paraph_testing.status import StatusService

LEASE = b"The lease, word for word."
PREPARED: dict[str, tuple[Any, Any]] = {
    "PAdES": (pades, pdfs.contract()),
    "CAdES": (cades, LEASE),
    "XAdES": (xades, b"<lease>The lease</lease>"),
    "ASiC": (asic, {"lease.txt": LEASE}),
}


@pytest.mark.parametrize("name", PREPARED)
def test_the_message_travels_with_the_pending_signature(pki: Pki, noon: datetime, name: str) -> None:
    room, content = PREPARED[name]
    signer = pki.ed25519_seal
    pending = Pending.from_bytes(room.prepare(content, signer.certificate, chain=signer.chain, at=noon).to_bytes())
    assert pending.digest == Digest.of(pending.digest.signed, Hash.SHA512)
    signed = room.complete(pending, signer.sign(pending.digest), content)
    [found] = room.read(signed)
    assert found.signer == signer.certificate.subject.rfc4514_string()


@pytest.mark.parametrize("name", PREPARED)
def test_another_message_cannot_take_its_place(pki: Pki, noon: datetime, name: str) -> None:
    room, content = PREPARED[name]
    signer = pki.ed25519_seal
    pending = room.prepare(content, signer.certificate, at=noon)
    forged = Pending(Digest.of(b"Another", Hash.SHA512), pending.level, pending.document, pending.state)
    with pytest.raises(DigestMismatch):
        room.complete(forged, bytes(64), content)
    with pytest.raises(SignatureMismatch):
        room.complete(pending, bytes(64), content)


def test_a_pdf_is_sealed_and_judged_by_pyhanko(pki: Pki, noon: datetime) -> None:
    sealed = pades.Sealer(pki.ed25519_seal).seal(pdfs.contract(), at=noon)
    assert validate(sealed, trusted=pki.trusted, at=noon).indication is Indication.TOTAL_PASSED
    damaged = sealed.replace(b"/MediaBox", b"/MadiaBox", 1)
    assert validate(damaged, trusted=pki.trusted, at=noon).indication is Indication.TOTAL_FAILED


@pytest.mark.parametrize("name", PREPARED)
def test_every_level_is_reached(service: StatusService, noon: datetime, name: str) -> None:
    room, content = PREPARED[name]
    pki = service.pki
    made = {"at": noon, "timestamper": pki.timestamper(), "revocations": Revocations(pki.trusted)}
    for level in Level:
        [found] = room.read(room.sign(content, pki.ed25519_seal, level=level, **made))
        assert found.level is level


def test_a_digest_without_its_message_is_not_signed(pki: Pki) -> None:
    digest = Digest.of(LEASE, Hash.SHA512)
    with pytest.raises(Refused, match="missing"):
        pki.ed25519_seal.sign(digest)
    with pytest.raises(Refused, match="missing"):
        pki.ed25519_seal.sign(replace(digest, message=b"Another lease"))


def test_a_key_in_a_file_is_found_with_its_certificate(pki: Pki) -> None:
    signer = pki.ed25519_seal
    key = signer._key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    beside = b"".join(each.public_bytes(Encoding.PEM) for each in (signer.certificate, *signer.chain))
    found = load(key, certificates=beside)
    assert (found.certificate, found.chain) == (signer.certificate, signer.chain)
    digest = found.algorithm.digest(LEASE)
    verify(signer.certificate.public_key(), digest, found.sign(digest))


def test_signing_services_and_our_authorities_take_no_such_key(pki: Pki) -> None:
    """A service is sent digests; an authority certifies what TS 119 312 lists."""
    signer = pki.ed25519_seal
    with pytest.raises(WeakAlgorithm, match="sign digests"):
        _ = Credential("key", signer.certificate, signer.chain).algorithm
    with pytest.raises(InputError, match="kind of key"):
        acceptable(signer.certificate.public_key())
