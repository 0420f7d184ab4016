"""`paraph pki show`."""

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import click
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import AuthorityInformationAccessOID

from paraph import certs
from paraph.certs.names import readable
from paraph.certs.read import BROKEN
from paraph.cli.options import FILE, as_json
from paraph.errors import InputError, UnusableCertificate
from paraph.formats.text import legible
from paraph.pki.request import Request

_SHOWN = 20
Facts = dict[str, Any]


@click.command()
@click.argument("files", nargs=-1, required=True, type=FILE, metavar="FILE...")
@as_json
def show(*, files: Sequence[Path], as_json: bool) -> int:
    """Tell what certificates, requests (PKCS#10) and revocation lists say, PEM or DER. Nothing is judged."""
    found = [{"file": str(file), **facts} for file in files for facts in _read(file.read_bytes())]
    click.echo(json.dumps(found, indent=2) if as_json else "\n".join(line for facts in found for line in _lines(facts)))
    return 0


def _read(data: bytes) -> list[Facts]:
    """What a file holds: the first reader that understands it tells.

    Raises:
        InputError: none of these.
    """
    for read in (_certificates, _request, _list):
        try:
            return read(data)
        except (InputError, UnusableCertificate, *BROKEN):
            continue
    raise InputError("This is no certificate, no certificate request and no revocation list, or it is damaged.")


def _certificates(data: bytes) -> list[Facts]:
    return [_certificate(each) for each in certs.read(data)]


def _certificate(certificate: x509.Certificate) -> Facts:
    return {
        "certificate of": readable(certificate.subject),
        "issued by": readable(certificate.issuer),
        "number": f"{certificate.serial_number:x}",
        "from": certificate.not_valid_before_utc.isoformat(),
        "until": certificate.not_valid_after_utc.isoformat(),
        "key": _key(certificate.public_key()),
        **dict(_extensions(certificate)),
        "sha256": certs.thumbprint(certificate),
    }


def _extensions(certificate: x509.Certificate) -> Iterator[tuple[str, Any]]:
    for extension in certificate.extensions:
        match extension.value:
            case x509.BasicConstraints(ca=True):
                yield "authority", True
            case x509.KeyUsage() as usage:
                names = ("digital_signature", "content_commitment", "key_encipherment", "key_cert_sign", "crl_sign")
                yield "usage", [name.replace("_", " ") for name in names if getattr(usage, name)]
            case x509.ExtendedKeyUsage() as purposes:
                yield "purposes", [each._name for each in purposes]  # noqa: SLF001  its only readable name
            case x509.CertificatePolicies() as policies:
                yield "policies", [each.policy_identifier.dotted_string for each in policies]
            case x509.SubjectAlternativeName() as names:
                yield "also called", [str(each.value) for each in names]
            case x509.CRLDistributionPoints() as points:
                yield "lists", [name.value for each in points for name in each.full_name or ()]
            case x509.AuthorityInformationAccess() as places:
                asked = AuthorityInformationAccessOID.OCSP
                yield "responders", [each.access_location.value for each in places if each.access_method == asked]


def _request(data: bytes) -> list[Facts]:
    asked = Request.read(data)
    facts = {"request of": readable(asked.name), "key": _key(asked.key), "signed by that key": True}
    return [{**facts, "also called": [asked.email]} if asked.email else facts]


def _list(data: bytes) -> list[Facts]:
    pem = b"-----BEGIN" in data
    found = x509.load_pem_x509_crl(data) if pem else x509.load_der_x509_crl(data)
    until = found.next_update_utc
    return [
        {
            "list of": readable(found.issuer),
            "from": found.last_update_utc.isoformat(),
            "until": until and until.isoformat(),
            "revoked": [f"{each.serial_number:x} on {each.revocation_date_utc:%Y-%m-%d}{_why(each)}" for each in found],
        }
    ]


def _why(revoked: x509.RevokedCertificate) -> str:
    try:
        return f" ({revoked.extensions.get_extension_for_class(x509.CRLReason).value.reason.value})"
    except x509.ExtensionNotFound:
        return ""


def _key(key: object) -> str:
    if isinstance(key, rsa.RSAPublicKey):
        return f"RSA, {key.key_size} bits"
    return f"ECDSA, {key.curve.name}" if isinstance(key, ec.EllipticCurvePublicKey) else type(key).__name__


def _lines(facts: Facts) -> Iterator[str]:
    file, *others = facts.items()
    yield f"{legible(file[1])}"
    for name, value in others:
        values = value if isinstance(value, list) else [value]
        yield f"  {name:<18} {legible(', '.join(map(_word, values[:_SHOWN])) or 'none')}"
        if len(values) > _SHOWN:
            yield f"  {'':<18} and {len(values) - _SHOWN} more; --json lists all"


def _word(value: object) -> str:
    return {True: "yes", None: "nobody says"}.get(value, str(value)) if value in (True, None) else str(value)
