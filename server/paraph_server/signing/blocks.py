"""The visible block of each signer: where it stands on a page, and what it says."""

from datetime import datetime

from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from paraph import pades
from paraph.pades import Block

from paraph_server.documents import queries as stored
from paraph_server.signing.models import Signing
from paraph_server.workflows import fields
from paraph_server.workflows.fields import Place
from paraph_server.workflows.models import Document, Recipient

WIDTH, HEIGHT, GAP, MARGIN = 165.0, 68.0, 10.0, 36.0  # points


def block(signing: Signing, document: Document, content: bytes, *, at: datetime) -> Block | None:
    """A signer's block on a document: where the sender put it, else in the next free place on the last page.

    When that page is full, further signatures are invisible there; the evidence file names everybody.
    """
    if document.signature_profile is None or not document.signature_profile.visible:
        return None
    recipient = signing.recipient
    place = fields.place(document, recipient.position) or _automatic(content, recipient.position)
    if place is None:
        return None
    image = stored.content(signing.mark) if signing.mark else None
    return Block(place.page, place.x, place.y, place.width, place.height, _lines(recipient, at), image)


def reason(recipient: Recipient) -> str:
    """Why the signature was made; it carries the workflow's reference into the signed file."""
    with translation.override(recipient.locale):
        return _("Signed in %(reference)s") % {"reference": recipient.workflow.pk}


def _lines(recipient: Recipient, at: datetime) -> tuple[str, ...]:
    with translation.override(recipient.locale):
        when = date_format(timezone.localtime(at), "DATETIME_FORMAT")
        return (
            _("Signed by %(name)s") % {"name": recipient.name},
            when,
            recipient.workflow.name,
            recipient.workflow.pk,
        )


def _automatic(content: bytes, position: int) -> Place | None:
    """Rows of places from the foot of the last page upwards, as many beside each other as fit."""
    page_width, page_height = pades.inspect(content).sizes[-1]
    width, height = min(WIDTH, page_width), min(HEIGHT, page_height)
    margin = min(MARGIN, (page_width - width) / 2, (page_height - height) / 2)
    columns = 1 + int((page_width - 2 * margin - width) // (width + GAP))
    rows = 1 + int((page_height - 2 * margin - height) // (height + GAP))
    row, column = divmod(position, columns)
    if row >= rows:
        return None
    return Place(
        -1, margin + column * (width + GAP), page_height - margin - height - row * (height + GAP), width, height
    )
