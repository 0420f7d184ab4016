"""The report of a ceremony: what was made, for those who sign it (EN 319 411-1 §6.5.1)."""

from pathlib import Path

from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding

from paraph_trust.authority.models import Certificate
from paraph_trust.ceremony.models import Ceremony
from paraph_trust.ceremony.plan import Plan, read
from paraph_trust.config.options import options


def path() -> Path:
    """Where the report lies."""
    return options().keys_dir / "ceremony.md"


def write(ceremony: Ceremony) -> None:
    """Write the certificates as PEM files beside the keys, then the report."""
    certificates = Certificate.objects.filter(name__isnull=False).order_by("-not_after", "name")
    folder = options().keys_dir / "certificates"
    folder.mkdir(exist_ok=True)
    for certificate in certificates:
        (folder / f"{certificate.name}.pem").write_bytes(certificate.parsed.public_bytes(Encoding.PEM))
    lines = [*_heading(ceremony, read(ceremony.plan)), *_sections(list(certificates)), ""]
    path().write_text("\n".join(lines), encoding="utf-8")


def _heading(ceremony: Ceremony, plan: Plan) -> list[str]:
    return [
        f"# {plan.title}",
        "",
        f"- performed: {ceremony.performed_at:%Y-%m-%dT%H:%M:%SZ}",
        f"- officer: {plan.officer}",
        f"- witnesses: {', '.join(plan.witnesses) or 'none'}",
        f"- demonstration: {'yes, the certificates say DEMO' if plan.demo else 'no'}",
        f"- SHA-256 of the ceremony file: {ceremony.digest}",
        "- keys: PKCS#8 files encrypted with the passphrase of the installation (no hardware module)",
    ]


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
        f"- key: {_key(certificate)}",
        f"- SHA-256 fingerprint: {certificate.fingerprint}",
    ]


def _key(certificate: Certificate) -> str:
    key = certificate.parsed.public_key()
    if isinstance(key, ec.EllipticCurvePublicKey):
        return f"ECDSA, {key.curve.name}, {key.key_size} bits"
    assert isinstance(key, rsa.RSAPublicKey)  # noqa: S101  a ceremony makes no third kind
    return f"RSA, {key.key_size} bits"
