"""A ceremony is performed once, as its file says, all of it or nothing."""

import re
import stat
import subprocess
from pathlib import Path

import psycopg
import pytest
from conftest import PASSPHRASE, Database
from cryptography import x509
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from cryptography.x509.oid import NameOID
from live import CEREMONY, Service, free_port
from paraph_trust.ceremony.plan import read
from paraph_trust.errors import InvalidRequest

NAMES = ["root", "issuing", "ocsp", "timestamping", "seal-demo"]


@pytest.fixture
def fresh(tmp_path: Path, database: Database) -> Service:
    """A service before its ceremony."""
    (tmp_path / "passphrase").write_text(PASSPHRASE)
    return Service(tmp_path, database(), free_port())


def perform(service: Service, text: str | None = None) -> subprocess.CompletedProcess[str]:
    file = service.folder / "ceremony.toml"
    file.write_text(text or CEREMONY.read_text())
    return service.run("ceremony", str(file))


def files(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.mark.parametrize("name", NAMES)
def test_keys_are_encrypted_and_nobody_elses(prepared: Service, name: str) -> None:
    path = prepared.folder / "keys" / "private" / f"{name}.pem"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    with pytest.raises(TypeError, match="not given"):
        load_pem_private_key(path.read_bytes(), None)
    assert load_pem_private_key(path.read_bytes(), PASSPHRASE.encode())


@pytest.mark.parametrize("name", NAMES)
def test_every_certificate_of_a_demonstration_says_so(prepared: Service, name: str) -> None:
    pem = (prepared.folder / "keys" / "certificates" / f"{name}.pem").read_bytes()
    (common_name,) = x509.load_pem_x509_certificate(pem).subject.get_attributes_for_oid(NameOID.COMMON_NAME)
    assert str(common_name.value).endswith("DEMO")


@pytest.mark.parametrize("name", NAMES)
def test_the_report_tells_key_and_fingerprint(prepared: Service, name: str) -> None:
    report = (prepared.folder / "keys" / "ceremony.md").read_text()
    (section,) = re.findall(rf"^## {name}\n(.*?)(?=^## |\Z)", report, re.MULTILINE | re.DOTALL)
    pem = prepared.folder / "keys" / "certificates" / f"{name}.pem"
    command = ["openssl", "x509", "-in", str(pem), "-noout", "-fingerprint", "-sha256"]
    stated = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    assert stated.strip().partition("=")[2].replace(":", "").lower() in section
    assert "ECDSA, secp" in section


def test_a_second_time_it_says_that_it_is_done(fresh: Service) -> None:
    assert "is done" in perform(fresh).stdout
    before = files(fresh.folder / "keys")
    again = perform(fresh)
    assert again.returncode == 0
    assert "was performed on" in again.stdout
    assert files(fresh.folder / "keys") == before


def test_another_file_changes_nothing(fresh: Service) -> None:
    perform(fresh)
    before = files(fresh.folder / "keys")
    again = perform(fresh, CEREMONY.read_text().replace("days = 365", "days = 300"))
    assert "from another file, and nothing is changed" in again.stdout
    assert files(fresh.folder / "keys") == before


def test_keys_of_another_ceremony_are_never_overwritten(fresh: Service) -> None:
    key = fresh.folder / "keys" / "private" / "root.pem"
    key.parent.mkdir(parents=True)
    key.write_text("precious")
    refused = perform(fresh)
    assert refused.returncode == 2
    assert "another ceremony" in refused.stderr
    assert key.read_text() == "precious"


def test_one_that_was_interrupted_before_the_commit_starts_again(fresh: Service) -> None:
    draft = fresh.folder / "keys" / "draft"
    draft.mkdir(parents=True)
    (draft / "root.pem").write_text("half a key")
    assert perform(fresh).returncode == 0
    assert not draft.exists()
    fresh.start()
    fresh.stop()


def test_one_that_was_interrupted_after_the_commit_is_finished(fresh: Service) -> None:
    perform(fresh)
    keys = fresh.folder / "keys"
    (keys / "private").rename(keys / "draft")
    (keys / "ceremony.md").unlink()
    assert perform(fresh).returncode == 0
    assert (keys / "ceremony.md").exists()
    fresh.start()
    fresh.stop()


def test_a_short_passphrase_is_refused_before_anything_is_made(fresh: Service) -> None:
    (fresh.folder / "passphrase").write_text("secret")
    refused = perform(fresh)
    assert refused.returncode == 3
    assert "too short" in refused.stderr
    with psycopg.connect(fresh.database_url) as connection:
        assert connection.execute("SELECT count(*) FROM authority_certificate").fetchone() == (0,)


def test_without_the_roots_key_everything_goes_on(fresh: Service) -> None:
    perform(fresh)
    (fresh.folder / "keys" / "private" / "root.pem").unlink()
    fresh.admit("server")
    fresh.start()
    try:
        assert fresh.get("/crl/root.crl")
        subject = {"givenName": "Bob", "surname": "Durand", "country": "FR", "serialNumber": "IDCFR-1"}
        assert fresh.post("credentials/issue", {"requestID": "1", "subject": subject, "validity": 3600})[0] == 200
    finally:
        fresh.stop()


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("demo = true", "demmo = true"),
        ("days = 7300", "days = 0"),
        ("days = 7300", "days = 'many'"),
        ('key = "P-384"', 'key = "RSA-1024"'),
        ('policy = "0.4.0.2023.1.1"', 'policy = "best practice"'),
        ("accuracy_ms = 1000", "accuracy_ms = 5000"),
        ('identifier = "NTRFR-000000000"', 'identifier = "000000000"'),
        ('credential = "seal-demo"', 'credential = "root"'),
        ('clients = ["server"]', "clients = []"),
        ("[root]", "[roots]"),
        ("[root]", "[root"),
    ],
)
def test_a_file_that_says_something_else_is_refused(old: str, new: str) -> None:
    text = CEREMONY.read_text()
    assert old in text
    with pytest.raises(InvalidRequest, match="ceremony file"):
        read(text.replace(old, new, 1))


def test_a_certificate_that_would_outlive_its_issuer_undoes_everything(fresh: Service) -> None:
    refused = perform(fresh, CEREMONY.read_text().replace("days = 365\n", "days = 36500\n"))
    assert refused.returncode == 2
    assert "outlive its issuer" in refused.stderr
    assert not list((fresh.folder / "keys").iterdir())
    assert perform(fresh).returncode == 0


def test_before_it_the_service_says_what_is_missing(fresh: Service) -> None:
    fresh.admit("server")
    fresh.start(healthy=False)
    try:
        subject = {"givenName": "Bob", "surname": "Durand", "country": "FR", "serialNumber": "IDCFR-1"}
        request = {"requestID": "1", "subject": subject, "validity": 3600}
        status, answer = fresh.post("credentials/issue", request)
        assert (status, answer["error"]) == (503, "temporarily_unavailable")
        assert "perform the key ceremony" in answer["error_description"]
        assert not fresh.answers()
    finally:
        fresh.stop()
