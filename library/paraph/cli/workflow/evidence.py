"""`paraph workflow evidence`."""

from pathlib import Path

import click

from paraph.cli.options import as_json
from paraph.cli.workflow.connection import WORKFLOW, connected
from paraph.cli.workflow.transfers import OUTPUT, save
from paraph.client import Client


@click.command()
@WORKFLOW
@OUTPUT
@connected
@as_json
def evidence(*, client: Client, workflow_id: str, output: Path | None, as_json: bool) -> int:
    """Fetch the evidence file of a finished workflow; `paraph evidence verify` checks it."""
    save(client.download_evidence, workflow_id, output, as_json=as_json)
    return 0
