"""B-LT and B-LTA: what proves a signature comes along, and is itself kept provable."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from paraph import pades
from paraph.certs import Revocations
from paraph.errors import InputError, Revoked, Unavailable
from paraph.formats.pdf import gate
from paraph.pades import dss
from paraph.signatures import Level
from paraph_testing import pdfs
from paraph_testing.status import StatusService


def store(document: bytes) -> tuple[int, int, int]:
    """How many certificates, lists and responses the security store holds."""
    with gate.open_strictly(document) as pdf:
        data = dss.read(pdf)
    return len(data.certificates), len(data.crls), len(data.ocsps)


@pytest.mark.parametrize("level", [Level.LT, Level.LTA])
@pytest.mark.parametrize("source", [pdfs.contract(), pdfs.compact(pdfs.contract())], ids=["classic", "compact"])
def test_a_seal_is_made_at_once(
    service: StatusService,
    revocations: Revocations,
    noon: datetime,
    level: Level,
    source: bytes,
    judge: Callable[..., None],
) -> None:
    pki = service.pki
    signed = pades.sign(source, pki.seal, at=noon, level=level, timestamper=pki.timestamper(), revocations=revocations)
    judge(signed, timestamps=int(level is Level.LTA), stored=level is Level.LT)
    assert pades.read(signed)[0].level is level
    assert store(signed) == (1, 1, 2)  # the responder; the root's list; the seal's and the unit's status


@pytest.mark.parametrize("level", [Level.LT, Level.LTA])
def test_a_signature_by_the_three_verbs(
    service: StatusService, revocations: Revocations, noon: datetime, level: Level, judge: Callable[..., None]
) -> None:
    pki, contract = service.pki, pdfs.contract()
    pending = pades.prepare(contract, pki.bob.certificate, chain=pki.bob.chain, at=noon, level=level)
    signed = pades.complete(
        pending, pki.bob.sign(pending.digest), contract, timestamper=pki.timestamper(), revocations=revocations
    )
    judge(signed, timestamps=int(level is Level.LTA), stored=level is Level.LT)
    assert pades.read(signed)[0].level is level


def test_all_signatures_of_a_document_are_extended(
    service: StatusService, revocations: Revocations, noon: datetime, judge: Callable[..., None]
) -> None:
    pki, clock = service.pki, service.pki.timestamper()
    signed = pades.sign(pdfs.contract(), pki.rsa_seal, at=noon)
    signed = pades.sign(signed, pki.bob, at=noon, level=Level.T, timestamper=clock)
    extended = pades.extend(signed, Level.LTA, timestamper=clock, revocations=revocations, at=noon)
    judge(extended, signatures=2, timestamps=2)
    assert [each.level for each in pades.read(extended)] == [Level.LTA, Level.LTA]


def test_what_stands_there_is_not_added_again(service: StatusService, revocations: Revocations, noon: datetime) -> None:
    pki, clock = service.pki, service.pki.timestamper()
    signed = pades.sign(pdfs.contract(), pki.seal, at=noon, level=Level.LT, timestamper=clock, revocations=revocations)
    service.asked.clear()
    fresh = Revocations(pki.trusted)
    assert pades.extend(signed, Level.LT, revocations=fresh, at=noon + timedelta(minutes=5)) == signed
    assert pades.extend(signed, Level.T, at=noon) == signed
    assert service.asked == []


def test_an_archive_time_stamp_is_renewed_when_everything_under_it_has_expired(
    service: StatusService, noon: datetime, judge: Callable[..., None]
) -> None:
    """Two years on: the short-term certificate is long over, the answers are old; the newest time-stamp holds."""
    pki = service.pki
    signed = pades.sign(
        pdfs.contract(),
        pki.bob,
        at=noon,
        level=Level.LTA,
        timestamper=pki.timestamper(),
        revocations=Revocations(pki.trusted),
    )
    pki.at = noon + timedelta(days=730)
    renewed = pades.extend(
        signed, Level.LTA, timestamper=pki.timestamper(), revocations=Revocations(pki.trusted), at=pki.at
    )
    judge(renewed, timestamps=2)
    assert renewed.startswith(signed)
    assert store(renewed) > store(signed)


def test_a_document_that_the_lean_writer_leaves_alone_is_extended_too(
    service: StatusService, revocations: Revocations, noon: datetime, judge: Callable[..., None]
) -> None:
    pki, clock = service.pki, service.pki.timestamper()
    junk = pdfs.invoice() + b"junk\n"
    signed = pades.sign(junk, pki.seal, at=noon, level=Level.LT, timestamper=clock, revocations=revocations)
    extended = pades.extend(signed + b"junk\n", Level.LTA, timestamper=clock, revocations=revocations, at=noon)
    judge(extended, timestamps=1)
    assert (pades.read(extended)[0].level, store(extended)) == (Level.LTA, (1, 1, 2))


def test_a_revoked_signer_does_not_sign(service: StatusService, revocations: Revocations, noon: datetime) -> None:
    pki = service.pki
    pki.revoke(pki.seal.certificate)
    with pytest.raises(Revoked):
        pades.sign(
            pdfs.contract(), pki.seal, at=noon, level=Level.LT, timestamper=pki.timestamper(), revocations=revocations
        )


def test_a_silent_status_service_leaves_the_pending_signature_usable(service: StatusService, noon: datetime) -> None:
    pki, contract = service.pki, pdfs.contract()
    pending = pades.prepare(contract, pki.seal.certificate, chain=pki.seal.chain, at=noon, level=Level.LT)
    value = pki.seal.sign(pending.digest)
    service.broken |= {"/ocsp", "/crl/issuing.crl"}
    arguments = {"timestamper": pki.timestamper(), "revocations": Revocations(pki.trusted)}
    with pytest.raises(Unavailable):
        pades.complete(pending, value, contract, **arguments)
    service.broken.clear()
    assert pades.read(pades.complete(pending, value, contract, **arguments))[0].level is Level.LT


def test_a_level_without_what_it_needs_is_refused_before_the_key_is_used(
    service: StatusService, noon: datetime
) -> None:
    pki, contract = service.pki, pdfs.contract()
    with pytest.raises(InputError, match="trusted"):
        pades.Sealer(pki.seal, level=Level.LT, timestamper=pki.timestamper())
    with pytest.raises(InputError, match="trusted"):
        pades.extend(pades.sign(contract, pki.seal, at=noon), Level.LT, timestamper=pki.timestamper(), at=noon)
    with pytest.raises(InputError, match="no signature"):
        pades.extend(contract, Level.LT, timestamper=pki.timestamper(), at=noon)
