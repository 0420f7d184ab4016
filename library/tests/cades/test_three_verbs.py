"""Any bytes are prepared, signed elsewhere, and completed: attached or detached, at every level."""

import io
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from paraph import cades
from paraph.certs import Revocations
from paraph.errors import BrokenDocument, DigestMismatch, InputError, SignatureMismatch, Unavailable
from paraph.signatures import Level, Pending
from paraph_testing.pki import Pki
from paraph_testing.status import StatusService

CONTENT = b"The lease, word for word."


@pytest.mark.parametrize("attached", [False, True], ids=["detached", "attached"])
@pytest.mark.parametrize("name", ["seal", "rsa_seal", "pss_seal", "bob", "issuing"])
def test_whoever_holds_the_key(
    pki: Pki, noon: datetime, judge: Callable[..., str], name: str, *, attached: bool
) -> None:
    signer = getattr(pki, name)
    pending = cades.prepare(
        CONTENT, signer.certificate, chain=signer.chain, at=noon, algorithm=signer.algorithm, attached=attached
    )
    resumed = Pending.from_bytes(pending.to_bytes())
    signed = cades.complete(resumed, signer.sign(pending.digest), CONTENT)
    assert judge(signed, pki, None if attached else CONTENT) == "good"
    [found] = cades.read(signed)
    assert (found.level, found.claimed_at, found.timestamped_at) == (Level.B, noon, None)
    assert signer.certificate.subject.rfc4514_string() == found.signer


@pytest.mark.parametrize("attached", [False, True], ids=["detached", "attached"])
@pytest.mark.parametrize("level", list(Level))
def test_every_level_is_reached_at_once(
    service: StatusService,
    revocations: Revocations,
    noon: datetime,
    judge: Callable[..., str],
    level: Level,
    *,
    attached: bool,
) -> None:
    pki = service.pki
    signed = cades.sign(
        CONTENT,
        pki.seal,
        at=noon,
        level=level,
        timestamper=pki.timestamper(),
        revocations=revocations,
        attached=attached,
    )
    assert judge(signed, pki, None if attached else CONTENT) == "good"
    [found] = cades.read(signed)
    assert (found.level, found.timestamped_at) == (level, None if level is Level.B else noon)


def test_what_an_attached_signature_encloses_comes_out_again(pki: Pki, noon: datetime) -> None:
    assert cades.content_of(cades.sign(CONTENT, pki.bob, at=noon, attached=True)) == CONTENT
    with pytest.raises(InputError, match="detached"):
        cades.content_of(cades.sign(CONTENT, pki.bob, at=noon))


@pytest.mark.parametrize("curve", [ec.SECP384R1(), ec.SECP521R1()], ids=["P-384", "P-521"])
def test_longer_curves_bring_longer_digests(
    pki: Pki, noon: datetime, judge: Callable[..., str], curve: ec.EllipticCurve
) -> None:
    signer = pki.seal_of(ec.generate_private_key(curve), "Long Seal of Atelier Marchand")
    assert judge(cades.sign(CONTENT, signer, at=noon), pki, CONTENT) == "good"


def test_a_file_is_hashed_while_it_is_read(pki: Pki, noon: datetime, judge: Callable[..., str]) -> None:
    class Film(io.BytesIO):
        longest = 0

        def read(self, size: int | None = -1, /) -> bytes:
            assert size is not None
            assert size > 0, "never all at once"
            return super().read(size)

    content = bytes(5 << 20)
    assert judge(cades.sign(Film(content), pki.bob, at=noon), pki, content) == "good"


def test_a_signing_time_beyond_2049_has_four_digits(pki: Pki, noon: datetime) -> None:
    far = noon.replace(year=2050)
    assert cades.read(cades.sign(CONTENT, pki.bob, at=far))[0].claimed_at == far


def test_another_content_is_refused(pki: Pki, noon: datetime) -> None:
    pending = cades.prepare(CONTENT, pki.bob.certificate, at=noon)
    with pytest.raises(DigestMismatch, match="content"):
        cades.complete(pending, pki.bob.sign(pending.digest), CONTENT + b" Or not.")


def test_another_time_than_was_signed_is_refused(pki: Pki, noon: datetime) -> None:
    pending, later = (cades.prepare(CONTENT, pki.bob.certificate, at=noon + timedelta(hours=n)) for n in (0, 1))
    forged = Pending(pending.digest, pending.level, pending.document, later.state)
    with pytest.raises(DigestMismatch, match="changed"):
        cades.complete(forged, pki.bob.sign(pending.digest), CONTENT)


def test_a_damaged_state_is_refused(pki: Pki, noon: datetime) -> None:
    pending = cades.prepare(CONTENT, pki.bob.certificate, at=noon)
    with pytest.raises(InputError, match="damaged"):
        cades.complete(Pending(pending.digest, pending.level, pending.document, b"{}"), b"", CONTENT)


def test_somebody_elses_value_is_refused(pki: Pki, noon: datetime) -> None:
    pending = cades.prepare(CONTENT, pki.bob.certificate, at=noon)
    with pytest.raises(SignatureMismatch):
        cades.complete(pending, pki.carol.sign(pending.digest), CONTENT)


def test_a_level_without_what_it_needs_is_refused_before_the_key_is_used(pki: Pki, noon: datetime) -> None:
    with pytest.raises(InputError, match="time-stamp authority"):
        cades.sign(CONTENT, pki.bob, at=noon, level=Level.T)
    with pytest.raises(InputError, match="trusted"):
        cades.sign(CONTENT, pki.bob, at=noon, level=Level.LT, timestamper=pki.timestamper())


def test_a_silent_status_service_leaves_the_pending_signature_usable(service: StatusService, noon: datetime) -> None:
    pki = service.pki
    pending = cades.prepare(CONTENT, pki.seal.certificate, chain=pki.seal.chain, at=noon, level=Level.LT)
    value = pki.seal.sign(pending.digest)
    service.broken |= {"/ocsp", "/crl/issuing.crl"}
    arguments = {"timestamper": pki.timestamper(), "revocations": Revocations(pki.trusted)}
    with pytest.raises(Unavailable):
        cades.complete(pending, value, CONTENT, **arguments)
    service.broken.clear()
    assert cades.read(cades.complete(pending, value, CONTENT, **arguments))[0].level is Level.LT


def test_what_is_no_signature_is_refused() -> None:
    with pytest.raises(BrokenDocument):
        cades.read(b"%PDF-1.7")
