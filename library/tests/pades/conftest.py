"""Keys, documents of every make, and two judges that know nothing of this project: Poppler and qpdf."""

import shutil
import subprocess
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from paraph.keys.file import FileSigner
from paraph.timestamps import Timestamper
from paraph_testing import pdfs
from paraph_testing.pki import Pki

NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


@pytest.fixture(scope="session")
def noon() -> datetime:
    return NOON


@pytest.fixture(scope="session")
def hierarchy() -> Pki:
    return Pki(NOON)


@pytest.fixture(scope="session")
def bob(hierarchy: Pki) -> FileSigner:
    """Signs with P-256."""
    return hierarchy.bob


@pytest.fixture(scope="session")
def carol(hierarchy: Pki) -> FileSigner:
    return hierarchy.carol


@pytest.fixture(scope="session")
def atelier(hierarchy: Pki) -> FileSigner:
    """Seals with RSA."""
    return hierarchy.rsa_seal


@pytest.fixture(scope="session")
def clock(hierarchy: Pki) -> Timestamper:
    return hierarchy.timestamper(NOON)


@pytest.fixture(scope="session")
def invoice() -> bytes:
    return pdfs.invoice()


@pytest.fixture
def judge(tmp_path: Path) -> Callable[..., None]:
    """Fails unless Poppler finds so many valid signatures and qpdf finds no fault.

    The last one must cover the whole file, but for validation data that are `stored` behind it. Of what was `faulty`
    before, qpdf may say so.
    Poppler lists document time-stamps without looking into them.
    """
    for program in ("pdfsig", "qpdf"):
        if not shutil.which(program):
            pytest.skip(f"{program} is not installed")

    def _judge(
        document: bytes, signatures: int = 1, timestamps: int = 0, *, stored: bool = False, faulty: bool = False
    ) -> None:
        path = tmp_path / "signed.pdf"
        path.write_bytes(document)
        poppler = subprocess.run(["pdfsig", "-nocert", path], capture_output=True, text=True, check=False).stdout
        assert poppler.count("Signature Validation: Signature is Valid.") == signatures, poppler
        unsigned = poppler.count("form field is not signed")
        assert poppler.count("Signature Field Name:") - unsigned == signatures + timestamps, poppler
        assert stored or poppler.count("Total document signed") == 1, poppler
        qpdf = subprocess.run(["qpdf", "--check", path], capture_output=True, text=True, check=False)
        assert qpdf.returncode in ((0, 3) if faulty else (0,)), qpdf.stdout + qpdf.stderr

    return _judge
