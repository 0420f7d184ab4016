"""B-LT and B-LTA: what proves a signature comes along, and is itself kept provable (EN 319 122-1 §5.5)."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from paraph import cades, timestamps
from paraph.algorithms import Digest
from paraph.certs import Revocations
from paraph.cms import SignedData
from paraph.cms.attributes import ARCHIVE_INDEX, ARCHIVE_TIMESTAMP
from paraph.errors import DigestMismatch, InputError, Revoked
from paraph.formats import asn1
from paraph.signatures import Level
from paraph_testing.status import StatusService

CONTENT = b"The lease, word for word."


def carried(signed: bytes) -> tuple[int, int, int]:
    """How many certificates, lists and responses a message holds."""
    data = SignedData.parse(signed).validation_data
    return len(data.certificates), len(data.crls), len(data.ocsps)


def archives(signed: bytes) -> tuple[bytes, ...]:
    return SignedData.parse(signed).signer_infos[0].unsigned_values(ARCHIVE_TIMESTAMP)


def test_what_proves_a_seal_is_carried_once(service: StatusService, revocations: Revocations, noon: datetime) -> None:
    pki, clock = service.pki, service.pki.timestamper()
    signed = cades.sign(CONTENT, pki.seal, at=noon, level=Level.LT, timestamper=clock, revocations=revocations)
    assert carried(signed) == (4, 1, 2)  # the seal, both authorities, the responder; the root's list; two responses
    service.asked.clear()
    later = noon + timedelta(minutes=5)
    assert cades.extend(signed, Level.LT, revocations=Revocations(pki.trusted), at=later) == signed
    assert cades.extend(signed, Level.T, at=noon) == signed
    assert service.asked == []


def test_an_archive_time_stamp_covers_the_signature_and_its_proof(
    service: StatusService, revocations: Revocations, noon: datetime
) -> None:
    """Reckoned again from the clauses: content type, digest of the content, the signer's fields, the index."""
    pki, clock = service.pki, service.pki.timestamper()
    signed = cades.sign(CONTENT, pki.bob, at=noon, level=Level.LTA, timestamper=clock, revocations=revocations)
    message, [token] = SignedData.parse(signed), archives(signed)
    [index] = SignedData.parse(token).signer_infos[0].unsigned_values(ARCHIVE_INDEX)
    signer = message.signer_infos[0]
    covered = b"".join((asn1.oid("1.2.840.113549.1.7.1"), Digest.of(CONTENT).value, *signer.signed_fields, index))
    assert timestamps.verify(token, Digest.of(covered), trusted=pki.trusted).time == noon
    for each in (*message.certificate_choices, *message.revocation_choices):
        assert Digest.of(each).value in index


def test_an_archive_time_stamp_is_renewed_when_everything_under_it_has_expired(
    service: StatusService, noon: datetime
) -> None:
    """Two years on: the short-term certificate is long over, the answers are old; the newest time-stamp holds."""
    pki = service.pki
    arguments = {"timestamper": pki.timestamper(), "revocations": Revocations(pki.trusted)}
    signed = cades.sign(CONTENT, pki.bob, at=noon, level=Level.LTA, **arguments)
    pki.at = noon + timedelta(days=730)
    arguments = {"timestamper": pki.timestamper(), "revocations": Revocations(pki.trusted)}
    renewed = cades.extend(signed, Level.LTA, at=pki.at, **arguments)
    assert set(archives(signed)) < set(archives(renewed))
    assert carried(renewed) > carried(signed)
    [found] = cades.read(renewed)
    assert (found.level, found.timestamped_at) == (Level.LTA, noon)


def test_a_revoked_signer_does_not_sign(service: StatusService, revocations: Revocations, noon: datetime) -> None:
    pki = service.pki
    pki.revoke(pki.seal.certificate)
    with pytest.raises(Revoked):
        cades.sign(CONTENT, pki.seal, at=noon, level=Level.LT, timestamper=pki.timestamper(), revocations=revocations)


def test_the_content_is_needed_only_where_its_digest_does_not_stand_there(
    service: StatusService, revocations: Revocations, noon: datetime
) -> None:
    pki = service.pki
    arguments = {"timestamper": pki.timestamper(), "revocations": revocations, "at": noon}
    assert cades.extend(cades.sign(CONTENT, pki.bob, at=noon), Level.LTA, **arguments)
    by_another = cades.sign(CONTENT, pki.issuing, at=noon)  # SHA-384
    with pytest.raises(InputError, match="needs what it signs"):
        cades.extend(by_another, Level.LTA, **arguments)
    with pytest.raises(DigestMismatch):
        cades.extend(by_another, Level.LTA, content=b"Another lease.", **arguments)
    assert cades.extend(by_another, Level.LTA, content=CONTENT, **arguments)


def test_what_cannot_be_extended_is_refused(
    service: StatusService, revocations: Revocations, noon: datetime, judge: Callable[..., str]
) -> None:
    pki, clock = service.pki, service.pki.timestamper()
    signed = cades.sign(CONTENT, pki.bob, at=noon)
    with pytest.raises(InputError, match="time-stamp authority"):
        cades.extend(signed, Level.T, at=noon)
    with pytest.raises(InputError, match="trusted"):
        cades.extend(signed, Level.LT, timestamper=clock, at=noon)
    with pytest.raises(InputError, match="are extended to"):
        cades.extend(signed, Level.B, at=noon)
    message = SignedData.parse(signed)
    old = message.signer_infos[0].adding(asn1.oid("1.2.840.113549.1.9.16.2.48"), asn1.sequence())
    with pytest.raises(InputError, match="older kind"):
        cades.extend(message.with_signer(0, old).to_der(), Level.T, timestamper=clock, at=noon)
