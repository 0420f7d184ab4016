"""`paraph doctor`."""

import json
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from importlib.metadata import entry_points

import click

from paraph.cli.checks import GROUP, Check, Checks
from paraph.cli.exits import Exit
from paraph.cli.options import as_json
from paraph.formats.text import legible

_PATIENCE = 120
"""Seconds for all the checks of a package."""
_MARKS = {True: "ok", False: "BAD", None: "-"}


@click.command()
@click.option("--only", metavar="PACKAGE", help="Check one package: server or trust.")
@as_json
def doctor(*, only: str | None, as_json: bool) -> int:
    """Check what is installed and configured here: options, database, keys, clocks, certificates, services.

    Run it as the services run: with their environment, as their user.
    """
    names = sorted(entry_points(group=GROUP).names)
    if only is not None and only not in names:
        raise click.UsageError(f"There are no checks for {only}; there are for: {', '.join(names) or 'nothing'}.")
    found = {only: list(_looked(only))} if only else {name: _asked(name) for name in names}
    if as_json:
        click.echo(json.dumps({name: [asdict(check) for check in checks] for name, checks in found.items()}, indent=2))
    else:
        for name, checks in found.items():
            _tell(name, checks)
    return _verdict([check for checks in found.values() for check in checks])


def _verdict(checks: Sequence[Check]) -> int:
    if all(check.ok is None for check in checks):
        click.echo("Nothing is configured here: run it with the environment of a service.", err=True)
        return Exit.BAD_INPUT
    return Exit.NO if any(check.ok is False for check in checks) else Exit.DONE


def _looked(name: str) -> Iterator[Check]:
    """A package's checks, in this process; one that fails in a way nobody foresaw is a finding, too."""
    (entry_point,) = entry_points(group=GROUP, name=name)
    try:
        checks: Checks = entry_point.load()
        yield from checks()
    except Exception as error:  # noqa: BLE001  a doctor reports whatever it meets
        yield Check(name, ok=False, sentence=f"The checks broke off: {type(error).__name__}: {error}")


def _asked(name: str) -> list[Check]:
    """A package's checks, in a process of its own: there can only be one Django project in each."""
    command = [sys.executable, "-m", "paraph", "doctor", "--only", name, "--json"]
    try:
        answer = subprocess.run(command, capture_output=True, text=True, timeout=_PATIENCE, check=False)  # noqa: S603  our own program
        return [Check(**facts) for facts in json.loads(answer.stdout)[name]]
    except subprocess.TimeoutExpired:
        return [Check(name, ok=False, sentence=f"The checks did not end within {_PATIENCE} s.")]
    except (ValueError, KeyError, TypeError):
        last = (answer.stderr.strip().splitlines() or ["nothing"])[-1]
        return [Check(name, ok=False, sentence=f"The checks could not be run; the last words were: {last}")]


def _tell(name: str, checks: Sequence[Check]) -> None:
    click.echo(name)
    for check in checks:
        click.echo(f"  {_MARKS[check.ok]:4} {legible(check.name)}: {legible(check.sentence)}")
        if check.ok is False and check.remedy:
            click.echo(f"       {legible(check.remedy)}")
