"""`paraph workflow status`."""

import click

from paraph.cli.options import as_json
from paraph.cli.workflow.connection import WORKFLOW, connected
from paraph.cli.workflow.shown import show
from paraph.client import Client


@click.command()
@WORKFLOW
@connected
@as_json
def status(*, client: Client, workflow_id: str, as_json: bool) -> int:
    """Tell how far a workflow is, and who is asked."""
    show(client.workflow(workflow_id), as_json=as_json)
    return 0
