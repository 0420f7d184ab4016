"""The options that several commands share, and what they stand for."""

from collections.abc import Sequence
from pathlib import Path

import click

from paraph import certs
from paraph.certs import TrustStore
from paraph.timestamps import HttpTimestamper, Providers, Timestamper

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)

trust = click.option(
    "--trust", "roots", required=True, type=FILE, help="The root certificates to trust, PEM or DER.", metavar="FILE"
)
tsa = click.option(
    "--tsa",
    "tsas",
    multiple=True,
    metavar="URL",
    help="The time-stamp authority (RFC 3161); given again, the one to ask when the others fail.",
)
password = click.option(
    "--password-file", type=FILE, help="The file with the password of encrypted PDFs, the owner's or the user's."
)
passphrase_file = click.option("--passphrase-file", type=FILE, help="The file with the key's passphrase, or its PIN.")
passphrase_fd = click.option("--passphrase-fd", type=int, help="The descriptor to read it from.", metavar="NUMBER")
as_json = click.option("--json", "as_json", is_flag=True, help="Print JSON.")


def timestamper(tsas: Sequence[str]) -> Timestamper | None:
    """The authorities in the order in which they are to be asked."""
    return Providers([HttpTimestamper(each) for each in tsas]) if tsas else None


def secret(path: Path) -> bytes:
    """What a file keeps, without the line end that editors and `echo` add."""
    return path.read_bytes().rstrip(b"\r\n")


def passphrase(path: Path | None, descriptor: int | None) -> bytes | None:
    """What a file or a descriptor tells, where one is given."""
    if path is not None:
        return secret(path)
    if descriptor is not None:
        with open(descriptor, "rb") as stream:  # noqa: PTH123  a descriptor has no path
            return stream.read().rstrip(b"\r\n")
    return None


def password_in(path: Path | None) -> str:
    """The password in a file; none when there is no file."""
    return secret(path).decode("utf-8") if path else ""


def trusted(roots: Path) -> TrustStore:
    return TrustStore(tuple(certs.read(roots.read_bytes())))
