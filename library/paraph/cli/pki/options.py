"""What the commands of `paraph pki` have in common."""

import sys
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import Any

import click

from paraph.cli import keys
from paraph.cli.options import passphrase, passphrase_fd, passphrase_file
from paraph.keys.new import KeyType
from paraph.pki import AgentSubject, LegalSubject, PersonSubject
from paraph.pki.folder import CERTIFICATE, ELSEWHERE, KEY, Authority
from paraph.pki.subjects import Subject

FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)

key_type = click.option(
    "--key-type",
    type=click.Choice([each.value for each in KeyType]),
    default=KeyType.P256.value,
    show_default=True,
    help="The kind of key to make.",
)

key_elsewhere = click.option(
    "--key", metavar="URI", help="The key, if it is on a token already (pkcs11:); it stays there."
)

_NAMES = [
    click.option("--name", help="Of the organisation, or of its service."),
    click.option("--country", required=True, metavar="CODE", help="Two letters: FR."),
    click.option(
        "--identifier", help="The organisation's number, as EN 319 412-1 §5.1.4 writes it: NTRFR-123456789, VATFR-…"
    ),
    click.option("--organization", help="Whose service or member it is."),
]
_PERSON = [
    click.option("--given-name", help="Of a person."),
    click.option("--surname", help="Of a person."),
    click.option("--serial-number", help="What tells two people of the same name apart."),
    click.option("--email", help="Of a person."),
]


def organisation(command: Callable[..., int]) -> Callable[..., int]:
    """Give a command the options that name an organisation, read into one `subject`."""
    return _named(command, _NAMES)


def subject(command: Callable[..., int]) -> Callable[..., int]:
    """Give a command the options that name an organisation or a person, read into one `subject`."""
    return _named(command, [*_NAMES, *_PERSON])


def _named(command: Callable[..., int], options: list[Callable[..., Any]]) -> Callable[..., int]:
    @wraps(command)
    def wished(
        *,
        name: str | None,
        country: str,
        identifier: str | None,
        organization: str | None,
        given_name: str | None = None,
        surname: str | None = None,
        serial_number: str | None = None,
        email: str | None = None,
        **others: Any,
    ) -> int:
        whose: Subject
        if given_name or surname:
            wanted = {"--given-name": given_name, "--surname": surname, "--serial-number": serial_number}
            given, family, number = _all(wanted)
            whose = PersonSubject(given, family, country, number, email)
            if organization or identifier:
                whose = AgentSubject(whose, *_all({"--organization": organization, "--identifier": identifier}))
        else:
            own, registered = _all({"--name": name, "--identifier": identifier})
            whose = LegalSubject(own, country, registered, organization)
        return command(subject=whose, **others)

    decorated: Callable[..., int] = wished
    for option in reversed(options):
        decorated = option(decorated)
    return decorated


def _all(wanted: dict[str, str | None]) -> list[str]:
    missing = [option for option, value in wanted.items() if not value]
    if missing:
        raise click.UsageError(f"The certificate also needs {', '.join(missing)}.")
    return [value for value in wanted.values() if value]


def authority(command: Callable[..., int]) -> Callable[..., int]:
    """Give a command the folder of an authority and what opens its key, read into one `authority`."""

    @wraps(command)
    def wished(*, folder: Path, passphrase_file: Path | None, passphrase_fd: int | None, **others: Any) -> int:
        return command(authority=opened(folder, passphrase(passphrase_file, passphrase_fd)), **others)

    where = click.argument("folder", type=FOLDER, metavar="AUTHORITY")
    return where(passphrase_file(passphrase_fd(wished)))


def opened(folder: Path, secret: bytes | None) -> Authority:
    """The authority in a folder, its key opened.

    Raises:
        click.UsageError: there is none.
        UnusableKey: the passphrase is wrong.
    """
    if not (folder / CERTIFICATE).is_file():
        raise click.UsageError(f"There is no authority in {folder}.")
    elsewhere = folder / ELSEWHERE
    key = elsewhere.read_text() if elsewhere.is_file() else str(folder / KEY)
    return Authority(folder, keys.opened(key, secret, folder / CERTIFICATE).signer())


def new_passphrase(path: Path | None, descriptor: int | None, what: str) -> bytes:
    """What locks a new key; a person at a terminal is asked for it twice."""
    given = passphrase(path, descriptor)
    if given is None and sys.stdin.isatty():
        asked = click.prompt(f"New passphrase of {what}", hide_input=True, confirmation_prompt=True, err=True)
        given = str(asked).encode()
    if not given:
        raise click.UsageError("A new key needs a passphrase: give --passphrase-file or --passphrase-fd.")
    return given
