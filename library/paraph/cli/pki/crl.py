"""`paraph pki crl`."""

from datetime import UTC, datetime, timedelta

import click

from paraph.cli.pki.options import authority
from paraph.pki.folder import LIST, Authority


@click.command()
@authority
@click.option(
    "--days",
    type=click.IntRange(1, 366),
    default=7,
    show_default=True,
    help="When the one after it comes at the latest.",
)
def crl(*, authority: Authority, days: int) -> int:
    """Make the next list of revoked certificates, AUTHORITY/revoked.crl. Publish it where the certificates say."""
    authority.list_revoked(at=datetime.now(UTC), validity=timedelta(days=days))
    click.echo(authority.folder / LIST)
    return 0
