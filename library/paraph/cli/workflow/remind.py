"""`paraph workflow remind`."""

import click

from paraph.cli.options import as_json
from paraph.cli.workflow.connection import EMAIL, WORKFLOW, connected
from paraph.cli.workflow.shown import told
from paraph.client import Client


@click.command()
@WORKFLOW
@EMAIL
@connected
@as_json
def remind(*, client: Client, workflow_id: str, email: str, as_json: bool) -> int:
    """Send a recipient their invitation again, while it is their turn."""
    told(client.send_invite(workflow_id, email), as_json=as_json)
    return 0
