"""B-LT and B-LTA: what proves a signature comes along, and is itself kept provable (EN 319 132-1 §5.4, §5.5)."""

from datetime import datetime, timedelta

import pytest
from paraph import timestamps, xades
from paraph.algorithms import Digest
from paraph.certs import Revocations
from paraph.errors import InputError, Revoked
from paraph.formats import xml
from paraph.signatures import Level
from paraph.xades.signed import ARCHIVE_TIMESTAMP, encapsulated, signatures
from paraph_testing.status import StatusService


def carried(signed: bytes) -> tuple[int, int, int]:
    """How many certificates, lists and responses a signature holds."""
    data = signatures(xml.parse(signed))[0].validation_data
    return len(data.certificates), len(data.crls), len(data.ocsps)


def test_what_proves_a_seal_is_carried_once(
    service: StatusService, revocations: Revocations, noon: datetime, order: bytes
) -> None:
    pki, clock = service.pki, service.pki.timestamper()
    signed = xades.sign(order, pki.seal, at=noon, level=Level.LT, timestamper=clock, revocations=revocations)
    assert carried(signed) == (5, 1, 2)  # the seal, both authorities, the unit, the responder; a list; two responses
    service.asked.clear()
    later = noon + timedelta(minutes=5)
    assert xades.extend(signed, Level.LT, revocations=Revocations(pki.trusted), at=later) == signed
    assert xades.extend(signed, Level.T, at=noon) == signed
    assert service.asked == []


def test_an_archive_time_stamp_covers_the_signature_and_its_proof(
    service: StatusService, revocations: Revocations, noon: datetime, order: bytes
) -> None:
    """Reckoned again from the clause: what is signed, the signature, the properties before, objects without them."""
    pki, clock = service.pki, service.pki.timestamper()
    signed = xades.sign(order, pki.bob, at=noon, level=Level.LTA, timestamper=clock, revocations=revocations)
    [one] = signatures(xml.parse(signed))
    [stamp] = one.stamps(ARCHIVE_TIMESTAMP)
    signed_properties = one.element.find(".//{*}SignedProperties")
    assert signed_properties is not None
    parts = [one.one("ds:SignedInfo"), one.value, one.one("ds:KeyInfo"), *one.properties[:-1]]
    unsigned = xml.canonical(xml.parse(order), whole=True)
    covered = b"".join((unsigned, *map(xml.canonical, [signed_properties, *parts])))
    assert timestamps.verify(encapsulated(stamp), Digest.of(covered), trusted=pki.trusted).time == noon


def test_an_archive_time_stamp_is_renewed_when_everything_under_it_has_expired(
    service: StatusService, noon: datetime, order: bytes
) -> None:
    """Two years on: the short-term certificate is long over, the answers are old; the newest time-stamp holds."""
    pki = service.pki
    asked = {"timestamper": pki.timestamper(), "revocations": Revocations(pki.trusted)}
    signed = xades.sign(order, pki.bob, at=noon, level=Level.LTA, **asked)
    late = service.pki.at = noon + timedelta(days=300)
    pki.renew_timestamping_unit()
    again = xades.extend(
        signed, Level.LTA, timestamper=pki.timestamper(late), revocations=Revocations(pki.trusted), at=late
    )
    times = [timestamps.read(each).time for each in signatures(xml.parse(again))[0].tokens(ARCHIVE_TIMESTAMP)]
    assert times == [noon, late]
    assert xml.parse(again).findall(".//{*}TimeStampValidationData")


def test_a_certificate_that_was_revoked_before_is_not_extended(
    service: StatusService, revocations: Revocations, noon: datetime, order: bytes
) -> None:
    pki = service.pki
    signed = xades.sign(order, pki.seal, at=noon, level=Level.T, timestamper=pki.timestamper())
    pki.revoke(pki.seal.certificate, noon - timedelta(hours=1))
    with pytest.raises(Revoked):
        xades.extend(signed, Level.LT, revocations=revocations, at=noon)


def test_a_detached_signature_is_archived_with_what_it_signs(
    service: StatusService, revocations: Revocations, noon: datetime
) -> None:
    pki = service.pki
    asked = {"at": noon, "timestamper": pki.timestamper(), "revocations": revocations}
    signed = xades.sign({"lease.txt": b"The lease."}, pki.bob, level=Level.LT, **asked)
    with pytest.raises(InputError, match=r"lease\.txt"):
        xades.extend(signed, Level.LTA, **asked)
    archived = xades.extend(signed, Level.LTA, contents={"lease.txt": b"The lease."}, **asked)
    assert xades.read(archived)[0].level is Level.LTA


def test_what_is_missing_is_said(service: StatusService, noon: datetime, order: bytes) -> None:
    signed = xades.sign(order, service.pki.bob, at=noon)
    with pytest.raises(InputError, match="time-stamp authority"):
        xades.extend(signed, Level.T, at=noon)
    with pytest.raises(InputError, match="trusted"):
        xades.extend(signed, Level.LT, timestamper=service.pki.timestamper(), at=noon)
    with pytest.raises(InputError, match="extended to level"):
        xades.extend(signed, Level.B, at=noon)
    with pytest.raises(InputError, match="no signature"):
        xades.extend(order, Level.T, timestamper=service.pki.timestamper(), at=noon)
