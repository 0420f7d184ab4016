"""`paraph workflow create`."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

import click

from paraph import pades
from paraph.cli.options import FILE, as_json
from paraph.cli.signing import Rectangle
from paraph.cli.workflow.connection import connected
from paraph.cli.workflow.people import StepType
from paraph.cli.workflow.shown import told
from paraph.cli.workflow.transfers import moving
from paraph.client import Client, Field, NewRecipient, NewStep
from paraph.errors import InputError, ParaphError
from paraph.formats.text import legible

EXAMPLES = """\b
Examples:
  paraph workflow create contract.pdf --to "Bob Durand <bob@example.org>" --send
  paraph workflow create contract.pdf --attach terms.pdf --name "Contract 42" --identify sms --days 7
    --to "Bob Durand <bob@example.org> +33639980102" --block=-1,60,640,200,80
    --to "approve, 1 of: Carol Petit <carol@example.org>, usr_2vPz7Qk…"
"""


@dataclass(frozen=True, slots=True)
class Manner:
    """What holds for everybody."""

    identification: str | None
    language: str | None
    days: int | None
    silent: bool

    def step(self, wanted: NewStep, consent_page: str | None) -> NewStep:
        return replace(
            wanted,
            recipients=[self._recipient(each, consent_page) for each in wanted.recipients],
            validity_period=timedelta(days=self.days) if self.days else None,
            max_invites=0 if self.silent else None,
        )

    def _recipient(self, wanted: NewRecipient, consent_page: str | None) -> NewRecipient:
        return replace(wanted, consent_page_id=consent_page, preferred_locale=self.language)


@click.command(epilog=EXAMPLES)
@click.argument("documents", type=FILE, nargs=-1, required=True, metavar="DOCUMENTS...")
@click.option(
    "--to",
    "steps",
    type=StepType(),
    multiple=True,
    required=True,
    metavar="PEOPLE",
    help="Who acts; given again, who acts next.",
)
@click.option("--name", help="The name of the first document by default.")
@click.option("--description", default="", help="What the recipients read beside the name.")
@click.option("--attach", "attachments", type=FILE, multiple=True, help="A file that is shown and not signed.")
@click.option(
    "--block",
    "blocks",
    type=Rectangle(),
    multiple=True,
    help="Show the first signature there on each document, in points from the top left; given again, the next one.",
)
@click.option(
    "--identify",
    "identification",
    metavar="HOW",
    help="How signers prove who they are, such as email or sms; or a consent page's name or id.",
)
@click.option("--language", type=click.Choice(["en", "fr"]), help="Of the invitations.")
@click.option("--days", type=click.IntRange(1, 366), help="How long each step may take.")
@click.option(
    "--no-mail", "silent", is_flag=True, help="Send no invitations: hand out the links yourself, see `invite`."
)
@click.option("--send", "at_once", is_flag=True, help="Send it on its way at once.")
@connected
@as_json
def create(
    *,
    client: Client,
    documents: Sequence[Path],
    steps: Sequence[NewStep],
    name: str | None,
    description: str,
    attachments: Sequence[Path],
    blocks: Sequence[pades.Block],
    identification: str | None,
    language: str | None,
    days: int | None,
    silent: bool,
    at_once: bool,
    as_json: bool,
) -> int:
    """Prepare DOCUMENTS, and the people who are to sign or approve them; print the workflow's id.

    Each --to is a step: people who act at the same time, such as "Bob Durand <bob@example.org> +33639980102", several
    with commas between them. "approve:" in front of them asks for an approval, "1 of:" for as many of them as it says.
    """
    manner = Manner(identification, language, days, silent)
    page = _consent_page(client, identification) if identification else None
    profile = next(client.signature_profiles()).id
    draft = client.create_workflow(
        client.me().id,
        name=name or documents[0].stem,
        description=description,
        steps=[manner.step(each, page) for each in steps],
    )
    with _left_behind(draft.id):
        for path in documents:
            with moving(path.name, quiet=as_json) as moved:
                added = client.add_document(draft.id, path, signature_profile_id=profile, progress=moved)
            if blocks:
                client.change_document(added.id, pdf_signature_fields=[_field(each) for each in blocks])
        for path in attachments:
            with moving(path.name, quiet=as_json) as moved:
                client.add_attachment(draft.id, path, progress=moved)
        told(client.start_workflow(draft.id) if at_once else draft, as_json=as_json)
    return 0


def _consent_page(client: Client, wanted: str) -> str:
    pages = list(client.consent_pages())
    for each in pages:
        if wanted.lower() in {each.id.lower(), each.name.lower(), each.authentication_mode.lower()}:
            return each.id
    known = ", ".join(sorted({each.authentication_mode for each in pages}))
    raise InputError(f"Nobody is identified by {wanted} there. Known are: {known}.")


def _field(block: pades.Block) -> Field:
    return Field(
        image_page=block.page,
        image_x=block.x,
        image_y=block.y,
        image_width=block.width,
        image_height=block.height,
    )


@contextmanager
def _left_behind(draft: str) -> Iterator[None]:
    try:
        yield
    except (ParaphError, OSError):
        click.echo(f"paraph: {legible(draft)} was made and not sent.", err=True)
        raise
