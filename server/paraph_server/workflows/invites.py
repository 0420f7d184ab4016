"""Invitations: a link that is good for one recipient, signed so that nobody can make another."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache

from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import OctKey

from paraph_server.config.options import options
from paraph_server.workflows.errors import BadInvitation
from paraph_server.workflows.models import Recipient

KEPT = timedelta(days=365)
"""How long a link leads to the finished documents, counted from its making."""
ALGORITHMS = ["HS256"]
AUDIENCE = "invite"


@dataclass(frozen=True, slots=True)
class Invite:
    """Whom a link is for."""

    tenant_id: str
    recipient_id: str


def token(recipient: Recipient, *, at: datetime) -> str:
    """A signed token that names the recipient and nobody else."""
    claims = {
        "aud": AUDIENCE,
        "sub": recipient.pk,
        "ten": recipient.tenant_id,
        "iat": int(at.timestamp()),
        "exp": int((at + KEPT).timestamp()),
    }
    return jwt.encode({"alg": ALGORITHMS[0]}, claims, _key(), ALGORITHMS)


def link(recipient: Recipient, *, at: datetime) -> str:
    return f"{options().public_url}/invite?token={token(recipient, at=at)}"


def read(presented: str, *, at: datetime) -> Invite:
    """Whom a token is for.

    Raises:
        BadInvitation: we did not make it, or its time is over.
    """
    try:
        claims = jwt.decode(presented, _key(), ALGORITHMS).claims
        ours = claims["aud"] == AUDIENCE and claims["exp"] > at.astimezone(UTC).timestamp()
        invite = Invite(str(claims["ten"]), str(claims["sub"]))
    except (JoseError, ValueError, KeyError, TypeError):
        ours = False
    if not ours:
        raise BadInvitation(_("This link is incomplete or too old. Open it again from your invitation."))
    return invite


@cache
def _key() -> OctKey:
    secret = salted_hmac("paraph.workflows.invite", "key", options().secret_key.get_secret_value(), algorithm="sha256")
    return OctKey.import_key(secret.digest())
