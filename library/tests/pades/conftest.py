"""Keys, documents of every make, and two judges that know nothing of this project: Poppler and qpdf."""

import shutil
import subprocess
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import Prehashed
from cryptography.x509.oid import NameOID
from paraph_testing import cast, pdfs

from paraph.algorithms import Digest, SignatureAlgorithm

NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


class Pen:
    """A key with a certificate it made for itself: what a signature says is not judged here, only that it holds."""

    def __init__(self, name: str, key: ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey) -> None:
        subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
        self._key = key
        self.chain: tuple[x509.Certificate, ...] = ()
        self.algorithm = SignatureAlgorithm.for_key(key.public_key())
        self.certificate = (
            x509.CertificateBuilder(subject, subject, key.public_key(), x509.random_serial_number())
            .not_valid_before(NOON - timedelta(days=1))
            .not_valid_after(NOON + timedelta(days=3650))
            .sign(key, hashes.SHA256())
        )

    def sign(self, digest: Digest) -> bytes:
        prehashed = Prehashed(digest.algorithm.primitive)
        if isinstance(self._key, rsa.RSAPrivateKey):
            return self._key.sign(digest.value, padding.PKCS1v15(), prehashed)
        return self._key.sign(digest.value, ec.ECDSA(prehashed))


@pytest.fixture(scope="session")
def noon() -> datetime:
    return NOON


@pytest.fixture(scope="session")
def bob() -> Pen:
    return Pen(cast.BOB.name, ec.generate_private_key(ec.SECP256R1()))


@pytest.fixture(scope="session")
def carol() -> Pen:
    return Pen(cast.CAROL.name, rsa.generate_private_key(65537, 2048))


@pytest.fixture(scope="session")
def treasurer() -> Pen:
    """Signs with SHA-384."""
    return Pen("Treasurer", ec.generate_private_key(ec.SECP384R1()))


@pytest.fixture(scope="session")
def invoice() -> bytes:
    return pdfs.invoice()


@pytest.fixture
def judge(tmp_path: Path) -> Callable[..., None]:
    """Fails unless Poppler finds so many valid signatures, the last over the whole file, and qpdf finds no fault."""
    for program in ("pdfsig", "qpdf"):
        if not shutil.which(program):
            pytest.skip(f"{program} is not installed")

    def _judge(document: bytes, signatures: int = 1) -> None:
        path = tmp_path / "signed.pdf"
        path.write_bytes(document)
        poppler = subprocess.run(["pdfsig", "-nocert", path], capture_output=True, text=True, check=False).stdout
        assert poppler.count("Signature Validation: Signature is Valid.") == signatures, poppler
        assert "Total document signed" in poppler.rpartition("Signature #")[2], poppler
        qpdf = subprocess.run(["qpdf", "--check", path], capture_output=True, text=True, check=False)
        assert qpdf.returncode == 0, qpdf.stdout + qpdf.stderr

    return _judge
