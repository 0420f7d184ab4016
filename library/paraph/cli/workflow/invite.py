"""`paraph workflow invite`."""

import json

import click

from paraph.cli.options import as_json
from paraph.cli.workflow.connection import EMAIL, WORKFLOW, connected
from paraph.client import Client
from paraph.formats.text import legible


@click.command()
@WORKFLOW
@EMAIL
@connected
@as_json
def invite(*, client: Client, workflow_id: str, email: str, as_json: bool) -> int:
    """Print the address at which a recipient signs: for your own message to them, or for your own page.

    Whoever has it acts as this recipient, as far as a link goes: keep it between them and you.
    """
    address = client.invite(workflow_id, email)
    click.echo(json.dumps({"inviteUrl": address}) if as_json else legible(address))
    return 0
