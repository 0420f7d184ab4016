"""`paraph workflow list`."""

import json
from itertools import islice

import click

from paraph.cli.options import as_json
from paraph.cli.workflow.connection import connected
from paraph.cli.workflow.shown import document, line
from paraph.client import Client

STATES = ["draft", "started", "stopped", "finished", "archived"]


@click.command()
@click.option("--text", default="", help="Only those with this in their name, or in a recipient's address.")
@click.option("--status", type=click.Choice(STATES), help="Only those in this state.")
@click.option("--limit", type=click.IntRange(1), default=20, show_default=True, help="How many at most.")
@connected
@as_json
def list(*, client: Client, text: str, status: str | None, limit: int, as_json: bool) -> int:  # noqa: A001  the command's name
    """List workflows, newest first; as JSON, one on each line."""
    for each in islice(client.workflows(text=text, status=status), limit):
        click.echo(json.dumps(document(each)) if as_json else line(each))
    return 0
