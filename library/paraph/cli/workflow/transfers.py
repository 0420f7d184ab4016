"""Files on their way: how far they are, and where they end."""

import json
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, Protocol

import click
from rich.console import Console
from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TransferSpeedColumn

from paraph.cli.results import refuse_to_overwrite
from paraph.client import File
from paraph.formats.text import legible

Moved = Callable[[int, int | None], None]
OUTPUT = click.option(
    "--output", type=click.Path(path_type=Path), help="The file to write, or the folder; the server's name by default."
)


class Download(Protocol):
    """A method of the client."""

    def __call__(self, workflow_id: str, into: BinaryIO, *, progress: Moved | None = None) -> File: ...


@contextmanager
def moving(name: str, *, quiet: bool) -> Iterator[Moved]:
    """A bar on a terminal, which is told how many bytes have gone."""
    console = Console(stderr=True)
    columns = (TextColumn("{task.description}", markup=False), BarColumn(None), DownloadColumn(), TransferSpeedColumn())
    with Progress(*columns, console=console, disable=quiet or not console.is_terminal, transient=True) as progress:
        task = progress.add_task(legible(name), total=None)
        yield lambda gone, size: progress.update(task, completed=gone, total=size)


def save(download: Download, workflow_id: str, output: Path | None, *, as_json: bool) -> None:
    """Fetch a file, whole or not at all, and say where it is.

    Raises:
        click.UsageError: there is something of that name already.
    """
    named = output if output and not output.is_dir() else None
    if named:
        refuse_to_overwrite(named)
    folder = named.parent if named else output or Path()
    growing = folder / f".paraph.{os.getpid()}"
    try:
        with growing.open("w+b") as file, moving(workflow_id, quiet=as_json) as moved:
            found = download(workflow_id, file, progress=moved)
        place = named or folder / found.name
        refuse_to_overwrite(place)
        growing.replace(place)
    finally:
        growing.unlink(missing_ok=True)
    facts = {"file": str(place), "contentType": found.content_type, "size": found.size}
    click.echo(json.dumps(facts) if as_json else legible(place))
