"""One of everything that the library makes, under the test PKI."""

import subprocess
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from paraph import pades, timestamps
from paraph.algorithms import Hash
from paraph.keys.file import FileSigner
from paraph.signatures import Level
from paraph_testing import pdfs
from paraph_testing.cast import BOB
from paraph_testing.pki import TIMESTAMP_POLICY, Pki

from conformance import judges
from conformance.judges import Anchors, Verdict

FORMATS = {Level.B: "PAdES-BASELINE-B", Level.T: "PAdES-BASELINE-T"}
BLOCK = pades.Block(-1, 60, 640, 220, 70, ("Bob Durand", "2026-11-23 14:00", "Łódź, été, naïveté", "wfl_reference"))
BOB_SIGNS, CAROL_SIGNS = (
    pades.Block(-1, x, 660, 200, 60, (f"Signed by {name}", "for the agreement"))
    for x, name in ((56, "Bob"), (300, "Carol"))
)


@dataclass(frozen=True, slots=True)
class Signed:
    path: Path
    level: Level
    signatures: int


def verdicts(folder: Path) -> Iterator[Verdict]:
    """Make everything in `folder` and have it judged."""
    folder.mkdir()
    pki = Pki(datetime.now(UTC) - timedelta(minutes=1))
    anchors = write_anchors(folder, pki.root, (pki.issuing.certificate,), pki.revocation_lists())
    documents = list(_documents(folder, pki))
    for document in documents:
        yield judges.poppler(document.path, signatures=document.signatures)
        yield judges.qpdf(document.path)
        yield from judges.openssl_cms(document.path, anchors)
    formats = {document.path.name: FORMATS[document.level] for document in documents}
    yield from judges.dss([document.path for document in documents], anchors, formats=formats)
    yield from _controls(folder, pki, anchors)
    yield from _timestamps(folder, pki, anchors)
    yield from _certificates(folder, pki, anchors)


def write_anchors(
    folder: Path, root: FileSigner, intermediates: tuple[x509.Certificate, ...], lists: tuple[bytes, bytes]
) -> Anchors:
    """Write what judges are told to trust, in the forms that they read."""
    der = folder / "root.cer"
    der.write_bytes(root.certificate.public_bytes(Encoding.DER))
    crls = [folder / "root.crl", folder / "issuing.crl"]
    for path, content in zip(crls, lists, strict=True):
        path.write_bytes(content)
        pem = x509.load_der_x509_crl(content).public_bytes(Encoding.PEM)
        path.with_suffix(".crl.pem").write_bytes(pem)
    return Anchors(
        root=_pem(folder / "root.pem", root.certificate),
        intermediates=_pem(folder / "intermediates.pem", *intermediates),
        revocation_lists=tuple(path.with_suffix(".crl.pem") for path in crls),
        der=(der, *crls),
    )


def _documents(folder: Path, pki: Pki) -> Iterator[Signed]:
    """Each level with each kind of key, seen and unseen, in each form of file; then several signers."""
    timestamper = pki.timestamper()

    def keep(name: str, content: bytes, level: Level, signatures: int = 1) -> Signed:
        (folder / f"{name}.pdf").write_bytes(content)
        return Signed(folder / f"{name}.pdf", level, signatures)

    signers = {"p256-seal": pki.seal, "rsa-2048-seal": pki.rsa_seal, "person": pki.bob}
    sources = {"classic": pdfs.contract(), "compact": pdfs.compact(pdfs.contract())}
    for level in FORMATS:
        for holder, signer in signers.items():
            for form, source in sources.items():
                for block in (None, BLOCK):
                    name = f"{level.value}-{holder}-{form}-{'visible' if block else 'invisible'}"
                    signed = pades.sign(source, signer, at=pki.at, level=level, timestamper=timestamper, block=block)
                    yield keep(name, signed, level)

    def sign(document: bytes, signer: FileSigner, block: pades.Block) -> bytes:
        return pades.sign(document, signer, at=pki.at, level=Level.T, timestamper=timestamper, block=block)

    for form, source in sources.items():
        yield keep(f"bob-then-carol-{form}", sign(sign(source, pki.bob, BOB_SIGNS), pki.carol, CAROL_SIGNS), Level.T, 2)
    extended = pades.extend(
        pades.sign(sources["classic"], pki.seal, at=pki.at), Level.T, timestamper=timestamper, at=pki.at
    )
    yield keep("extended-from-B-to-T", extended, Level.T)


def _controls(folder: Path, pki: Pki, anchors: Anchors) -> Iterator[Verdict]:
    """What must be refused, to know that the judges are awake: a changed document, and Mallory's own hierarchy."""
    signed = pades.sign(pdfs.contract(), pki.bob, at=pki.at, level=Level.T, timestamper=pki.timestamper())
    changed = folder / "changed-after-signing.pdf"
    changed.write_bytes(signed.replace(b"Paraph sample documents", b"Paraph altered document", 1))
    stranger = folder / "signed-by-mallory.pdf"
    stranger.write_bytes(pades.sign(pdfs.contract(), pki.mallory, at=pki.at))
    formats = {changed.name: "PAdES-BASELINE-T", stranger.name: "PAdES-BASELINE-B"}
    accepted = [
        judges.poppler(changed, signatures=1),
        next(judges.openssl_cms(changed, anchors)),
        next(judges.openssl_cms(stranger, anchors)),
        *judges.dss([changed, stranger], anchors, formats=formats),
    ]
    for verdict in accepted:
        yield replace(verdict, passed=not verdict.passed, says=f"must be refused: {verdict.says}")


def _timestamps(folder: Path, pki: Pki, anchors: Anchors) -> Iterator[Verdict]:
    """Answers to OpenSSL's own requests, for each digest algorithm."""
    authority = timestamps.Authority(pki.timestamping_unit, policy=TIMESTAMP_POLICY, accuracy=timedelta(seconds=1))
    data = folder / "stamped.txt"
    data.write_text("what is to be time-stamped")
    for serial, algorithm in enumerate(Hash, 1):
        query, response = folder / f"{algorithm.value}.tsq", folder / f"{algorithm.value}.tsr"
        command = ["openssl", "ts", "-query", "-data", data, f"-{algorithm.value}", "-cert", "-out", query]
        subprocess.run(command, check=True, capture_output=True)
        response.write_bytes(authority.respond(query.read_bytes(), at=pki.at, serial=serial))
        yield judges.openssl_ts(response, data, anchors)


def _certificates(folder: Path, pki: Pki, anchors: Anchors) -> Iterator[Verdict]:
    """Each profile by OpenSSL and pkilint; lists and status by both."""
    etsi = "lint_etsi_cert", "--type"
    profiles: dict[str, tuple[FileSigner, tuple[str, ...]]] = {
        "root": (pki.root, ("lint_pkix_cert",)),
        "issuing": (pki.issuing, ("lint_pkix_cert",)),
        "responder": (pki.responder, ("lint_pkix_cert",)),
        "timestamping-unit": (pki.timestamping_unit, ("lint_pkix_cert",)),
        "seal": (pki.seal, (*etsi, "NCP-LEGAL-PERSON-CERTIFICATE")),
        "rsa-seal": (pki.rsa_seal, (*etsi, "NCP-LEGAL-PERSON-CERTIFICATE")),
        "qualified": (pki.qualified, (*etsi, "QCP-N-QSCD-EIDAS-FINAL-CERTIFICATE")),
        "agent": (pki.agent, (*etsi, "NCP-NATURAL-PERSON-CERTIFICATE")),
        "person": (pki.person(BOB), (*etsi, "NCP-NATURAL-PERSON-CERTIFICATE")),
    }
    for name, (holder, linter) in profiles.items():
        path = _pem(folder / f"{name}.pem", holder.certificate)
        yield judges.openssl_verify(path, anchors)
        yield judges.pkilint(path, *linter, expected=judges.SHORT_TERM if name == "person" else frozenset())
    for name in ("root.crl", "issuing.crl"):
        kind = "ARL" if name == "root.crl" else "CRL"
        yield judges.pkilint(folder / name, "lint_crl", "--type", kind, "--profile", "PKIX")
    yield from _status(folder, pki, anchors)


def _status(folder: Path, pki: Pki, anchors: Anchors) -> Iterator[Verdict]:
    issuer, certificate = _pem(folder / "issuing.pem", pki.issuing.certificate), folder / "seal.pem"
    request, response = folder / "seal.ocsp-request", folder / "seal.ocsp"
    command = ["openssl", "ocsp", "-issuer", issuer, "-cert", certificate, "-reqout", request]
    subprocess.run(command, check=True, capture_output=True)
    response.write_bytes(pki.ocsp(request.read_bytes()))
    yield judges.openssl_ocsp(certificate, issuer, response, anchors)
    yield judges.pkilint(response, "lint_ocsp_response")


def _pem(path: Path, *certificates: x509.Certificate) -> Path:
    path.write_bytes(b"".join(certificate.public_bytes(Encoding.PEM) for certificate in certificates))
    return path
