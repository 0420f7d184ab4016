"""The command `paraph-trust`: prepare the database, perform the key ceremony, admit clients, serve."""

import os
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from paraph_trust.errors import NotReady, TrustError

if TYPE_CHECKING:
    from paraph_trust.ceremony.sheets import Sheet

REFUSED = 2
NOT_READY = 3
FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
FOLDER = click.Path(file_okay=False, path_type=Path)
SHEETS = click.option("--sheet", type=FILE, multiple=True, help="A holder's sheet; once for each holder present.")


@click.group()
def cli() -> None:
    """The Paraph trust service: certificates, signatures, time-stamps, status."""


@cli.command()
def migrate() -> None:
    """Bring the database to this version."""
    _set_up()
    from django.core.management import call_command  # noqa: PLC0415  needs Django set up

    call_command("migrate", interactive=False, verbosity=1)


@cli.command()
@click.argument("file", type=FILE)
@click.option("--sheets", type=FOLDER, help="An empty folder for the holders' sheets, under dual control.")
@SHEETS
def ceremony(file: Path, sheets: Path | None, sheet: tuple[Path, ...]) -> None:
    """Make the keys and certificates that FILE describes, once, and write the report.

    The first file makes the authority; later ones add seals and successors to it.
    """
    _set_up()
    from paraph_trust.ceremony import actions  # noqa: PLC0415  needs Django set up

    table = actions.Table(sheets_to=sheets, sheets=_read(sheet))
    click.echo(actions.perform(file.read_text(encoding="utf-8"), at=datetime.now(UTC), table=table))


@cli.command("import")
@click.argument("file", type=FILE)
def import_(file: Path) -> None:
    """Take the certificate in FILE into use, which another authority issued for a key of a ceremony.

    FILE holds it with its issuers up to the root, in PEM. What waited for it is made at once.
    """
    _set_up()
    from paraph_trust.ceremony import actions  # noqa: PLC0415  needs Django set up

    click.echo(actions.accept(file.read_bytes(), at=datetime.now(UTC)))


@cli.command()
@SHEETS
def unlock(sheet: tuple[Path, ...]) -> None:
    """Put the installation's secret together from the holders' sheets, where the service reads it."""
    _set_up()
    from paraph_trust.ceremony import custody  # noqa: PLC0415  needs Django set up

    custody.unlock(_read(sheet))
    click.echo("The keys can be opened until this machine forgets the secret.")


@cli.command("root-list")
@SHEETS
def root_list(sheet: tuple[Path, ...]) -> None:
    """Sign the root's next revocation list, if the last one is half through or no longer true."""
    _set_up()
    from paraph_trust.ceremony import actions  # noqa: PLC0415  needs Django set up

    click.echo(actions.publish_root_list(_read(sheet), at=datetime.now(UTC)))


@cli.group()
def approve() -> None:
    """Approve, as an officer, what one person must not do alone."""


@approve.command("ceremony")
@click.argument("file", type=FILE)
@click.option("--sheet", type=FILE, help="The officer's sheet; without it, the token is asked for.")
def approve_ceremony(file: Path, sheet: Path | None) -> None:
    """Approve the later ceremony that FILE describes, word for word."""
    _set_up()
    from paraph_trust.ceremony.models import digest_of  # noqa: PLC0415  needs Django set up

    _approve("ceremony", digest_of(file.read_text(encoding="utf-8")), sheet)


@approve.command("import")
@click.argument("file", type=FILE)
@click.option("--sheet", type=FILE, help="The officer's sheet; without it, the token is asked for.")
def approve_import(file: Path, sheet: Path | None) -> None:
    """Approve the certificates from another authority that are in FILE."""
    _set_up()
    from paraph_trust.ceremony.answers import digest_of  # noqa: PLC0415  needs Django set up

    _approve("import", digest_of(file.read_bytes()), sheet)


@approve.command("grant")
@click.argument("file", type=FILE)
@click.option("--sheet", type=FILE, help="The officer's sheet; without it, the token is asked for.")
def approve_grant(file: Path, sheet: Path | None) -> None:
    """Approve the certificate that FILE describes, for a key that somebody else holds."""
    _set_up()
    from paraph_trust.ceremony.models import digest_of  # noqa: PLC0415  needs Django set up

    _approve("grant", digest_of(file.read_text(encoding="utf-8")), sheet)


@approve.command("revoke")
@click.argument("serial")
@click.option("--sheet", type=FILE, help="The officer's sheet; without it, the token is asked for.")
def approve_revoke(serial: str, sheet: Path | None) -> None:
    """Approve that the certificate with this SERIAL number be revoked."""
    _set_up()
    _approve("revoke", serial.upper(), sheet)


def _approve(act: str, subject: str, sheet: Path | None) -> None:
    from paraph_trust.ceremony import sheets  # noqa: PLC0415  needs Django set up
    from paraph_trust.control import actions  # noqa: PLC0415  as above
    from paraph_trust.control.models import Act  # noqa: PLC0415  as above

    token = sheets.read(sheet).token if sheet else click.prompt("Token for approvals", hide_input=True)
    click.echo(actions.approve(Act(act), subject, token=token, at=datetime.now(UTC)))


def _read(paths: tuple[Path, ...]) -> "tuple[Sheet, ...]":
    from paraph_trust.ceremony import sheets  # noqa: PLC0415  loaded only when it runs

    return tuple(map(sheets.read, paths))


@cli.command()
@click.argument("serial")
@click.option("--reason", required=True, type=click.Choice(["keyCompromise", "superseded", "cessationOfOperation"]))
def revoke(serial: str, reason: str) -> None:
    """Revoke the certificate with this SERIAL number, at once and for good."""
    _set_up()
    from paraph_trust.authority import actions  # noqa: PLC0415  needs Django set up

    actions.revoke(serial, reason=reason, at=datetime.now(UTC))
    click.echo(f"Revoked {serial}: OCSP says so now, the list from its next reading.")


@cli.command()
@click.argument("file", type=FILE)
def grant(file: Path) -> None:
    """Grant the certificate that FILE describes, and print NAME:SECRET for whoever holds its key.

    The secret is never shown again; it is good for one enrolment over EST.
    """
    _set_up()
    from paraph_trust.enrolment import actions  # noqa: PLC0415  needs Django set up

    click.echo(actions.grant(file.read_text(encoding="utf-8"), at=datetime.now(UTC)))


@cli.command()
@click.argument("name")
def retire(name: str) -> None:
    """Destroy the key of the standing certificate NAME, which has a successor."""
    _set_up()
    from paraph_trust.authority import actions  # noqa: PLC0415  needs Django set up

    actions.retire(name, at=datetime.now(UTC))
    click.echo(f"The key of {name} is destroyed. Destroy its copies, too.")


@cli.group()
def client() -> None:
    """The programs that may ask for signatures."""


@client.command()
@click.argument("name")
def add(name: str) -> None:
    """Admit NAME and print its bearer token, which is never shown again."""
    _set_up()
    from paraph_trust.clients import actions  # noqa: PLC0415  needs Django set up

    click.echo(actions.add(name, at=datetime.now(UTC)))


@client.command()
@click.argument("name")
def renew(name: str) -> None:
    """Give NAME a new bearer token; the old one opens nothing from now on."""
    _set_up()
    from paraph_trust.clients import actions  # noqa: PLC0415  needs Django set up

    click.echo(actions.renew(name, at=datetime.now(UTC)))


@cli.command()
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8001, show_default=True)
def serve(host: str, port: int) -> None:
    """Answer requests until stopped."""
    _set_up()
    from paraph_trust import serving  # noqa: PLC0415  needs Django set up

    serving.serve(host, port)


def _set_up() -> None:
    """Read the options and start Django; `--help` needs neither."""
    import django  # noqa: PLC0415  as above

    os.environ["DJANGO_SETTINGS_MODULE"] = "paraph_trust.config.settings"
    django.setup()


def main() -> None:
    """Run a command; what stands in its way is one sentence and an exit code, not a trace."""
    try:
        cli(prog_name="paraph-trust")
    except TrustError as error:
        _leave(error)
    except Exception as error:
        from django.db import DatabaseError  # noqa: PLC0415  only when something went wrong

        if not isinstance(error, DatabaseError):
            raise
        _leave(NotReady(f"The database does not serve: {str(error).partition(chr(10))[0]}"))


def _leave(error: TrustError) -> None:
    click.echo(f"paraph-trust: {error}", err=True)
    sys.exit(NOT_READY if isinstance(error, NotReady) else REFUSED)


if __name__ == "__main__":
    main()
