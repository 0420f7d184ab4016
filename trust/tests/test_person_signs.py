"""A key in Bob's name is born, signs what was authorised, and dies; asked again, the service gives the same answer."""

import subprocess
import uuid
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psycopg
import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, EllipticCurvePublicKey
from cryptography.hazmat.primitives.asymmetric.utils import Prehashed
from cryptography.hazmat.primitives.serialization import Encoding
from live import Service
from paraph.algorithms import Digest
from paraph.errors import Refused
from paraph.keys.csc import Credential, CscService
from paraph.pki import PersonSubject

BOB = PersonSubject("Bob", "Durand", "FR", "IDCFR-880692310285", "bob@example.org")
HOURS = timedelta(hours=2)
LEASE, ANNEX = Digest.of(b"The lease"), Digest.of(b"The annex")


@dataclass
class Signing:
    """Bob's credential, and the service seen by the client that asked for it."""

    service: CscService
    credential: Credential


@pytest.fixture
def csc(service: Service) -> CscService:
    return CscService(service.url, service.tokens["server"])


@pytest.fixture
def bobs(csc: CscService) -> Signing:
    return Signing(csc, csc.issue(uuid.uuid4().hex, BOB, level="advanced", validity=HOURS))


def verify(certificate: x509.Certificate, signature: bytes, digest: Digest) -> None:
    key = certificate.public_key()
    assert isinstance(key, EllipticCurvePublicKey)
    key.verify(signature, digest.value, ECDSA(Prehashed(digest.algorithm.primitive)))


def test_the_certificate_names_bob_for_hours(bobs: Signing) -> None:
    names = bobs.credential.certificate.subject.rfc4514_string()
    assert "Bob" in names
    assert "Durand" in names
    now = datetime.now(UTC)
    assert now < bobs.credential.expires <= now + HOURS
    assert bobs.credential.certificate.not_valid_after_utc == bobs.credential.expires


@pytest.mark.parametrize(("level", "policies"), [("simple", ["1", "1.1"]), ("advanced", ["1", "1.2"]), ("", ["1"])])
def test_the_policies_say_for_which_level_they_were_identified(
    csc: CscService, level: str, policies: list[str]
) -> None:
    made = csc.issue(uuid.uuid4().hex, BOB, level=level, validity=HOURS).certificate
    found = made.extensions.get_extension_for_class(x509.CertificatePolicies).value
    arc = "1.3.6.1.4.1.32473.1."
    assert [each.policy_identifier.dotted_string for each in found] == [arc + each for each in policies]


def test_openssl_follows_the_chain_and_finds_the_marks_of_a_short_life(
    service: Service, bobs: Signing, tmp_path: Path
) -> None:
    certificates = service.folder / "keys" / "certificates"
    (tmp_path / "bob.pem").write_bytes(bobs.credential.certificate.public_bytes(Encoding.PEM))
    command = ["openssl", "verify", "-x509_strict", "-CAfile", certificates / "root.pem"]
    command += ["-untrusted", certificates / "issuing.pem", tmp_path / "bob.pem"]
    assert subprocess.run(command, capture_output=True, text=True, check=True).stdout.endswith("OK\n")
    command = ["openssl", "x509", "-noout", "-text", "-in", tmp_path / "bob.pem"]
    text = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    for mark in ("0.4.0.194121.2.1", "Non Repudiation", "Policy: 1.3.6.1.4.1.32473.1.1", "CA Issuers"):
        assert mark in text
    assert "CRL Distribution" not in text


def test_one_authorisation_signs_many_digests(bobs: Signing) -> None:
    signatures = bobs.service.sign(bobs.credential.id, [LEASE, ANNEX])
    for signature, digest in zip(signatures, [LEASE, ANNEX], strict=True):
        verify(bobs.credential.certificate, signature, digest)


def test_the_same_request_again_gets_the_same_signatures(bobs: Signing) -> None:
    first = bobs.service.sign(bobs.credential.id, [LEASE])
    assert bobs.service.sign(bobs.credential.id, [LEASE]) == first


@pytest.mark.parametrize("others", [[ANNEX], [LEASE, ANNEX], [LEASE, LEASE]])
def test_the_key_never_signs_anything_else(bobs: Signing, others: list[Digest]) -> None:
    bobs.service.sign(bobs.credential.id, [LEASE])
    with pytest.raises(Refused, match="destroyed"):
        bobs.service.sign(bobs.credential.id, others)


def test_the_key_is_gone_from_the_database(service: Service, bobs: Signing) -> None:
    query = "SELECT wrapped_key FROM signing_credential WHERE id = %s"
    with psycopg.connect(service.database_url, autocommit=True) as database:
        assert database.execute(query, [bobs.credential.id]).fetchone() != (None,)
        bobs.service.sign(bobs.credential.id, [LEASE])
        assert database.execute(query, [bobs.credential.id]).fetchone() == (None,)


def test_the_same_issue_request_gets_the_same_certificate(csc: CscService) -> None:
    request = uuid.uuid4().hex
    assert csc.issue(request, BOB, level="advanced", validity=HOURS) == csc.issue(
        request, BOB, level="advanced", validity=HOURS
    )


def test_one_identifier_is_not_for_two_people(csc: CscService) -> None:
    request = uuid.uuid4().hex
    csc.issue(request, BOB, level="advanced", validity=HOURS)
    with pytest.raises(Refused, match="requestID"):
        csc.issue(request, PersonSubject("Carol", "Łukasiewicz", "FR", "IDCFR-2"), level="advanced", validity=HOURS)


def test_mallory_cannot_use_bobs_key(service: Service, bobs: Signing) -> None:
    mallory = CscService(service.url, service.tokens["mallory"])
    with pytest.raises(Refused, match="credentialID"):
        mallory.sign(bobs.credential.id, [LEASE])
    with pytest.raises(Refused, match="credentialID"):
        mallory.credential(bobs.credential.id)


def test_bobs_credential_can_be_described(bobs: Signing) -> None:
    described = bobs.service.credential(bobs.credential.id)
    assert (described.certificate, described.chain) == (bobs.credential.certificate, bobs.credential.chain)
    assert (described.algorithms, described.mode) == ((bobs.credential.algorithm.oid,), "implicit")


@pytest.mark.parametrize("validity", [timedelta(seconds=30), timedelta(days=2)])
def test_validities_are_from_a_minute_to_a_day(csc: CscService, validity: timedelta) -> None:
    with pytest.raises(Refused, match="validity"):
        csc.issue(uuid.uuid4().hex, BOB, level="advanced", validity=validity)
