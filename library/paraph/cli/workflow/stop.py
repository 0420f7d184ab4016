"""`paraph workflow stop`."""

from collections.abc import Sequence

import click

from paraph.cli.options import as_json
from paraph.cli.workflow.connection import WORKFLOWS, connected
from paraph.cli.workflow.shown import told
from paraph.client import Client


@click.command()
@WORKFLOWS
@connected
@as_json
def stop(*, client: Client, workflow_ids: Sequence[str], as_json: bool) -> int:
    """Cancel workflows that are on their way."""
    for each in workflow_ids:
        told(client.stop_workflow(each), as_json=as_json)
    return 0
