"""Going back to the site that a signer came from, and proving to it what became of the signature.

The browser carries a code. The site's server hands it in over the REST API, with its access token, and is told what it
says: no secret is shared with the site, and what a person writes into an address proves nothing.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal
from urllib.parse import urlencode, urlsplit

from django.utils.translation import gettext as _

from paraph_server.signing.errors import BadReturn
from paraph_server.web import tokens
from paraph_server.workflows.models import Recipient, Workflow

LASTS = timedelta(minutes=10)
PURPOSE = "return"

Outcome = Literal["signed", "refused", "pending"]


@dataclass(frozen=True, slots=True)
class Return:
    """What became of a recipient's part when they left."""

    recipient_id: str
    outcome: Outcome
    at: datetime


def outcome(recipient: Recipient) -> Outcome:
    """Whether they did their part, whatever the step asks for."""
    if recipient.done_at:
        return "signed"
    return "refused" if recipient.refused_at else "pending"


def code(recipient: Recipient, *, at: datetime) -> str:
    """What the browser carries to the site."""
    claims = {"sub": recipient.pk, "wfl": recipient.workflow.pk, "out": outcome(recipient)}
    return tokens.sign(PURPOSE, claims, at=at, lasting=LASTS)


def read(workflow: Workflow, presented: str, *, at: datetime) -> Return:
    """What a code says of this workflow. It may be asked again, for as long as it lasts: an answer may get lost.

    Raises:
        BadReturn: it was forged, is too old, or speaks of another workflow.
    """
    try:
        claims = tokens.read(PURPOSE, presented, at=at)
    except tokens.BadToken:
        claims = {}
    if claims.get("wfl") != workflow.pk:
        raise BadReturn(_("This code is forged, too old, or made for another workflow."))
    return Return(claims["sub"], claims["out"], datetime.fromtimestamp(claims["iat"], tz=at.tzinfo))


def address(recipient: Recipient, target: str, *, at: datetime) -> str:
    """The site's address, with what it needs to know behind what it has already."""
    facts = {"workflowId": recipient.workflow.pk, "recipientId": recipient.pk, "outcome": outcome(recipient)}
    parts = urlsplit(target)
    query = "&".join(filter(None, [parts.query, urlencode({**facts, "code": code(recipient, at=at)})]))
    return parts._replace(query=query).geturl()
