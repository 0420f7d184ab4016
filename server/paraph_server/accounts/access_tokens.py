"""Access tokens, `act_<id>.<secret>`: made once, shown once, checked in constant time."""

import hashlib
import hmac
import secrets
from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from paraph_server.accounts.errors import WrongToken
from paraph_server.accounts.models import AccessToken, User
from paraph_server.accounts.tenancy import every_tenant, tenant_context

PREFIX = "act_"
GRAIN = timedelta(minutes=1)  # how exactly the last use is known: not every call needs a write


def create(user: User, *, name: str, at: datetime) -> str:
    """A new token for a program that acts as this user; this is the only time its secret is seen."""
    secret = secrets.token_urlsafe(32)
    token = AccessToken.objects.create(
        tenant_id=user.tenant_id, user=user, name=name, secret_hash=_hash(secret), created_at=at
    )
    return f"{token.pk}.{secret}"


def authenticate(presented: str, *, at: datetime) -> User:
    """The user for whom this token was made.

    Raises:
        WrongToken: unknown, altered, revoked, or its user is no longer active.
    """
    token_id, _dot, secret = presented.partition(".")
    with every_tenant():
        token = AccessToken.objects.filter(pk=token_id).select_related("user__tenant").first()
    # An unknown id takes the same path as a wrong secret.
    expected = token.secret_hash if token else _hash(secrets.token_urlsafe(32))
    right = hmac.compare_digest(expected, _hash(secret))
    if token is None or not right or not token.user.is_active:
        raise WrongToken(_("This access token is not valid."))
    _note_use(token, at)
    return token.user


def revoke(user: User, *, name: str) -> None:
    """The user's tokens of this name stop working."""
    AccessToken.objects.filter(user=user, name=name).delete()


def _note_use(token: AccessToken, at: datetime) -> None:
    if token.last_used_at is None or at - token.last_used_at > GRAIN:
        with tenant_context(token.tenant_id):
            AccessToken.objects.filter(pk=token.pk).update(last_used_at=at)


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
