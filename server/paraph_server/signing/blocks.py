"""The visible block of each signer: what it says."""

from datetime import datetime

from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from paraph_server.documents import queries as stored
from paraph_server.signing import signers
from paraph_server.signing.models import Signing
from paraph_server.signing.signers import Signer
from paraph_server.workflows import blocks
from paraph_server.workflows.blocks import Look
from paraph_server.workflows.models import Document, Recipient


def look(signing: Signing, document: Document, content: bytes, *, at: datetime) -> Look:
    """A signer's block on a document, if there is one."""
    image = stored.content(signing.mark) if signing.mark else None
    lines = _lines(signing.recipient, signers.of(signing), at)
    return blocks.look(signing.recipient, document, content, lines, image)


def reason(recipient: Recipient) -> str:
    """Why the signature was made; it carries the workflow's reference into the signed file."""
    with translation.override(recipient.locale):
        return _("Signed in %(reference)s") % {"reference": recipient.workflow.pk}


def _lines(recipient: Recipient, signer: Signer, at: datetime) -> tuple[str, ...]:
    with translation.override(signer.locale):
        when = date_format(timezone.localtime(at), "DATETIME_FORMAT")
        return (
            _signed_by(signer),
            when,
            recipient.workflow.name,
            recipient.workflow.pk,
        )


def _signed_by(signer: Signer) -> str:
    if signer.acts_for:
        return _("Signed by %(name)s for %(principal)s") % {"name": signer.name, "principal": signer.acts_for}
    return _("Signed by %(name)s") % {"name": signer.name}
