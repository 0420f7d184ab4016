"""A certificate is as good as the path that leads from it to a root."""

import secrets
from datetime import datetime, timedelta

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from paraph import certs
from paraph import pki as issuing
from paraph.certs import TrustStore
from paraph.errors import NoPath
from paraph.pki import LegalSubject, profiles
from paraph_testing.pki import Pki

HOUR = timedelta(hours=1)


@pytest.mark.parametrize("name", ["bob", "seal", "rsa_seal", "timestamping_unit", "responder"])
def test_a_path_leads_to_the_root(pki: Pki, noon: datetime, name: str) -> None:
    holder = getattr(pki, name)
    found = certs.path(holder.certificate, intermediates=holder.chain, trusted=pki.trusted, at=noon + HOUR)
    assert found == (holder.certificate, pki.issuing.certificate, pki.root.certificate)


def test_a_trusted_certificate_needs_no_path(pki: Pki, noon: datetime) -> None:
    store = TrustStore((pki.seal.certificate,))
    assert certs.path(pki.seal.certificate, intermediates=(), trusted=store, at=noon) == (pki.seal.certificate,)


def test_a_missing_link_breaks_it(pki: Pki, noon: datetime) -> None:
    with pytest.raises(NoPath):
        certs.path(pki.bob.certificate, intermediates=(), trusted=pki.trusted, at=noon + HOUR)


@pytest.mark.parametrize("late", [-HOUR, timedelta(days=1, seconds=1)], ids=["too early", "too late"])
def test_it_holds_only_while_the_certificate_does(pki: Pki, noon: datetime, late: timedelta) -> None:
    with pytest.raises(NoPath):
        certs.path(pki.bob.certificate, intermediates=pki.bob.chain, trusted=pki.trusted, at=noon + late)


def test_a_hierarchy_with_the_same_names_is_not_the_same(pki: Pki, noon: datetime) -> None:
    with pytest.raises(NoPath):
        certs.path(
            pki.mallory.certificate,
            intermediates=(*pki.mallory.chain, *pki.bob.chain),
            trusted=pki.trusted,
            at=noon + HOUR,
        )


def test_nobody_is_trusted_by_default(pki: Pki, noon: datetime) -> None:
    with pytest.raises(NoPath, match="No root"):
        certs.path(pki.bob.certificate, intermediates=pki.bob.chain, trusted=TrustStore(()), at=noon)


def test_who_is_no_authority_cannot_issue(pki: Pki, noon: datetime) -> None:
    """The holder of a seal issues a certificate to Mallory."""
    key = ec.generate_private_key(ec.SECP256R1())
    forged = issuing.issue(
        profiles.seal(),
        LegalSubject("Sauvage SA", "FR", "NTRFR-666666666"),
        key.public_key(),
        issuer=pki.seal,
        serial=1 + secrets.randbits(64),
        at=noon,
        validity=HOUR,
        crl_url="http://pki.example.org/none.crl",
    )
    chain = (pki.seal.certificate, *pki.seal.chain)
    with pytest.raises(NoPath):
        certs.path(forged, intermediates=chain, trusted=pki.trusted, at=noon + HOUR / 2)
