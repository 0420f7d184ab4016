"""Until when a signature is provable, and what must be done before."""

from datetime import datetime, timedelta

import pytest
from paraph import pades
from paraph.algorithms import LEGACY_ENDS
from paraph.certs import Revocations
from paraph.keys.file import FileSigner
from paraph.outlook import Outlook, outlook
from paraph.signatures import Level
from paraph_testing import pdfs
from paraph_testing.pki import Pki
from paraph_testing.status import StatusService


def ahead(pki: Pki, signer: FileSigner, level: Level) -> Outlook:
    signed = pades.sign(
        pdfs.invoice(),
        signer,
        at=pki.at,
        level=level,
        timestamper=pki.timestamper(),
        revocations=Revocations(pki.trusted),
    )
    return outlook(pades.read(signed)[0])


def test_without_a_time_stamp_until_the_certificate_ends(service: StatusService) -> None:
    pki = service.pki
    found = ahead(pki, pki.bob, Level.B)
    assert (found.until, found.then) == (pki.bob.certificate.not_valid_after_utc, Level.T)
    assert "Bob Durand" in found.because


def test_with_a_time_stamp_while_its_issuers_tell(service: StatusService) -> None:
    pki = service.pki
    unit = pki.timestamping_unit.certificate.not_valid_after_utc
    seal = pki.seal.certificate.not_valid_after_utc
    assert ahead(pki, pki.seal, Level.T).until == min(seal, unit)
    assert ahead(pki, pki.seal, Level.T).then is Level.LT


def test_nobody_is_asked_about_a_short_term_certificate(service: StatusService) -> None:
    pki = service.pki
    found = ahead(pki, pki.bob, Level.T)
    assert (found.until, found.then) == (pki.timestamping_unit.certificate.not_valid_after_utc, Level.LT)


@pytest.mark.parametrize("level", [Level.LT, Level.LTA])
def test_for_the_long_term_until_the_newest_time_stamp_ends(service: StatusService, level: Level) -> None:
    pki = service.pki
    found = ahead(pki, pki.seal, level)
    assert (found.until, found.then) == (pki.timestamping_unit.certificate.not_valid_after_utc, Level.LTA)


def test_a_further_time_stamp_prolongs_it(service: StatusService, noon: datetime) -> None:
    """By another unit, whose certificate lasts longer."""
    pki = service.pki
    signed = pades.sign(
        pdfs.invoice(),
        pki.bob,
        at=noon,
        level=Level.LTA,
        timestamper=pki.timestamper(),
        revocations=Revocations(pki.trusted),
    )
    before = outlook(pades.read(signed)[0]).until
    pki.at = noon + timedelta(days=300)
    pki.renew_timestamping_unit()
    renewed = pades.extend(
        signed, Level.LTA, timestamper=pki.timestamper(), revocations=Revocations(pki.trusted), at=pki.at
    )
    assert outlook(pades.read(renewed)[0]).until == before + timedelta(days=300)


def test_an_algorithm_may_end_before_the_certificate(service: StatusService) -> None:
    pki = service.pki
    found = ahead(pki, pki.rsa_seal, Level.B)
    assert pki.rsa_seal.certificate.not_valid_after_utc > LEGACY_ENDS
    assert found.until == LEGACY_ENDS
    assert "no longer accepted" in found.because
