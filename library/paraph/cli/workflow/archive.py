"""`paraph workflow archive`."""

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
def archive(*, client: Client, workflow_ids: Sequence[str], as_json: bool) -> int:
    """Put workflows that have ended out of the way."""
    for each in workflow_ids:
        told(client.archive_workflow(each), as_json=as_json)
    return 0
