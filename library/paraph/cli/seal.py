"""`paraph seal`."""

import json
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from functools import cache
from glob import glob, has_magic
from pathlib import Path

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, ProgressColumn, Task, TimeRemainingColumn
from rich.text import Text

from paraph.cli import batch
from paraph.cli.batch import Outcome, State
from paraph.cli.exits import Exit
from paraph.cli.options import as_json
from paraph.cli.signing import Wish, signing
from paraph.errors import Unavailable
from paraph.formats.text import legible

_PATIENCE = 5
"""Documents that fail one after the other because a service is unavailable, before the rest is left for later."""


EXAMPLES = """\b
Examples:
  paraph seal invoices --output sealed --key seal.p12 --passphrase-file secret
  paraph seal 'invoices/2026-*.pdf' --output sealed --key seal.p12 --tsa http://tsa.example.org --json
"""


@click.command(epilog=EXAMPLES)
@click.argument("paths", nargs=-1, required=True, metavar="PATHS...")
@click.option(
    "--output", required=True, type=click.Path(file_okay=False, path_type=Path), help="The folder of the sealed files."
)
@signing
@as_json
def seal(*, paths: Sequence[str], output: Path, wish: Wish, as_json: bool) -> int:
    """Seal many PDFs: files, folders with everything below them, or patterns such as 'invoices/*.pdf'.

    Each is written under its own name to the folder --output, which mirrors the folders that were given. Run it again
    after an interruption: what is sealed already is recognised and skipped.
    """
    tasks = _tasks(paths, output)
    started = time.monotonic()
    with _progress(quiet=as_json) as progress:
        shown = progress.add_task("", total=len(tasks))
        outcomes = list(_until_unavailable(tasks, wish, lambda: progress.advance(shown)))
    _tell(outcomes, len(tasks), time.monotonic() - started, as_json=as_json)
    if len(outcomes) < len(tasks):
        raise Unavailable(f"{outcomes[-1].reason} Stopped; run the same command again to go on.")
    return Exit.NO if any(outcome.state is State.FAILED for outcome in outcomes) else Exit.DONE


def _tasks(paths: Sequence[str], output: Path) -> list[batch.Task]:
    """What is to be sealed, each once, and where to.

    Raises:
        click.UsageError: a path leads to nothing, or two documents to one place.
    """
    own = output.resolve()
    is_own = cache(lambda folder: folder.resolve().is_relative_to(own))  # few folders, many files
    places: dict[Path, Path] = {}
    for source, name in (found for path in paths for found in _found(path)):
        if is_own(source.parent):
            continue  # an earlier run's results are no input
        place = output / name
        if places.setdefault(place, source) is not source and places[place].resolve() != source.resolve():
            raise click.UsageError(f"{places[place]} and {source} would both be written to {place}.")
    if not places:
        raise click.UsageError("There are no PDF files there.")
    return [batch.Task(source, place) for place, source in places.items()]


def _found(path: str) -> Iterator[tuple[Path, Path]]:
    """The documents behind a path, each with its name in the output folder."""
    given = Path(path)
    if given.is_dir():
        below = sorted(each for each in given.rglob("*") if each.suffix.lower() == ".pdf" and each.is_file())
        yield from ((each, each.relative_to(given)) for each in below)
    elif given.is_file():
        yield given, Path(given.name)
    elif has_magic(path) and (matching := glob(path, recursive=True)):  # noqa: PTH207  absolute patterns, which Path refuses
        yield from (found for each in sorted(matching) for found in _found(each))
    else:
        raise click.UsageError(f"There is nothing at {path}.")


def _until_unavailable(tasks: list[batch.Task], wish: Wish, advance: Callable[[], None]) -> Iterator[Outcome]:
    """The outcomes, up to where a service stays away."""
    missed = 0
    with closing(batch.run(tasks, wish)) as outcomes:
        for outcome in outcomes:
            yield outcome
            advance()
            missed = missed + 1 if outcome.code == Unavailable.code else 0
            if missed == _PATIENCE:
                return


class _Rate(ProgressColumn):
    """Documents per second."""

    def render(self, task: Task) -> Text:
        speed = task.finished_speed or task.speed
        return Text(f"{speed:.0f}/s" if speed else "", style="progress.data.speed")


def _progress(*, quiet: bool) -> Progress:
    console = Console(stderr=True)
    columns = (BarColumn(None), MofNCompleteColumn(), _Rate(), TimeRemainingColumn())
    return Progress(*columns, console=console, disable=quiet or not console.is_terminal)


def _tell(outcomes: Sequence[Outcome], total: int, seconds: float, *, as_json: bool) -> None:
    counted = Counter(outcome.state for outcome in outcomes)
    failed = [outcome for outcome in outcomes if outcome.state is State.FAILED]
    if as_json:
        facts = {
            "sealed": counted[State.SEALED],
            "sealed_before": counted[State.BEFORE],
            "failed": [{"file": str(each.source), "code": each.code, "reason": each.reason} for each in failed],
            "not_tried": total - len(outcomes),
            "seconds": round(seconds, 3),
        }
        click.echo(json.dumps(facts, indent=2))
        return
    for each in failed:
        click.echo(legible(f"{each.source}: {each.reason}"), err=True)
    rate = f" in {seconds:.1f} s, {counted[State.SEALED] / seconds:.0f} per second" if counted[State.SEALED] else ""
    before = f", {counted[State.BEFORE]} were sealed before" if counted[State.BEFORE] else ""
    click.echo(f"{counted[State.SEALED]} sealed{before}, {counted[State.FAILED]} failed{rate}.")
