"""The visible block of each signer: where it stands on a page, and what it says."""

from datetime import datetime

from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from paraph import pades
from paraph.pades import Block

from paraph_server.documents import queries as stored
from paraph_server.signing.models import Signing
from paraph_server.workflows.models import Document, Recipient

WIDTH, HEIGHT, GAP, MARGIN = 165.0, 68.0, 10.0, 36.0  # points


def block(signing: Signing, document: Document, content: bytes, *, at: datetime) -> Block | None:
    """A signer's block on a document: where the sender put it, or in the next free place on the last page."""
    if document.signature_profile is None or not document.signature_profile.visible:
        return None
    recipient = signing.recipient
    page, x, y, width, height = _placed(document, recipient) or _automatic(content, recipient.position)
    image = stored.content(signing.mark) if signing.mark else None
    return Block(page, x, y, width, height, _lines(recipient, at), image)


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


def _placed(document: Document, recipient: Recipient) -> tuple[int, float, float, float, float] | None:
    """The field the sender placed for this signer: the n-th is the n-th signer's."""
    if recipient.position >= len(document.signature_fields):
        return None
    field = document.signature_fields[recipient.position]
    names = ("imageX", "imageY", "imageWidth", "imageHeight")
    x, y, width, height = (float(field[name]) for name in names)
    return int(field["imagePage"]), x, y, width, height


def _automatic(content: bytes, position: int) -> tuple[int, float, float, float, float]:
    """Rows of blocks from the foot of the last page upwards, as many beside each other as fit."""
    page_width, page_height = pades.inspect(content).sizes[-1]
    width, height = min(WIDTH, page_width), min(HEIGHT, page_height)
    margin = min(MARGIN, (page_width - width) / 2, (page_height - height) / 2)
    columns = 1 + int((page_width - 2 * margin - width) // (width + GAP))
    rows = 1 + int((page_height - 2 * margin - height) // (height + GAP))
    row, column = divmod(position % (columns * rows), columns)
    return -1, margin + column * (width + GAP), page_height - margin - height - row * (height + GAP), width, height
