"""A folder with a key, roots and documents, in which the command is run as a person would."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, Encoding, pkcs12
from paraph.cli import run
from paraph_testing import pdfs
from paraph_testing.pki import Pki
from paraph_testing.status import StatusService

PASSPHRASE = "correct horse battery staple"


@pytest.fixture(scope="session")
def today() -> Pki:
    """The command line takes the time from the clock; so does this hierarchy."""
    return Pki(datetime.now(UTC) - timedelta(minutes=1))


@pytest.fixture
def desk(today: Pki, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the command runs."""
    monkeypatch.chdir(tmp_path)
    seal = today.seal
    lock = BestAvailableEncryption(PASSPHRASE.encode())
    bundle = pkcs12.serialize_key_and_certificates(b"seal", seal._key, seal.certificate, list(seal.chain), lock)
    (tmp_path / "seal.p12").write_bytes(bundle)
    (tmp_path / "passphrase").write_text(PASSPHRASE + "\n")
    (tmp_path / "root.pem").write_bytes(today.root.certificate.public_bytes(Encoding.PEM))
    (tmp_path / "invoice.pdf").write_bytes(pdfs.invoice())
    return tmp_path


@pytest.fixture
def paraph(desk: Path, capfd: pytest.CaptureFixture[str]) -> Callable[..., tuple[int, str, str]]:
    """Run a command line; its exit code and what it said on both channels."""

    def _paraph(line: str) -> tuple[int, str, str]:
        words = line.replace("KEY", "--key seal.p12 --passphrase-file passphrase").split()
        code = run(words)
        said = capfd.readouterr()
        assert "Traceback" not in said.err
        return code, said.out, said.err

    return _paraph


@pytest.fixture
def authority(today: Pki, monkeypatch: pytest.MonkeyPatch) -> None:
    """http://tsa.example.org, without a network: the real authority behind the library's one door."""
    from paraph import fetch  # noqa: PLC0415  only these tests open it

    def post(url: str, body: bytes, *, content_type: str, headers: dict[str, str] | None = None) -> fetch.Answer:
        assert (url, content_type) == ("http://tsa.example.org", "application/timestamp-query")
        return fetch.Answer(200, "application/timestamp-reply", today.timestamp(body))

    monkeypatch.setattr(fetch, "post", post)


@pytest.fixture
def service(desk: Path) -> Iterator[StatusService]:
    """Another hierarchy on the same desk."""
    with StatusService(datetime.now(UTC) - timedelta(minutes=1)) as running:
        seal = running.pki.seal
        lock = BestAvailableEncryption((desk / "passphrase").read_bytes().strip())
        bundle = pkcs12.serialize_key_and_certificates(b"seal", seal._key, seal.certificate, list(seal.chain), lock)
        (desk / "seal.p12").write_bytes(bundle)
        (desk / "root.pem").write_bytes(running.pki.root.certificate.public_bytes(Encoding.PEM))
        yield running
