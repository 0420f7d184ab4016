"""`paraph pki revoke`."""

from datetime import UTC, datetime
from pathlib import Path

import click
from cryptography import x509

from paraph import certs
from paraph.certs.names import readable
from paraph.cli.options import FILE
from paraph.cli.pki.options import authority
from paraph.formats.text import legible
from paraph.pki.folder import Authority

REASONS = [
    each.value
    for each in x509.ReasonFlags
    if each not in (x509.ReasonFlags.certificate_hold, x509.ReasonFlags.remove_from_crl)  # what is revoked stays so
]


@click.command()
@authority
@click.argument("certificate", type=FILE)
@click.option("--reason", type=click.Choice(REASONS), default="unspecified", help="Why (RFC 5280 §5.3.1).")
def revoke(*, authority: Authority, certificate: Path, reason: str) -> int:
    """Say that a CERTIFICATE is no longer good, for ever. Then publish the next list: `paraph pki crl`."""
    revoked, *_ = certs.read(certificate.read_bytes())
    authority.revoke(revoked, reason=x509.ReasonFlags(reason), at=datetime.now(UTC))
    click.echo(f"revoked: {legible(readable(revoked.subject))}, number {revoked.serial_number:x}")
    return 0
