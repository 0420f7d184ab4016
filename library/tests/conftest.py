"""One hierarchy for all tests that need one, at noon, and OpenSSL as the judge."""

import shutil
import subprocess
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from paraph.certs import Revocations, TrustStore
from paraph_testing.pki import Pki
from paraph_testing.status import StatusService

NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
Openssl = Callable[..., subprocess.CompletedProcess[str]]
Pem = Callable[..., Path]


@pytest.fixture(scope="session")
def noon() -> datetime:
    return NOON


@pytest.fixture(scope="session")
def pki() -> Pki:
    return Pki(NOON)


@pytest.fixture(scope="session")
def trusted(pki: Pki) -> TrustStore:
    return pki.trusted


@pytest.fixture
def service(noon: datetime) -> Iterator[StatusService]:
    """A hierarchy whose lists, responder and time-stamps can be asked over HTTP."""
    with StatusService(noon) as running:
        yield running


@pytest.fixture
def revocations(service: StatusService) -> Revocations:
    return Revocations(service.pki.trusted)


@pytest.fixture
def pem(tmp_path: Path) -> Pem:
    """Write certificates to a PEM file of this name."""

    def write(name: str, *certificates: x509.Certificate) -> Path:
        path = tmp_path / name
        path.write_bytes(b"".join(each.public_bytes(Encoding.PEM) for each in certificates))
        return path

    return write


@pytest.fixture
def openssl() -> Openssl:
    """Run OpenSSL; its answer is the verdict."""
    if not shutil.which("openssl"):
        pytest.skip("openssl is not installed")

    def run(*arguments: object) -> subprocess.CompletedProcess[str]:
        return subprocess.run(["openssl", *map(str, arguments)], capture_output=True, text=True, check=False)

    return run
