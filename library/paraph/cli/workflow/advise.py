"""`paraph workflow advise`."""

import json
import re
from collections.abc import Iterator

import click

from paraph.cli.options import as_json
from paraph.cli.workflow.connection import connected
from paraph.client import Advice, Client, wire
from paraph.formats.text import legible

KINDS = [
    *("contract", "employment", "staff", "order", "tender", "decision", "invoice", "insurance", "settlement"),
    *("mandate", "guarantee", "minutes", "receipt", "other"),
]
EXAMPLES = """\b
Examples:
  paraph workflow advise --document employment --amount 0 --counterparty known --home --no-prescribed-form
  paraph workflow advise --document order --amount 25000 --person legal --abroad --language fr
"""


def _sum(_context: click.Context, _option: click.Parameter, value: str | None) -> str | None:
    if value is not None and not re.fullmatch(r"[0-9]{1,16}(\.[0-9]{1,2})?", value):
        raise click.BadParameter("write it as 25000 or 19.90")
    return value


@click.command(epilog=EXAMPLES)
@click.option("--document", "document_kind", type=click.Choice(KINDS), help="What is signed.")
@click.option("--amount", callback=_sum, help="What it commits to; 0 for no payment.")
@click.option("--currency", metavar="CODE", help="Of the amount, such as EUR.")
@click.option("--counterparty", type=click.Choice(["known", "unknown"]), help="Whether you know who signs.")
@click.option("--person", type=click.Choice(["natural", "legal"]), help="Whether they sign for an organisation.")
@click.option("--abroad/--home", "cross_border", default=None, help="Whether somebody signs in another country.")
@click.option(
    "--prescribed-form/--no-prescribed-form",
    "regulated_act",
    default=None,
    help="Whether a text says how it is signed.",
)
@click.option("--public-body", is_flag=True, help="An administration signs, or is signed to.")
@click.option("--language", type=click.Choice(["en", "fr"]), help="Of the answer.")
@connected
@as_json
def advise(
    *,
    client: Client,
    document_kind: str | None,
    amount: str | None,
    currency: str | None,
    counterparty: str | None,
    person: str | None,
    cross_border: bool | None,
    regulated_act: bool | None,
    public_body: bool,
    language: str | None,
    as_json: bool,
) -> int:
    """Say which level of signature suits a document, and why. What is not said counts as the riskier answer."""
    found = client.advice(
        document_kind=document_kind,
        amount=amount,
        currency=currency,
        counterparty=counterparty,
        person=person,
        cross_border=cross_border,
        regulated_act=regulated_act,
        public_body=public_body,
        language=language,
    )
    click.echo(json.dumps(wire.write(found), indent=2) if as_json else "\n".join(map(legible, _lines(found))))
    return 0


def _lines(found: Advice) -> Iterator[str]:
    yield f"{found.title} ({found.signature_level})"
    yield f"  {found.summary}"
    for sign, words in (
        ("=", found.reasons),
        ("+", found.advantages),
        ("-", found.drawbacks),
        ("§", found.legal_effect),
        ("€", (found.effort,)),
        ("!", found.warnings),
    ):
        yield from (f"  {sign} {each}" for each in words)
