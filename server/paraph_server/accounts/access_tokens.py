"""Access tokens, `act_<id>.<secret>`: made once, shown once, checked in constant time."""

import hashlib
import hmac
import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta
from ipaddress import ip_address, ip_network

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, QuerySet
from django.db.models.functions import JSONObject
from django.utils.translation import gettext as _

from paraph_server.accounts.errors import WrongToken
from paraph_server.accounts.models import AccessToken, Membership, User
from paraph_server.accounts.tenancy import every_tenant, tenant_context

PREFIX = "act_"
GRAIN = timedelta(minutes=1)  # how exactly the last use is known: not every call needs a write


def create(
    user: User,
    *,
    name: str,
    scopes: Sequence[str] = (),
    ip_ranges: Sequence[str] = (),
    expires_at: datetime | None = None,
    at: datetime,
) -> tuple[AccessToken, str]:
    """A new token for a program that acts as this user, and how it is written: the only time its secret is seen."""
    secret = secrets.token_urlsafe(32)
    token = AccessToken.objects.create(
        tenant_id=user.tenant_id,
        user=user,
        name=name,
        secret_hash=_hash(secret),
        scopes=list(scopes),
        ip_ranges=list(ip_ranges),
        expires_at=expires_at,
        created_at=at,
    )
    return token, f"{token.pk}.{secret}"


def authenticate(presented: str, *, address: str, at: datetime) -> AccessToken:
    """The token that somebody presents from an address, with its user.

    Raises:
        WrongToken: unknown, altered, revoked, expired, not for this address, or its user is no longer active.
    """
    token_id, _dot, secret = presented.partition(".")
    with every_tenant():
        token = _with_rights(AccessToken.objects.filter(pk=token_id)).first()
    # An unknown id takes the same path as a wrong secret.
    expected = token.secret_hash if token else _hash(secrets.token_urlsafe(32))
    right = hmac.compare_digest(expected, _hash(secret))
    if token is None or not right or not token.user.is_active:
        raise WrongToken(_("This access token is not valid."))
    # Whoever knows the secret may know what is wrong.
    if token.expires_at and at >= token.expires_at:
        raise WrongToken(_("This access token has expired."))
    if not usable_from(token, address):
        raise WrongToken(_("This access token cannot be used from this address."))
    _note_use(token, at)
    further = {each["id"]: each["rights"] for each in token.further_groups}
    token.user.rights_by_group = {token.user.group_id: token.user.group.rights} | further
    return token


def _with_rights(found: QuerySet[AccessToken]) -> QuerySet[AccessToken]:
    """With their users, and what those may do: one question for each call of the REST API."""
    further = Membership.objects.filter(user=OuterRef("user")).values(
        pair=JSONObject(id="group", rights="group__rights")
    )
    return found.select_related("user__tenant", "user__group").annotate(further_groups=ArraySubquery(further))


def usable_from(token: AccessToken, address: str) -> bool:
    """Whether an address (`web.address.of`) lies in one of the token's networks; one that is not known does not."""
    if not token.ip_ranges:
        return True
    return bool(address) and any(ip_address(address) in ip_network(each) for each in token.ip_ranges)


def revoke(user: User, *, name: str) -> None:
    """The user's tokens of this name stop working."""
    AccessToken.objects.filter(user=user, name=name).delete()


def _note_use(token: AccessToken, at: datetime) -> None:
    if token.last_used_at is None or at - token.last_used_at > GRAIN:
        with tenant_context(token.tenant_id):
            AccessToken.objects.filter(pk=token.pk).update(last_used_at=at)


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
