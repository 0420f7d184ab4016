"""XML is prepared, signed elsewhere, and completed; so is any file, enclosed or by its name: at every level."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from paraph import xades
from paraph.certs import Revocations
from paraph.errors import BrokenDocument, DigestMismatch, InputError, SignatureMismatch, Unavailable
from paraph.signatures import Level, Pending
from paraph.xades import Signable
from paraph_testing.pki import Pki
from paraph_testing.status import StatusService

LEASE = b"The lease, word for word."
BESIDE = {"the lease.txt": LEASE, "plan.png": b"\x89PNG"}


@pytest.mark.parametrize("name", ["seal", "rsa_seal", "bob", "issuing"])  # P-256, RSA, a person, P-384
@pytest.mark.parametrize("packaging", ["enveloped", "enveloping", "detached"])
def test_whoever_holds_the_key(
    pki: Pki, noon: datetime, judge: Callable[..., str], order: bytes, name: str, packaging: str
) -> None:
    content: Signable = {"enveloped": order, "enveloping": LEASE, "detached": BESIDE}[packaging]
    signer = getattr(pki, name)
    pending = xades.prepare(
        content, signer.certificate, chain=signer.chain, at=noon, enveloping=packaging == "enveloping"
    )
    resumed = Pending.from_bytes(pending.to_bytes())
    signed = xades.complete(resumed, signer.sign(pending.digest), content)
    assert judge(signed, pki, BESIDE) == "good"
    [found] = xades.read(signed)
    assert (found.level, found.claimed_at, found.timestamped_at) == (Level.B, noon, None)
    assert signer.certificate.subject.rfc4514_string() == found.signer


@pytest.mark.parametrize("level", list(Level))
@pytest.mark.parametrize("packaging", ["enveloped", "enveloping", "detached"])
def test_every_level_is_reached_at_once(
    service: StatusService,
    revocations: Revocations,
    noon: datetime,
    judge: Callable[..., str],
    order: bytes,
    level: Level,
    packaging: str,
) -> None:
    content: Signable = {"enveloped": order, "enveloping": LEASE, "detached": BESIDE}[packaging]
    pki = service.pki
    signed = xades.sign(
        content,
        pki.seal,
        at=noon,
        level=level,
        timestamper=pki.timestamper(),
        revocations=revocations,
        enveloping=packaging == "enveloping",
    )
    assert judge(signed, pki, BESIDE) == "good"
    [found] = xades.read(signed)
    assert (found.level, found.timestamped_at) == (level, None if level is Level.B else noon)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "iso-8859-15"])
def test_a_document_keeps_its_encoding_and_its_words(
    pki: Pki, noon: datetime, judge: Callable[..., str], encoding: str
) -> None:
    document = f'<?xml version="1.0" encoding="{encoding}"?><p a="é">à payer : 12 €</p>'.encode(encoding)
    signed = xades.sign(document, pki.bob, at=noon)
    assert judge(signed, pki) == "good"
    assert "à payer : 12 €" in signed.decode(encoding)


def test_a_document_with_nothing_in_it_is_signed(pki: Pki, noon: datetime, judge: Callable[..., str]) -> None:
    assert judge(xades.sign(b"<nothing/>", pki.bob, at=noon), pki) == "good"


def test_a_changed_document_is_noticed_by_the_judge(
    pki: Pki, noon: datetime, judge: Callable[..., str], order: bytes
) -> None:
    signed = xades.sign(order, pki.bob, at=noon)
    assert judge(signed.replace(b"12.50", b"92.50"), pki) != "good"


def test_files_may_be_given_in_another_order(pki: Pki, noon: datetime) -> None:
    pending = xades.prepare(BESIDE, pki.bob.certificate, at=noon)
    assert xades.complete(pending, pki.bob.sign(pending.digest), dict(reversed(BESIDE.items())))


def test_another_content_is_refused(pki: Pki, noon: datetime, order: bytes) -> None:
    pending = xades.prepare(order, pki.bob.certificate, at=noon)
    with pytest.raises(DigestMismatch, match="content"):
        xades.complete(pending, pki.bob.sign(pending.digest), order.replace(b"12.50", b"92.50"))
    beside = xades.prepare(BESIDE, pki.bob.certificate, at=noon)
    with pytest.raises(DigestMismatch, match="content"):
        xades.complete(beside, pki.bob.sign(beside.digest), {**BESIDE, "plan.png": b"another"})


def test_rsa_is_padded_as_the_holder_of_the_key_asks(pki: Pki, noon: datetime, order: bytes) -> None:
    assert b"#sha256-rsa-MGF1" in xades.sign(order, pki.pss_seal, at=noon)


def test_another_time_than_was_signed_is_refused(pki: Pki, noon: datetime, order: bytes) -> None:
    pending, later = (xades.prepare(order, pki.bob.certificate, at=noon + timedelta(hours=n)) for n in (0, 1))
    forged = Pending(pending.digest, pending.level, pending.document, later.state)
    with pytest.raises(DigestMismatch, match="changed"):
        xades.complete(forged, pki.bob.sign(pending.digest), order)


def test_a_damaged_state_is_refused(pki: Pki, noon: datetime, order: bytes) -> None:
    pending = xades.prepare(order, pki.bob.certificate, at=noon)
    with pytest.raises(InputError, match="damaged"):
        xades.complete(Pending(pending.digest, pending.level, pending.document, b"{}"), b"", order)


def test_somebody_elses_value_is_refused(pki: Pki, noon: datetime, order: bytes) -> None:
    pending = xades.prepare(order, pki.bob.certificate, at=noon)
    with pytest.raises(SignatureMismatch):
        xades.complete(pending, pki.carol.sign(pending.digest), order)


def test_a_level_without_what_it_needs_is_refused_before_the_key_is_used(
    pki: Pki, noon: datetime, order: bytes
) -> None:
    with pytest.raises(InputError, match="time-stamp authority"):
        xades.sign(order, pki.bob, at=noon, level=Level.T)
    with pytest.raises(InputError, match="trusted"):
        xades.sign(order, pki.bob, at=noon, level=Level.LT, timestamper=pki.timestamper())


def test_a_silent_status_service_leaves_the_pending_signature_usable(
    service: StatusService, noon: datetime, order: bytes
) -> None:
    pki = service.pki
    pending = xades.prepare(order, pki.seal.certificate, chain=pki.seal.chain, at=noon, level=Level.LT)
    value = pki.seal.sign(pending.digest)
    service.broken |= {"/ocsp", "/crl/issuing.crl"}
    arguments = {"timestamper": pki.timestamper(), "revocations": Revocations(pki.trusted)}
    with pytest.raises(Unavailable):
        xades.complete(pending, value, order, **arguments)
    service.broken.clear()
    assert xades.read(xades.complete(pending, value, order, **arguments))[0].level is Level.LT


def test_nothing_is_enclosed_that_xml_readers_would_not_read_again(pki: Pki, noon: datetime) -> None:
    with pytest.raises(BrokenDocument, match="detached"):
        xades.prepare(bytes(8 << 20), pki.bob.certificate, at=noon, enveloping=True)


def test_no_files_are_nothing_to_sign(pki: Pki, noon: datetime) -> None:
    with pytest.raises(InputError, match="nothing"):
        xades.prepare({}, pki.bob.certificate, at=noon)
