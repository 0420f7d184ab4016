"""`paraph workflow wait`."""

import time

import click

from paraph.cli.exits import Exit
from paraph.cli.options import as_json
from paraph.cli.workflow.connection import WORKFLOW, connected
from paraph.cli.workflow.shown import told
from paraph.client import Client, Workflow
from paraph.errors import InputError, Unavailable

_LONGEST_PAUSE = 15.0  # seconds


@click.command()
@WORKFLOW
@click.option("--timeout", type=click.IntRange(0), metavar="SECONDS", help="How long at most; for ever by default.")
@connected
@as_json
def wait(*, client: Client, workflow_id: str, timeout: int | None, as_json: bool) -> int:
    """Wait until a workflow is finished (exit code 0), or was stopped, refused or has expired (1)."""
    until = None if timeout is None else time.monotonic() + timeout
    pause = 1.0
    while _on_its_way(found := client.workflow(workflow_id)):
        if until is not None and time.monotonic() + pause > until:
            raise Unavailable(f"{workflow_id} is not finished yet.")
        time.sleep(pause)
        pause = min(pause * 1.2, _LONGEST_PAUSE)
    told(found, as_json=as_json)
    return Exit.DONE if found.finished else Exit.NO


def _on_its_way(workflow: Workflow) -> bool:
    if not workflow.started and not workflow.stopped:
        raise InputError(f"{workflow.id} was not sent: `paraph workflow send` does it.")
    return not (workflow.finished or workflow.stopped)
