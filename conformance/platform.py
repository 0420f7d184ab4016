"""What the running platform makes: certificates of its ceremony, status and time-stamps over HTTP."""

import subprocess
import urllib.request
from collections.abc import Iterator
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from paraph_testing.demo import Platform, Ports

from conformance import judges
from conformance.judges import Anchors, Verdict

PROFILES = {
    "root": ("lint_pkix_cert",),
    "issuing": ("lint_pkix_cert",),
    "ocsp": ("lint_pkix_cert",),
    "timestamping": ("lint_pkix_cert",),
    "seal-demo": ("lint_etsi_cert", "--type", "NCP-LEGAL-PERSON-CERTIFICATE"),
}


def verdicts(folder: Path) -> Iterator[Verdict]:
    """Start the platform in `folder` as `make run` does and have judged what it gives out."""
    folder.mkdir()
    with Platform(folder / "home", Ports.free()) as platform:
        certificates = folder / "home" / "trust" / "certificates"
        anchors = _anchors(folder, platform, certificates)
        yield from _trust_service(folder, platform, certificates, anchors)


def _anchors(folder: Path, platform: Platform, certificates: Path) -> Anchors:
    root = x509.load_pem_x509_certificate((certificates / "root.pem").read_bytes())
    (folder / "root.cer").write_bytes(root.public_bytes(Encoding.DER))
    lists, pem_lists = [], []
    for name in ("root", "issuing"):
        path = _download(f"{platform.trust_url}/crl/{name}.crl", folder / f"{name}.crl")
        lists.append(path)
        pem_lists.append(path.with_suffix(".crl.pem"))
        pem_lists[-1].write_bytes(x509.load_der_x509_crl(path.read_bytes()).public_bytes(Encoding.PEM))
    return Anchors(
        root=certificates / "root.pem",
        intermediates=certificates / "issuing.pem",
        revocation_lists=tuple(pem_lists),
        der=(folder / "root.cer", *lists),
    )


def _trust_service(folder: Path, platform: Platform, certificates: Path, anchors: Anchors) -> Iterator[Verdict]:
    for name, linter in PROFILES.items():
        yield judges.openssl_verify(certificates / f"{name}.pem", anchors)
        yield judges.pkilint(certificates / f"{name}.pem", *linter, expected=judges.LOOPBACK)
    for kind, name in (("ARL", "root"), ("CRL", "issuing")):
        yield judges.pkilint(folder / f"{name}.crl", "lint_crl", "--type", kind, "--profile", "PKIX")
    issuer, seal = certificates / "issuing.pem", certificates / "seal-demo.pem"
    response = folder / "seal-demo.ocsp"
    arguments = ["-url", f"{platform.trust_url}/ocsp", "-issuer", issuer, "-cert", seal, "-respout", response]
    subprocess.run(["openssl", "ocsp", "-noverify", *arguments], check=True, capture_output=True)
    yield judges.openssl_ocsp(seal, issuer, response, anchors)
    yield judges.pkilint(response, "lint_ocsp_response")
    data, query = folder / "stamped.txt", folder / "stamped.tsq"
    data.write_text("what is to be time-stamped")
    command = ["openssl", "ts", "-query", "-data", data, "-sha256", "-cert", "-out", query]
    subprocess.run(command, check=True, capture_output=True)
    request = urllib.request.Request(
        f"{platform.trust_url}/tsa", query.read_bytes(), {"Content-Type": "application/timestamp-query"}
    )
    yield judges.openssl_ts(_download(request, folder / "stamped.tsr"), data, anchors)


def _download(source: str | urllib.request.Request, path: Path) -> Path:
    with urllib.request.urlopen(source) as answer:
        path.write_bytes(answer.read())
    return path
