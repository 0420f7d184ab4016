"""`paraph pki request`."""

from pathlib import Path

import click
from cryptography.hazmat.primitives.serialization import Encoding

from paraph.cli import results
from paraph.cli.keys import on_token
from paraph.cli.options import passphrase, passphrase_fd, passphrase_file
from paraph.cli.pki.options import key_elsewhere, key_type, new_passphrase, subject
from paraph.keys.new import KeyType, locked
from paraph.pki import request as requests
from paraph.pki.subjects import Subject


@click.command()
@click.argument("place", type=click.Path(path_type=Path))
@subject
@key_type
@key_elsewhere
@passphrase_file
@passphrase_fd
def request(
    *,
    place: Path,
    subject: Subject,
    key_type: str,
    key: str | None,
    passphrase_file: Path | None,
    passphrase_fd: int | None,
) -> int:
    """Make a key and ask for a certificate for it: PLACE.key, encrypted, and PLACE.csr for the authority.

    For a seal, a time-stamping unit or a responder name the organisation; for a person --given-name, --surname and
    --serial-number, with --organization and --identifier where they act for one.
    """
    key_place, request_place = (place.with_name(f"{place.name}.{suffix}") for suffix in ("key", "csr"))
    for each in (key_place, request_place):
        results.refuse_to_overwrite(each)
    if key:
        asked = requests.request(subject, on_token(key, passphrase(passphrase_file, passphrase_fd)))
    else:
        secret, made = new_passphrase(passphrase_file, passphrase_fd, key_place.name), KeyType(key_type).generate()
        asked = requests.request(subject, made)
        results.write(key_place, locked(made, secret), mode=0o600)
        click.echo(key_place)
    results.write(request_place, asked.public_bytes(Encoding.PEM))
    click.echo(request_place)
    return 0
