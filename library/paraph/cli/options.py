"""The options that several commands share, and what they stand for."""

from pathlib import Path

import click

from paraph import certs
from paraph.certs import TrustStore

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)

trust = click.option(
    "--trust", "roots", required=True, type=FILE, help="The root certificates to trust, PEM or DER.", metavar="FILE"
)
tsa = click.option("--tsa", metavar="URL", help="The time-stamp authority (RFC 3161).")
as_json = click.option("--json", "as_json", is_flag=True, help="Print JSON.")


def trusted(roots: Path) -> TrustStore:
    return TrustStore(tuple(certs.read(roots.read_bytes())))
