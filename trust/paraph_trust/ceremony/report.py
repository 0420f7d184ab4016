"""The report of a ceremony: what was made, for those who sign it (EN 319 411-1 §6.5.1)."""

from datetime import datetime
from importlib.metadata import version
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.backends.openssl.backend import backend
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.asymmetric.types import CertificatePublicKeyTypes
from cryptography.hazmat.primitives.serialization import Encoding

from paraph_trust.authority.models import Certificate
from paraph_trust.ceremony.models import Ceremony, Request
from paraph_trust.ceremony.plan import Plan, Supplement, read, read_first
from paraph_trust.config.options import options
from paraph_trust.log import queries as log


def path(ceremony: Ceremony) -> Path:
    """Where the report of a ceremony lies."""
    earlier = Ceremony.objects.filter(pk__lt=ceremony.pk).count()
    return options().keys_dir / (f"ceremony-{earlier + 1}.md" if earlier else "ceremony.md")


def write(ceremony: Ceremony) -> None:
    """Write the certificates as PEM files beside the keys, and the requests; then the report."""
    plan, certificates = read(ceremony.plan), _written(ceremony.performed_at)
    asked = _asked(ceremony, ceremony.performed_at)
    lines = [*_heading(ceremony, plan), *_sections(certificates), *asked, *_signatures(plan), ""]
    path(ceremony).write_text("\n".join(lines), encoding="utf-8")


def write_import(request: Request) -> Path:
    """The same for what another authority certified, and for what waited for it."""
    assert request.answered_at  # noqa: S101  it was just taken into use
    plan, at = read(request.ceremony.plan), request.answered_at
    heading = [
        f"# {request.name}, certified by another authority",
        "",
        f"- taken into use: {at:%Y-%m-%dT%H:%M:%SZ}",
        f"- asked for by: {plan.title}, whose file has SHA-256 {request.ceremony.digest}",
        *([f"- approved by: {', '.join(request.approved_by)}"] if request.approved_by else []),
    ]
    lines = [*heading, *_sections(_written(at)), *_asked(request.ceremony, at), *_signatures(plan), ""]
    report = options().keys_dir / f"import-{request.name}.md"
    report.write_text("\n".join(lines), encoding="utf-8")
    return report


def requests() -> Path:
    """Where the requests to other authorities lie."""
    return options().keys_dir / "requests"


def _written(at: datetime) -> list[Certificate]:
    """The certificates of one moment, once they are files."""
    made = list(Certificate.objects.filter(name__isnull=False, issued_at=at).order_by("-not_after", "name"))
    folder = options().keys_dir / "certificates"
    folder.mkdir(exist_ok=True)
    for certificate in made:
        (folder / f"{certificate.name}.pem").write_bytes(certificate.parsed.public_bytes(Encoding.PEM))
    return made


def _asked(ceremony: Ceremony, at: datetime) -> list[str]:
    """The requests of one moment, once they are files, and what each asks for."""
    lines = list[str]()
    for request in ceremony.requests.filter(made_at=at).order_by("pk"):
        requests().mkdir(exist_ok=True)
        (requests() / f"{request.name}.csr").write_text(request.csr)
        csr = x509.load_pem_x509_csr(request.csr.encode())
        lines += ["", f"## {request.name}", "", f"- awaits its certificate: requests/{request.name}.csr"]
        lines += [f"- subject asked for: {csr.subject.rfc4514_string()}", *_key_lines(request.name, csr.public_key())]
    return lines


def _heading(ceremony: Ceremony, plan: Plan | Supplement) -> list[str]:
    first = read_first(_first().plan)
    return [
        f"# {plan.title}",
        "",
        f"- performed: {ceremony.performed_at:%Y-%m-%dT%H:%M:%SZ}",
        f"- officer: {plan.officer}",
        f"- witnesses: {', '.join(plan.witnesses) or 'none'}",
        f"- demonstration: {'yes, the certificates say DEMO' if first.demo else 'no'}",
        f"- kind: {_kind(plan)}",
        f"- SHA-256 of the ceremony file: {ceremony.digest}",
        f"- made by: paraph-trust {version('paraph-trust')} with {backend.openssl_version_text()}",
        f"- dual control: {_control(first)}",
        *([f"- approved by: {', '.join(ceremony.approved_by)}"] if ceremony.approved_by else []),
    ]


def _first() -> Ceremony:
    return Ceremony.objects.order_by("pk")[0]


def _control(plan: Plan) -> str:
    if plan.control is None:
        return "none: whoever has the passphrase opens every key in a file"
    holders = ", ".join(plan.control.holders)
    needed = f"{plan.control.needed} of {len(plan.control.holders)} holders"
    return f"{needed} open the keys in files, the root's apart ({holders})"


def _kind(plan: Plan | Supplement) -> str:
    if isinstance(plan, Plan):
        return "first ceremony of this authority"
    return f"supplement to the ceremony of {_first().performed_at:%Y-%m-%d}, whose file has SHA-256 {_first().digest}"


def _signatures(plan: Plan | Supplement) -> list[str]:
    """Where those present sign that the report is true (EN 319 411-1 §6.5.1: an independent witness for a root)."""
    holders = plan.control.holders if isinstance(plan, Plan) and plan.control else []
    present = [
        ("officer", plan.officer),
        *(("witness", name) for name in plan.witnesses),
        *(("holder of a sheet", name) for name in holders),
    ]
    return ["", "## Signatures", "", *(f"- {part}, {name}: ______________________" for part, name in present)]


def _sections(certificates: list[Certificate]) -> list[str]:
    return [line for certificate in certificates for line in _section(certificate)]


def _section(certificate: Certificate) -> list[str]:
    parsed = certificate.parsed
    return [
        "",
        f"## {certificate.name}",
        "",
        f"- subject: {parsed.subject.rfc4514_string()}",
        f"- issuer: {parsed.issuer.rfc4514_string()}",
        f"- serial number: {certificate.serial}",
        f"- valid: {certificate.not_before:%Y-%m-%dT%H:%M:%SZ} to {certificate.not_after:%Y-%m-%dT%H:%M:%SZ}",
        *_key_lines(str(certificate.name), parsed.public_key()),
        f"- SHA-256 fingerprint: {certificate.fingerprint}",
    ]


def _key_lines(name: str, key: CertificatePublicKeyTypes) -> list[str]:
    identifier = x509.SubjectKeyIdentifier.from_public_key(key).digest.hex()
    created = log.told("key:created", subject=name)
    kept = [f"- kept: {_place(created.get('token'))}"] if created else []
    return [f"- key: {_called(key)}", f"- key identifier: {identifier}", *kept]


def _place(token: dict[str, str] | None) -> str:
    if token is None:
        return "in a PKCS#8 file encrypted with a passphrase (no hardware module)"
    made = f"{token['label']}, serial number {token['serial']}, {token['manufacturer']}, {token['model']}"
    return f"on the token {made}; made there, not extractable, opened by its PIN"


def _called(key: CertificatePublicKeyTypes) -> str:
    if isinstance(key, ec.EllipticCurvePublicKey):
        return f"ECDSA, {key.curve.name}, {key.key_size} bits"
    if isinstance(key, rsa.RSAPublicKey):
        return f"RSA, {key.key_size} bits"
    return "of another authority’s kind"
