"""A later ceremony adds seals and successors; what was made before goes on proving."""

import re
import subprocess
from base64 import b64decode, b64encode
from collections.abc import Iterator
from pathlib import Path

import pytest
from conftest import PASSPHRASE, Database
from cryptography import x509
from live import CEREMONY, Service, free_port
from paraph import timestamps
from paraph.algorithms import Digest
from paraph.certs import TrustStore
from paraph_trust.ceremony.plan import Supplement, read
from paraph_trust.errors import InvalidRequest

SUPPLEMENT = CEREMONY.with_name("supplement.toml")
NEW_AUTHORITY = """
title = "A second issuing authority"
officer = "Carol"
witnesses = ["Alice"]
[issuing]
name = "Paraph Issuing CA 2"
key = "P-384"
days = 3650
[ocsp]
name = "Paraph OCSP Responder of CA 2"
key = "P-256"
days = 365
"""
DIGEST = Digest.of(b"The lease")


@pytest.fixture(scope="module")
def other(tmp_path_factory: pytest.TempPathFactory, database: Database) -> Iterator[Service]:
    """A service that answers while its authority grows."""
    folder = tmp_path_factory.mktemp("growing")
    (folder / "passphrase").write_text(PASSPHRASE)
    service = Service(folder, database(), free_port())
    assert service.run("ceremony", str(CEREMONY)).returncode == 0
    service.admit("server")
    service.start()
    yield service
    service.stop()


@pytest.fixture(scope="module")
def old_token(other: Service) -> bytes:
    return stamped(other)


@pytest.fixture(scope="module")
def supplemented(other: Service, old_token: bytes) -> Service:
    done = other.run("ceremony", str(SUPPLEMENT))
    assert done.returncode == 0, done.stderr
    assert "ceremony-2.md" in done.stdout
    return other


def certificate(service: Service, name: str) -> x509.Certificate:
    return x509.load_pem_x509_certificate((service.folder / f"keys/certificates/{name}.pem").read_bytes())


def stamped(service: Service) -> bytes:
    body = {"hash": b64encode(DIGEST.value).decode(), "hashAlgorithmOID": DIGEST.algorithm.oid}
    status, answer = service.post("signatures/timestamp", body)
    assert status == 200, answer
    return b64decode(answer["timestamp"])


def unit(service: Service, token: bytes) -> x509.Certificate:
    trusted = TrustStore((certificate(service, "root"),))
    return timestamps.verify(token, DIGEST, trusted=trusted).certificate


def test_the_new_unit_signs_without_a_restart_and_old_tokens_stay_good(supplemented: Service, old_token: bytes) -> None:
    assert unit(supplemented, old_token) == certificate(supplemented, "timestamping")
    assert unit(supplemented, stamped(supplemented)) == certificate(supplemented, "timestamping-2")


def test_the_new_units_key_is_retired_before_its_certificate_ends(supplemented: Service) -> None:
    made = certificate(supplemented, "timestamping-2")
    period = made.extensions.get_extension_for_class(x509.PrivateKeyUsagePeriod).value
    assert period.not_after
    assert (period.not_after - period.not_before).days == 365
    assert (made.not_valid_after_utc - made.not_valid_before_utc).days == 1825


def test_the_old_unit_still_signs_at_its_own_address(supplemented: Service, tmp_path: Path) -> None:
    (tmp_path / "query").write_bytes(timestamps.request(DIGEST, nonce=1))
    answers = {}
    for name in ("timestamping", "timestamping-2", "timestamping-3"):
        command = ["curl", "-s", "-H", "Content-Type: application/timestamp-query"]
        command += ["--data-binary", f"@{tmp_path}/query", f"{supplemented.url}/tsa/{name}"]
        answers[name] = subprocess.run(command, capture_output=True, check=True).stdout
    for name in ("timestamping", "timestamping-2"):
        token = timestamps.token_of(answers[name], timestamps.request(DIGEST, nonce=1))
        assert unit(supplemented, token) == certificate(supplemented, name)
    assert b"temporarily_unavailable" in answers["timestamping-3"]


@pytest.mark.parametrize("name", ["seal-demo", "seal-atelier", "timestamping", "timestamping-2"])
def test_the_new_responder_answers_for_old_and_new(supplemented: Service, name: str) -> None:
    said = status_of(supplemented, name)
    assert f"{name}.pem: good" in said.stdout
    assert "Paraph OCSP Responder 2 DEMO" in said.stdout
    assert "Response verify OK" in said.stderr


def status_of(service: Service, name: str, issuer: str = "issuing") -> subprocess.CompletedProcess[str]:
    folder = service.folder / "keys/certificates"
    command = ["openssl", "ocsp", "-url", f"{service.url}/ocsp", "-CAfile", str(folder / "root.pem"), "-text"]
    command += ["-issuer", str(folder / f"{issuer}.pem"), "-cert", str(folder / f"{name}.pem")]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_the_new_seal_is_its_clients(supplemented: Service) -> None:
    assert supplemented.post("credentials/list", {})[1] == {"credentialIDs": ["seal-atelier", "seal-demo"]}
    (name,) = certificate(supplemented, "seal-atelier").subject.get_attributes_for_oid(x509.NameOID.COMMON_NAME)
    assert name.value == "Seal of Atelier Marchand DEMO"


def test_the_report_tells_of_the_new_ones_only(supplemented: Service) -> None:
    report = (supplemented.folder / "keys/ceremony-2.md").read_text()
    assert re.findall(r"^## (\S+)", report, re.MULTILINE)[:-1] == ["timestamping-2", "seal-atelier", "ocsp-2"]
    assert "supplement to the ceremony of" in report
    assert "demonstration: yes" in report


def test_a_second_time_it_says_that_it_is_done(supplemented: Service) -> None:
    again = supplemented.run("ceremony", str(SUPPLEMENT))
    assert "was performed on" in again.stdout
    assert not (supplemented.folder / "keys/private/timestamping-3.pem").exists()


def test_a_seal_is_not_made_twice(supplemented: Service, tmp_path: Path) -> None:
    (tmp_path / "again.toml").write_text(SUPPLEMENT.read_text().replace("Supplement:", "Again:"))
    refused = supplemented.run("ceremony", str(tmp_path / "again.toml"))
    assert refused.returncode == 2
    assert "There is a seal seal-atelier already" in refused.stderr


def test_a_new_issuing_authority_has_its_own_lists_and_responder(supplemented: Service, tmp_path: Path) -> None:
    (tmp_path / "authority.toml").write_text(NEW_AUTHORITY)
    done = supplemented.run("ceremony", str(tmp_path / "authority.toml"))
    assert done.returncode == 0, done.stderr
    subject = {"givenName": "Bob", "surname": "Durand", "country": "FR", "serialNumber": "IDCFR-1"}
    status, answer = supplemented.post(
        "credentials/issue", {"requestID": "after", "subject": subject, "validity": 3600}
    )
    assert status == 200
    assert len(answer["cert"]["certificates"]) == 3
    assert supplemented.get("/crl/issuing-2.crl") != supplemented.get("/crl/issuing.crl")
    assert "Paraph OCSP Responder of CA 2 DEMO" in status_of(supplemented, "ocsp-3", "issuing-2").stdout
    assert "seal-demo.pem: good" in status_of(supplemented, "seal-demo").stdout


def test_a_key_that_is_used_cannot_be_retired(supplemented: Service) -> None:
    for name, why in {"timestamping-2": "is in use", "seal-demo": "is in use", "issuing": "revocation list"}.items():
        refused = supplemented.run("retire", name)
        assert refused.returncode == 2
        assert why in refused.stderr


def test_the_predecessors_key_can_be_destroyed(supplemented: Service, old_token: bytes) -> None:
    key = supplemented.folder / "keys/private/timestamping.pem"
    assert key.exists()
    assert supplemented.run("retire", "timestamping").returncode == 0
    assert not key.exists()
    assert supplemented.answers()
    assert unit(supplemented, stamped(supplemented)) == certificate(supplemented, "timestamping-2")
    assert unit(supplemented, old_token) == certificate(supplemented, "timestamping")
    assert "not on this host" in supplemented.run("retire", "timestamping").stderr


def test_it_comes_after_the_first(tmp_path: Path, database: Database) -> None:
    (tmp_path / "passphrase").write_text(PASSPHRASE)
    refused = Service(tmp_path, database(), 1).run("ceremony", str(SUPPLEMENT))
    assert refused.returncode == 2
    assert "The first ceremony comes first" in refused.stderr


@pytest.mark.parametrize(
    ("old", "new", "why"),
    [
        ("[ocsp]", "[issuing]", "a new issuing authority needs"),
        ("signs_days = 365", "signs_days = 3650", "sign for longer"),
        ("title =", "demo = true\ntitle =", "demo"),
    ],
)
def test_one_that_does_not_fit_is_refused(old: str, new: str, why: str) -> None:
    text = SUPPLEMENT.read_text()
    assert isinstance(read(text), Supplement)
    with pytest.raises(InvalidRequest, match=why):
        read(text.replace(old, new, 1))


def test_one_that_makes_nothing_is_refused() -> None:
    with pytest.raises(InvalidRequest, match="makes nothing"):
        read('title = "Nothing"\nofficer = "Carol"\nwitnesses = []\n')
