"""A revoked certificate is revoked everywhere at once."""

import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from conftest import PASSPHRASE, Database
from live import CEREMONY, Service, free_port


@pytest.fixture(scope="module")
def other(tmp_path_factory: pytest.TempPathFactory, database: Database) -> Iterator[Service]:
    """A second installation, whose seal is going to be revoked."""
    folder = tmp_path_factory.mktemp("other")
    (folder / "passphrase").write_text(PASSPHRASE)
    service = Service(folder, database(), free_port())
    assert service.run("ceremony", str(CEREMONY)).returncode == 0
    service.admit("server")
    service.start()
    yield service
    service.stop()


def serial(service: Service, name: str) -> str:
    command = ["openssl", "x509", "-noout", "-serial", "-in", str(service.folder / "keys/certificates" / f"{name}.pem")]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip().partition("=")[2]


def test_lists_ocsp_and_the_signing_unit_all_know(other: Service, tmp_path: Path) -> None:
    before = other.get("/crl/issuing.crl")
    number = serial(other, "seal-demo")
    assert other.run("revoke", number, "--reason", "keyCompromise").returncode == 0

    after = other.get("/crl/issuing.crl")
    assert after != before
    (tmp_path / "crl").write_bytes(after)
    command = ["openssl", "crl", "-inform", "DER", "-in", str(tmp_path / "crl"), "-noout", "-text"]
    text = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    assert number in text
    assert "Key Compromise" in text

    certificates = other.folder / "keys/certificates"
    command = ["openssl", "ocsp", "-url", f"{other.url}/ocsp", "-CAfile", str(certificates / "root.pem")]
    command += ["-issuer", str(certificates / "issuing.pem"), "-cert", str(certificates / "seal-demo.pem")]
    assert "seal-demo.pem: revoked" in subprocess.run(command, capture_output=True, text=True, check=True).stdout

    digest = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="
    request = {"credentialID": "seal-demo", "numSignatures": 1, "hashes": [digest]}
    status, answer = other.post("credentials/authorize", request | {"hashAlgorithmOID": "2.16.840.1.101.3.4.2.1"})
    assert status == 400
    assert "revoked" in answer["error_description"]
    assert other.post("credentials/list", {}) == (200, {"credentialIDs": []})
    assert other.post("credentials/info", {"credentialID": "seal-demo"})[1]["cert"]["status"] == "revoked"


def test_it_is_revoked_once(other: Service) -> None:
    assert other.run("revoke", serial(other, "timestamping"), "--reason", "superseded").returncode == 0
    again = other.run("revoke", serial(other, "timestamping"), "--reason", "superseded")
    assert again.returncode == 2
    assert "was revoked on" in again.stderr


@pytest.mark.parametrize("number", ["1234", "root", ""])
def test_what_was_not_issued_cannot_be_revoked(other: Service, number: str) -> None:
    assert other.run("revoke", number, "--reason", "superseded").returncode == 2


def test_the_root_cannot_be_revoked_by_itself(other: Service) -> None:
    assert other.run("revoke", serial(other, "root"), "--reason", "superseded").returncode == 2
