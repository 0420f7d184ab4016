"""pkilint judges every profile against RFC 5280 and EN 319 412, and the lists and answers against theirs."""

import csv
import subprocess
import sys
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509 import ocsp
from paraph_testing.pki import Pki

SHORT_TERM = {
    # A certificate for hours is over before anybody could revoke it (EN 319 412-1 §5.2.3), and RFC 9608 §3 forbids both
    # extensions beside noRevAvail. pkilint does not know validityAssured-ST.
    "etsi.en_319_412_2.gen-4.3.11-2.crldp_extension_missing",
    "etsi.en_319_412_2.gen-4.4.1-8.ocsp_aia_access_method_absent",
}


def found(path: Path, linter: str, *options: str) -> set[str]:
    """The codes of everything worse than a notice."""
    program = str(Path(sys.executable).parent / linter)
    command = [program, "lint", *options, "--severity", "WARNING", "--format", "CSV", str(path)]
    judged = subprocess.run(command, capture_output=True, text=True, check=False)
    assert not judged.stderr, judged.stderr
    return {row["code"] for row in csv.DictReader(judged.stdout.splitlines())}


@pytest.mark.parametrize("name", ["root", "issuing", "responder", "timestamping_unit"])
def test_authorities_and_services(pki: Pki, tmp_path: Path, name: str) -> None:
    (tmp_path / "certificate.pem").write_bytes(getattr(pki, name).certificate.public_bytes(Encoding.PEM))
    assert found(tmp_path / "certificate.pem", "lint_pkix_cert") == set()


@pytest.mark.parametrize(
    ("name", "kind", "expected"),
    [
        ("seal", "NCP-LEGAL-PERSON-CERTIFICATE", set()),
        ("rsa_seal", "NCP-LEGAL-PERSON-CERTIFICATE", set()),
        ("qualified", "QCP-N-QSCD-EIDAS-FINAL-CERTIFICATE", set()),
        ("agent", "NCP-NATURAL-PERSON-CERTIFICATE", set()),
        ("carol", "NCP-NATURAL-PERSON-CERTIFICATE", SHORT_TERM),
    ],
)
def test_seals_and_persons(pki: Pki, tmp_path: Path, name: str, kind: str, expected: set[str]) -> None:
    (tmp_path / "certificate.pem").write_bytes(getattr(pki, name).certificate.public_bytes(Encoding.PEM))
    assert found(tmp_path / "certificate.pem", "lint_etsi_cert", "--type", kind) == expected


@pytest.mark.parametrize(("place", "kind"), [(0, "ARL"), (1, "CRL")])
def test_revocation_lists(pki: Pki, tmp_path: Path, place: int, kind: str) -> None:
    (tmp_path / "list.crl").write_bytes(pki.revocation_lists()[place])
    assert found(tmp_path / "list.crl", "lint_crl", "--type", kind, "--profile", "PKIX") == set()


def test_ocsp_answers(pki: Pki, tmp_path: Path) -> None:
    asked = ocsp.OCSPRequestBuilder().add_certificate(pki.seal.certificate, pki.seal.chain[0], hashes.SHA1())
    (tmp_path / "answer").write_bytes(pki.ocsp(asked.build().public_bytes(Encoding.DER)))
    assert found(tmp_path / "answer", "lint_ocsp_response") == set()
