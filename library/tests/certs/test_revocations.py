"""What certificates' issuers say of them, asked for over HTTP."""

from datetime import datetime, timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import Encoding
from paraph.certs import Revocations, TrustStore, ValidationData
from paraph.certs.revocation import NoStatus
from paraph.certs.status import Unusable, by_list
from paraph.errors import NoPath, Revoked, Unavailable
from paraph.keys.file import FileSigner
from paraph_testing.pki import Pki
from paraph_testing.status import StatusService


def der(*signers: FileSigner) -> tuple[bytes, ...]:
    return tuple(each.certificate.public_bytes(Encoding.DER) for each in signers)


def test_a_seal_is_proven_by_a_response_and_a_list(service: StatusService, noon: datetime) -> None:
    pki = service.pki
    found = Revocations(pki.trusted, intermediates=pki.seal.chain).collect(pki.seal.certificate, at=noon)
    assert (len(found.ocsps), len(found.crls)) == (1, 1)
    assert found.certificates == der(pki.seal, pki.issuing, pki.responder)
    assert service.asked == ["POST /ocsp", "GET /crl/root.crl"]


def test_a_short_term_certificate_needs_no_status_of_its_own(service: StatusService, noon: datetime) -> None:
    pki = service.pki
    found = Revocations(pki.trusted, intermediates=pki.bob.chain).collect(pki.bob.certificate, at=noon)
    assert (len(found.ocsps), len(found.crls)) == (0, 1)
    assert service.asked == ["GET /crl/root.crl"]


def test_thousands_of_documents_ask_once(service: StatusService, noon: datetime) -> None:
    pki = service.pki
    revocations = Revocations(pki.trusted, intermediates=pki.seal.chain)
    first = revocations.collect(pki.seal.certificate, at=noon)
    for minute in range(50):
        assert revocations.collect(pki.seal.certificate, at=noon + timedelta(minutes=minute)) == first
    assert len(service.asked) == 2


def test_what_has_run_out_is_asked_for_again(service: StatusService, noon: datetime) -> None:
    """The service's clock stands still: two days later its response is too old, its list still holds."""
    pki = service.pki
    revocations = Revocations(pki.trusted, intermediates=pki.seal.chain)
    revocations.collect(pki.seal.certificate, at=noon)
    later = revocations.collect(pki.seal.certificate, at=noon + timedelta(days=2))
    assert (len(later.ocsps), len(later.crls)) == (0, 2)
    assert service.asked == ["POST /ocsp", "GET /crl/root.crl", "POST /ocsp", "GET /crl/issuing.crl"]


def test_a_dead_responder_is_replaced_by_the_list(service: StatusService, noon: datetime) -> None:
    pki = service.pki
    service.broken.add("/ocsp")
    found = Revocations(pki.trusted, intermediates=pki.seal.chain).collect(pki.seal.certificate, at=noon)
    assert (len(found.ocsps), len(found.crls)) == (0, 2)
    assert service.asked[:3] == ["POST /ocsp", "POST /ocsp", "GET /crl/issuing.crl"]


def test_when_nobody_answers_it_says_who_and_why(service: StatusService, noon: datetime) -> None:
    pki = service.pki
    service.broken |= {"/ocsp", "/crl/issuing.crl"}
    with pytest.raises(Unavailable, match=r"Seal of Atelier Marchand.*503.*503"):
        Revocations(pki.trusted, intermediates=pki.seal.chain).collect(pki.seal.certificate, at=noon)


@pytest.mark.parametrize("dead", [set(), {"/ocsp"}], ids=["by the responder", "by the list"])
def test_a_revoked_certificate_is_refused(service: StatusService, noon: datetime, dead: set[str]) -> None:
    pki = service.pki
    service.broken |= dead
    pki.revoke(pki.seal.certificate)
    with pytest.raises(Revoked, match=r"Seal of Atelier Marchand.*since 2026-11-23 12:00 UTC \(keyCompromise\)"):
        Revocations(pki.trusted, intermediates=pki.seal.chain).collect(pki.seal.certificate, at=noon)


def test_missing_issuers_are_fetched(service: StatusService, noon: datetime) -> None:
    pki = service.pki
    found = Revocations(pki.trusted).collect(pki.bob.certificate, at=noon)
    assert found.certificates == der(pki.bob, pki.issuing)
    assert "GET /ca/issuing.cer" in service.asked


def test_what_stands_in_the_document_is_not_asked_for_again(service: StatusService, noon: datetime) -> None:
    pki = service.pki
    known = Revocations(pki.trusted, intermediates=pki.seal.chain).collect(pki.seal.certificate, at=noon)
    service.asked.clear()
    again = Revocations(pki.trusted, intermediates=pki.seal.chain)
    assert again.collect(pki.seal.certificate, at=noon, known=known) == known
    assert service.asked == []


def test_a_stranger_leads_to_no_root(service: StatusService, noon: datetime) -> None:
    pki = service.pki
    with pytest.raises(NoPath):
        Revocations(pki.trusted, intermediates=pki.mallory.chain).collect(pki.mallory.certificate, at=noon)


def test_answers_of_another_hierarchy_prove_nothing(service: StatusService, noon: datetime) -> None:
    """Mallory's responder and lists look the same and are signed by others."""
    pki, impostor = service.pki, Pki(noon, address=service.pki.address)
    certificate, chain, trusted = pki.seal.certificate, pki.seal.chain, pki.trusted
    service.pki = impostor
    with pytest.raises(Unavailable, match="not the issuer’s"):
        Revocations(trusted, intermediates=chain).collect(certificate, at=noon)


def test_a_certificate_that_says_nowhere_to_ask_is_refused(pki: Pki, noon: datetime) -> None:
    silent = (
        x509.CertificateBuilder(pki.issuing.certificate.subject, pki.seal.certificate.subject)
        .public_key(pki.seal.certificate.public_key())
        .serial_number(1)
        .not_valid_before(noon - timedelta(days=1))
        .not_valid_after(noon + timedelta(days=1))
        .sign(pki.issuing._key, hashes.SHA384())
    )
    with pytest.raises(NoStatus, match="does not say where"):
        Revocations(TrustStore((pki.issuing.certificate,))).collect(silent, at=noon)


def test_what_was_revoked_later_was_good_before(service: StatusService, noon: datetime) -> None:
    """A signature with a time-stamp outlives the revocation of its key."""
    pki = service.pki
    pki.revoke(pki.seal.certificate, at=noon + timedelta(hours=1))
    pki.at = noon + timedelta(hours=2)
    revocations = Revocations(pki.trusted, intermediates=pki.seal.chain)
    assert revocations.collect(pki.seal.certificate, at=noon, now=pki.at).ocsps
    with pytest.raises(Revoked):
        Revocations(pki.trusted, intermediates=pki.seal.chain).collect(pki.seal.certificate, at=pki.at)


def test_an_expired_certificate_is_proven_by_who_does_not_forget(service: StatusService, noon: datetime) -> None:
    pki = service.pki
    certificate, chain = pki.seal.certificate, pki.seal.chain
    pki.at = certificate.not_valid_after_utc + timedelta(days=1)
    revocations = Revocations(pki.trusted, intermediates=chain)
    assert revocations.collect(certificate, at=noon, now=pki.at).ocsps
    with pytest.raises(NoPath):
        revocations.collect(certificate, at=pki.at)


def test_an_expired_certificate_is_not_proven_by_who_may_have_forgotten(pki: Pki, noon: datetime) -> None:
    """A list without `expiredCertsOnCRL`."""
    issuer = pki.issuing.certificate
    later = pki.seal.certificate.not_valid_after_utc + timedelta(days=1)
    builder = x509.CertificateRevocationListBuilder(issuer.subject, later, later + timedelta(days=1))
    forgetful = builder.sign(pki.issuing._key, hashes.SHA384()).public_bytes(Encoding.DER)
    with pytest.raises(Unusable, match="may have forgotten"):
        by_list(forgetful, pki.seal.certificate, issuer, at=noon, now=later)


def test_offline_only_what_came_along_counts(service: StatusService, noon: datetime) -> None:
    pki = service.pki
    revocations = Revocations(pki.trusted, intermediates=pki.seal.chain)
    known = revocations.collect(pki.seal.certificate, at=noon)
    service.asked.clear()
    assert revocations.offline().collect(pki.seal.certificate, at=noon, known=known) == known
    with pytest.raises(Unavailable):
        revocations.offline().collect(pki.seal.certificate, at=noon)
    assert service.asked == []


def test_data_are_joined_without_doubles() -> None:
    one, other = ValidationData((b"a",), (b"c",)), ValidationData((b"b", b"a"), (), (b"o",))
    assert one | other == ValidationData((b"a", b"b"), (b"c",), (b"o",))
    assert (one | other) - one == ValidationData((b"b",), (), (b"o",))
    assert not one - one
