"""`paraph pki create`."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import click

from paraph.cli.keys import on_token
from paraph.cli.options import FILE, passphrase, passphrase_fd, passphrase_file, secret
from paraph.cli.pki.options import FOLDER, key_elsewhere, key_type, new_passphrase, opened, organisation
from paraph.keys.file import PrivateKey
from paraph.keys.new import KeyType
from paraph.keys.signer import Signer
from paraph.pki import LegalSubject
from paraph.pki.folder import Authority
from paraph.pki.form import Addresses

_YEAR = timedelta(days=365.25)
_ROOT_YEARS, _OTHER_YEARS = 20, 10


class _Address(click.ParamType[str]):
    name = "url"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Certificates hold addresses in ASCII."""
        try:
            found = urlsplit(str(value))
        except ValueError:
            found = urlsplit("")
        if found.scheme not in ("http", "https") or not found.hostname or not str(value).isascii():
            self.fail(f"{value} is no address; write it as http://pki.example.org/name", param, ctx)
        return str(value)


_ADDRESS = _Address()


@click.command()
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--under", type=FOLDER, help="The folder of the authority that vouches for it; without, it is a root.")
@click.option("--under-passphrase-file", type=FILE, help="The file with the passphrase of that authority's key.")
@organisation
@click.option("--years", type=click.IntRange(1, 100), help="How long it lasts: 20 for a root, 10 for others.")
@key_type
@key_elsewhere
@passphrase_file
@passphrase_fd
@click.option("--crl", type=_ADDRESS, required=True, help="Where its lists of revoked certificates will be published.")
@click.option("--ocsp", type=_ADDRESS, help="Where its OCSP responder will answer.")
@click.option("--issuer", type=_ADDRESS, help="Where its own certificate will be published.")
def create(
    *,
    folder: Path,
    under: Path | None,
    under_passphrase_file: Path | None,
    subject: LegalSubject,
    years: int | None,
    key_type: str,
    key: str | None,
    passphrase_file: Path | None,
    passphrase_fd: int | None,
    crl: str,
    ocsp: str | None,
    issuer: str | None,
) -> int:
    """Make an authority in a new FOLDER: a root, or one that issues to seals and people under another authority.

    The addresses go into every certificate that it issues.
    """
    if folder.exists():
        raise click.UsageError(f"{folder} exists already.")
    above = opened(under, secret(under_passphrase_file) if under_passphrase_file else None) if under else None
    made: PrivateKey | Signer
    if key:
        made, kept = on_token(key, passphrase(passphrase_file, passphrase_fd)), key.encode()
    else:
        made, kept = KeyType(key_type).generate(), new_passphrase(passphrase_file, passphrase_fd, folder.name)
    Authority.create(
        folder,
        subject,
        made,
        kept,
        issuer=above,
        addresses=Addresses(crl, ocsp, issuer),
        at=datetime.now(UTC),
        validity=(years or (_OTHER_YEARS if above else _ROOT_YEARS)) * _YEAR,
    )
    click.echo(folder)
    return 0
