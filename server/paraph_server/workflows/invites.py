"""Invitations: a link that is good for one recipient, signed so that nobody can make another."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from paraph_server.config.options import options
from paraph_server.web import tokens
from paraph_server.workflows.errors import BadInvitation
from paraph_server.workflows.models import Recipient

KEPT = timedelta(days=365)
"""How long a link leads to the finished documents, counted from its making."""
KEPT_BY_SITES = timedelta(days=1)
"""The same of a link that another site shows or is returned to: it asks for a fresh one with each page."""
PURPOSE = "invite"


@dataclass(frozen=True, slots=True)
class Invite:
    """Whom a link is for, or which act of theirs, and for which site it was made, if for one."""

    tenant_id: str
    subject: str
    embed_origin: str = ""
    """The site that may show the signing pages within its own."""
    return_to: str = ""
    """The address that the signer is sent back to."""


def token(recipient: Recipient, *, embed_origin: str = "", return_to: str = "", at: datetime) -> str:
    """A signed token that names the recipient and nobody else, and the site it is for and no other."""
    site = {name: value for name, value in (("emb", embed_origin), ("ret", return_to)) if value}
    claims = {"sub": recipient.pk, "ten": recipient.tenant_id, **site}
    return tokens.sign(PURPOSE, claims, at=at, lasting=KEPT_BY_SITES if site else KEPT)


def link(recipient: Recipient, *, embed_origin: str = "", return_to: str = "", at: datetime) -> str:
    return _link(token(recipient, embed_origin=embed_origin, return_to=return_to, at=at))


def link_to_act(tenant_id: str, act_id: str, *, at: datetime) -> str:
    """A link to what a person does in several workflows at once."""
    return _link(tokens.sign(PURPOSE, {"sub": act_id, "ten": tenant_id}, at=at, lasting=KEPT))


def _link(token: str) -> str:
    return f"{options().public_url}/invite?token={token}"


def read(presented: str, *, at: datetime) -> Invite:
    """Whom a token is for.

    Raises:
        BadInvitation: we did not make it, or its time is over.
    """
    try:
        claims = tokens.read(PURPOSE, presented, at=at)
    except tokens.BadToken:
        raise BadInvitation(_("This link is incomplete or too old. Open it again from your invitation.")) from None
    return Invite(claims["ten"], claims["sub"], claims.get("emb", ""), claims.get("ret", ""))
