"""The judges: Poppler, qpdf, OpenSSL, xmlsec1, pkilint, veraPDF and the EU's DSS, each asked by its command line.

Nothing here reads a signature with our own code: what is cut out of a PDF is found by its /ByteRange alone.
"""

import csv
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from asn1crypto import cms

SHORT_TERM = frozenset(
    {
        # A certificate for hours is over before anybody could revoke it (EN 319 412-1 §5.2.3), and RFC 9608 §3 forbids
        # both extensions beside noRevAvail. pkilint does not know validityAssured-ST.
        "etsi.en_319_412_2.gen-4.3.11-2.crldp_extension_missing",
        "etsi.en_319_412_2.gen-4.4.1-8.ocsp_aia_access_method_absent",
    }
)
LOOPBACK = frozenset({"etsi.internal_domain_name"})  # a demonstration is reached at 127.0.0.1
JAVA = Path(__file__).parent
BYTE_RANGE = re.compile(rb"/ByteRange\s*\[\s*(\d+)\s+(\d+)\s+(\d+)\s+(\d+)\s*\]")


@dataclass(frozen=True, slots=True)
class Verdict:
    judge: str
    artefact: str
    passed: bool
    says: str


@dataclass(frozen=True, slots=True)
class Anchors:
    """What a judge is told to trust, and what it needs to get there."""

    root: Path  # PEM
    intermediates: Path  # PEM bundle
    revocation_lists: tuple[Path, ...]  # PEM
    der: tuple[Path, ...]  # the root as *.cer and the lists as *.crl


# ---------------------------------------------------------------- signed documents


def poppler(document: Path, *, signatures: int, stored: bool = False, password: str = "") -> Verdict:
    """Every signature is valid, and one covers the whole file but for validation data `stored` behind it."""
    output = _run("pdfsig", "-nocert", "-no-ocsp", *(("-upw", password) if password else ()), document).stdout
    valid = output.count("Signature is Valid.")
    whole = output.count("Total document signed") == 1
    says = f"{valid} of {signatures} valid, the last covers {'everything' if whole else 'not everything'}"
    return Verdict("poppler pdfsig", document.name, valid == signatures and (whole or stored), says)


def qpdf(document: Path, *, password: str = "") -> Verdict:
    judged = _run("qpdf", "--check", f"--password={password}", document)
    passed = judged.returncode == 0
    return Verdict("qpdf --check", document.name, passed, "no error" if passed else _last_line(judged))


def openssl_cms(document: Path, anchors: Anchors) -> Iterator[Verdict]:
    """Verify each CMS over the bytes of its /ByteRange, and each time-stamp token over what it stamps.

    `-cades` also checks the signing-certificate attribute.
    """
    for number, (signed, contents) in enumerate(_signatures(document.read_bytes()), 1):
        name = f"{document.name} #{number}"
        data, message = _beside(document, f"{number}.data", signed), _beside(document, f"{number}.p7s", contents)
        content = cms.ContentInfo.load(contents)["content"]
        if content["encap_content_info"]["content_type"].native == "tst_info":
            yield _openssl_ts(name, data, anchors, "-token_in", "-in", message)
            continue
        yield from _openssl_signed(name, document, message, anchors, "-content", data)


def openssl_signed(message: Path, content: Path, anchors: Anchors) -> Iterator[Verdict]:
    """The same for a signed message in a file of its own, over `content` if it is detached (`*.p7s`)."""
    given = ("-content", content) if message.suffix == ".p7s" else ()
    yield from _openssl_signed(message.name, message, message, anchors, *given)


def _openssl_signed(
    name: str, beside: Path, message: Path, anchors: Anchors, *content: str | Path
) -> Iterator[Verdict]:
    arguments = ["-cades", "-binary", "-inform", "DER", "-in", message, *content, "-out", "/dev/null"]
    judged = _run("openssl", "cms", "-verify", *arguments, "-purpose", "any", "-CAfile", anchors.root)
    yield Verdict("openssl cms", name, judged.returncode == 0, _last_line(judged))
    for place, signer in enumerate(cms.ContentInfo.load(message.read_bytes())["content"]["signer_infos"], 1):
        for attribute in signer["unsigned_attrs"] or []:
            if attribute["type"].native == "signature_time_stamp_token":
                token = _beside(beside, f"{place}.tst", attribute["values"][0].dump())
                value = _beside(beside, f"{place}.value", signer["signature"].native)
                yield _openssl_ts(name, value, anchors, "-token_in", "-in", token)


def xmlsec(document: Path, anchors: Anchors) -> Verdict:
    """The first signature, and every reference of it; files that it signs are looked for beside it."""
    trusted = ["--enabled-key-data", "x509", "--trusted-pem", anchors.root.absolute()]
    judged = _run(
        "xmlsec1", "--verify", "--id-attr:Id", "SignedProperties", *trusted, document.name, folder=document.parent
    )
    said = [line for line in (judged.stdout + judged.stderr).splitlines() if "References" in line or "rror" in line]
    return Verdict("xmlsec1", document.name, judged.returncode == 0, said[0] if said else _last_line(judged))


def unzip(container: Path) -> Verdict:
    judged = _run("unzip", "-tqq", container)
    return Verdict("unzip -t", container.name, judged.returncode == 0, _last_line(judged) or "no error")


def dss(
    documents: Sequence[Path],
    anchors: Anchors,
    *,
    formats: Mapping[str, str],
    content: Path | None = None,
    password: str = "",
    overstepped: frozenset[str] = frozenset(),
    stated: Mapping[str, str] | None = None,
    lists: Path | None = None,
) -> Iterator[Verdict]:
    """Every signature of every document has its format and TOTAL_PASSED under the default policy of the EU's DSS.

    `formats` names a document, or one signature where it differs (`lease.p7s #2`); `content` is what the detached
    signatures among them sign; `password` opens the encrypted ones; of those signatures that were `overstepped`, and of
    no others, it must say that more was changed than they allow; `stated` is what it must read in the signers'
    certificates, by document, and behind that how qualified the signature is by the trusted `lists` in a folder.
    """
    paths = [f"{each}={content}" if content else each for each in documents]
    properties = ("-Dorg.slf4j.simpleLogger.defaultLogLevel=error", f"-Dpassword={password}")
    properties += (f"-Dlists={lists}",) if lists else ()
    judged = _java("dss", *anchors.der, *paths, properties=properties)
    seen: dict[str, int] = {document.name: 0 for document in documents}
    for line in judged.stdout.splitlines():
        name, format_, indication, reason, signer, _time, certificate, errors, warnings = line.split("\t")
        seen[name] += 1
        one = f"{name} #{seen[name]}"
        passed = indication == "TOTAL_PASSED" and format_ == formats.get(one, formats[name])
        passed &= ("restricted by" in warnings) == (one in overstepped)
        passed &= (stated or {}).get(name, "") in certificate
        says = " ".join(
            part
            for part in (format_, indication, reason, f"({signer}, {certificate.strip()})", errors, warnings)
            if part
        )
        yield Verdict("EU DSS", one, passed, says)
    for name, number in seen.items():
        if not number:
            yield Verdict("EU DSS", name, passed=False, says=_last_line(judged) or "no signature found")


def verapdf(documents: Mapping[Path, str]) -> Iterator[Verdict]:
    """Each document claims the part and level of PDF/A that it did before, such as `2b`, and keeps to it."""
    judged = _java("verapdf", *documents)
    found = {line.split("\t")[0]: line.split("\t")[1:] for line in judged.stdout.splitlines()}
    for document, expected in documents.items():
        claimed, compliant, broken = found.get(document.name, ("nothing", "", _last_line(judged)))
        passed = compliant == "true" and claimed == expected
        yield Verdict("veraPDF", document.name, passed, f"PDF/A-{claimed} {broken or 'no rule broken'}")


# ---------------------------------------------------------------- time-stamps, certificates, status


def openssl_ts(response: Path, data: Path, anchors: Anchors) -> Verdict:
    return _openssl_ts(response.name, data, anchors, "-in", response)


def openssl_verify(certificate: Path, anchors: Anchors, *, revocation: bool = True) -> Verdict:
    """The path to the root by RFC 5280, every revocation list consulted."""
    lists = [argument for path in anchors.revocation_lists for argument in ("-CRLfile", path)]
    arguments = ["-crl_check_all", *lists] if revocation else []
    trusted = ["-CAfile", anchors.root, "-untrusted", anchors.intermediates]
    judged = _run("openssl", "verify", "-x509_strict", *trusted, *arguments, certificate)
    return Verdict("openssl verify", certificate.name, judged.returncode == 0, _last_line(judged))


def openssl_ocsp(certificate: Path, issuer: Path, response: Path, anchors: Anchors) -> Verdict:
    trusted = ["-CAfile", anchors.root, "-verify_other", anchors.intermediates]
    judged = _run(
        "openssl", "ocsp", "-respin", response, "-issuer", issuer, "-cert", certificate, "-no_nonce", *trusted
    )
    passed = "Response verify OK" in judged.stderr and f"{certificate}: good" in judged.stdout
    return Verdict("openssl ocsp", response.name, passed, _last_line(judged))


def pkilint(path: Path, *linter: str, expected: frozenset[str] = frozenset()) -> Verdict:
    """Nothing worse than a notice but what is `expected`."""
    program = str(Path(sys.executable).parent / linter[0])
    judged = _run(program, "lint", *linter[1:], "--severity", "WARNING", "--format", "CSV", path)
    codes = {row["code"] for row in csv.DictReader(judged.stdout.splitlines())}
    said = [f"{len(codes & expected)} expected"] if codes & expected else []
    says = ", ".join([*sorted(codes - expected), *said]) or "no finding"
    return Verdict(
        f"pkilint {linter[0].removeprefix('lint_')}", path.name, codes <= expected and not judged.stderr, says
    )


# ---------------------------------------------------------------- cutting and running


def signing_certificate(document: Path) -> Path:
    """The certificate of a document's first signature, cut out for those who judge certificates."""
    _, contents = next(_signatures(document.read_bytes()))
    message = cms.ContentInfo.load(contents)["content"]
    serial = message["signer_infos"][0]["sid"].chosen["serial_number"].native
    [found] = [each.chosen for each in message["certificates"] if each.chosen.serial_number == serial]
    return _beside(document, "cer", found.dump())


def _openssl_ts(name: str, data: Path, anchors: Anchors, *source: str | Path) -> Verdict:
    trusted = ["-CAfile", anchors.root, "-untrusted", anchors.intermediates]
    judged = _run("openssl", "ts", "-verify", "-data", data, *source, *trusted)
    passed = "Verification: OK" in judged.stdout
    return Verdict("openssl ts", name, passed, "Verification: OK" if passed else _last_line(judged))


def _signatures(document: bytes) -> Iterator[tuple[bytes, bytes]]:
    """What each signature of a PDF covers, and its CMS without the padding."""
    for found in BYTE_RANGE.finditer(document):
        start, before, after, length = map(int, found.groups())
        padded = bytes.fromhex(document[start + before : after].strip(b"<>").decode())
        yield document[start : start + before] + document[after : after + length], cms.ContentInfo.load(padded).dump()


def _beside(document: Path, suffix: str, data: bytes) -> Path:
    path = document.with_suffix(f".{suffix}")
    path.write_bytes(data)
    return path


def _run(program: str, *arguments: str | Path, folder: Path | None = None) -> subprocess.CompletedProcess[str]:
    if not shutil.which(program):
        raise SystemExit(f"{program} is missing; `make conformance` installs it or says how.")
    return subprocess.run([program, *map(str, arguments)], capture_output=True, text=True, check=False, cwd=folder)


def _java(judge: str, *arguments: str | Path, properties: Sequence[str] = ()) -> subprocess.CompletedProcess[str]:
    built = JAVA / judge / "target"
    return _run("java", *properties, "-cp", f"{built}/classes:{built}/dependency/*", "Judge", *arguments)


def _last_line(judged: subprocess.CompletedProcess[str]) -> str:
    lines = (judged.stdout + judged.stderr).strip().splitlines()
    return lines[-1] if lines else ""
