"""What the running platform makes: certificates, status and time-stamps, and workflows from their start to their end.

The platform is started as `make run` does it, the sender calls the REST API, and the signers walk their pages.
"""

import subprocess
import time
import urllib.request
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx2
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from paraph_testing import pdfs, visitor
from paraph_testing.cast import BOB, CAROL, Person
from paraph_testing.demo import Platform, Ports

from conformance import judges, levels
from conformance.judges import Anchors, Verdict
from conformance.levels import PATIENCE, SIMPLE, World

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
    home = folder / "home"
    with World(folder / "world") as world, Platform(home, Ports.free(), **world.settle(home)) as platform:
        certificates = folder / "home" / "trust" / "certificates"
        anchors = _anchors(folder, platform, certificates)
        yield from _trust_service(folder, platform, certificates, anchors)
        yield from _workflows(folder, platform, anchors)
        yield from levels.verdicts(folder, world, platform)
        yield from _dss(folder, world, anchors)


# ---------------------------------------------------------------- workflows

WORKFLOWS: dict[str, tuple[tuple[Person, ...], ...]] = {
    "one-signer": ((BOB,),),
    "in-sequence": ((BOB,), (CAROL,)),
    "in-parallel": ((BOB, CAROL),),
}


def _workflows(folder: Path, platform: Platform, anchors: Anchors) -> Iterator[Verdict]:
    """Each signed document carries every signer's own signature, and each evidence file its seal."""
    documents = []
    for name, steps in WORKFLOWS.items():
        signed, evidence = folder / f"{name}-signed.pdf", folder / f"{name}-evidence.pdf"
        _sign_and_fetch(platform, name, steps, signed, evidence)
        documents += [(signed, sum(map(len, steps))), (evidence, 1)]
    for path, signatures in documents:
        yield judges.poppler(path, signatures=signatures)
        yield judges.qpdf(path)
        yield from judges.openssl_cms(path, anchors)
    paths = [path for path, _ in documents]
    person = "lint_etsi_cert", "--type", "NCP-NATURAL-PERSON-CERTIFICATE"
    yield judges.pkilint(judges.signing_certificate(paths[0]), *person, expected=judges.SHORT_TERM | judges.LOOPBACK)


def _dss(folder: Path, world: World, anchors: Anchors) -> Iterator[Verdict]:
    """Everything that was signed and sealed, at once: DSS loads slowly."""
    stated = {f"{name}-signed.pdf": SIMPLE for name in WORKFLOWS} | levels.stated()
    names = [*stated, *(f"{name}-evidence.pdf" for name in WORKFLOWS)]
    formats = dict.fromkeys(names, "PAdES-BASELINE-T")
    paths = [folder / name for name in names]
    yield from judges.dss(paths, world.beside(anchors), formats=formats, stated=stated, lists=world.folder)


def _sign_and_fetch(
    platform: Platform, name: str, steps: Sequence[Sequence[Person]], signed: Path, evidence: Path
) -> None:
    headers = {"Authorization": f"Bearer {platform.account.token}"}
    with httpx2.Client(base_url=f"{platform.url}/api/", headers=headers, timeout=30) as http:

        def call(method: str, path: str, **body: object) -> httpx2.Response:
            return http.request(method, path, json=body or None).raise_for_status()

        newest = {person.email: visitor.newest(platform, person) for step in steps for person in step}
        consent = call("GET", "consentPages").json()["items"][0]["id"]
        profile = call("GET", "signatureProfiles").json()["items"][0]["id"]
        wanted = [{"stepType": "signature", "recipients": [_recipient(one, consent) for one in step]} for step in steps]
        created = call("POST", f"users/{platform.account.user_id}/workflows", name=name, steps=wanted).json()
        workflow = f"workflows/{created['id']}"
        disposition = {"Content-Type": "application/pdf", "Content-Disposition": 'attachment; filename="contract.pdf"'}
        parts = {"createDocuments": "true", "signatureProfileId": profile}
        upload = http.post(f"{workflow}/parts", params=parts, content=pdfs.contract(), headers=disposition)
        document = upload.raise_for_status().json()["documents"][0]["id"]
        call("PATCH", f"documents/{document}", pdfSignatureFields=[_field(x) for x in (56, 300)])
        call("PATCH", workflow, workflowStatus="started")
        for step in steps:
            with ThreadPoolExecutor() as together:
                acts = [together.submit(visitor.sign, platform, one, after=newest[one.email]) for one in step]
                for act in acts:
                    act.result()
        patience = time.monotonic() + PATIENCE
        while call("GET", workflow).json()["workflowStatus"] != "finished":
            if time.monotonic() > patience:
                raise TimeoutError(f"The workflow {name} does not finish: {call('GET', workflow).text}")
            time.sleep(0.2)
        signed.write_bytes(call("GET", f"{workflow}/downloadDocuments").content)
        evidence.write_bytes(call("GET", f"{workflow}/downloadEvidenceCertificate").content)


def _recipient(person: Person, consent_page: str) -> dict[str, str]:
    return {
        "email": person.email,
        "firstName": person.first_name,
        "lastName": person.last_name,
        "phoneNumber": person.phone_number,
        "country": person.country,
        "preferredLocale": person.locale,
        "consentPageId": consent_page,
    }


def _field(x: int) -> dict[str, int]:
    return {"imagePage": -1, "imageX": x, "imageY": 660, "imageWidth": 200, "imageHeight": 80}


# ---------------------------------------------------------------- trust service


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
