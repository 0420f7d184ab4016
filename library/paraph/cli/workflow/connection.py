"""The server that a command speaks to, and for whom: options of every command under `paraph workflow`."""

import os
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import Any

import click

from paraph.cli.options import FILE, passphrase
from paraph.client import Client

TOKEN = "PARAPH_TOKEN"  # noqa: S105  the name of a variable

_OPTIONS = (
    click.option(
        "--api", envvar="PARAPH_API", required=True, metavar="URL", help="Of the API, ending in /api.", show_envvar=True
    ),
    click.option(
        "--token-file", envvar="PARAPH_TOKEN_FILE", type=FILE, help="The file with the access token.", show_envvar=True
    ),
    click.option("--token-fd", type=int, metavar="NUMBER", help="The descriptor to read it from."),
)


def connected(command: Callable[..., int]) -> Callable[..., int]:
    """Give a command the `client` that its options describe."""

    @wraps(command)
    def run(*, api: str, token_file: Path | None, token_fd: int | None, **rest: Any) -> int:
        with Client(api, _token(token_file, token_fd)) as client:
            return command(client=client, **rest)

    for option in reversed(_OPTIONS):
        run = option(run)
    return run


def _token(path: Path | None, descriptor: int | None) -> str:
    """What a descriptor tells, a file, or the environment: the nearest to the command first."""
    told = passphrase(None if descriptor is not None else path, descriptor)
    found = os.environ.get(TOKEN, "") if told is None else told.decode("utf-8", "replace")
    if not found:
        raise click.UsageError(f"There is no access token: set {TOKEN} or PARAPH_TOKEN_FILE, or give --token-fd.")
    return found.strip()


WORKFLOW = click.argument("workflow_id", metavar="WORKFLOW")
WORKFLOWS = click.argument("workflow_ids", metavar="WORKFLOW...", nargs=-1, required=True)
EMAIL = click.argument("email", metavar="EMAIL")
