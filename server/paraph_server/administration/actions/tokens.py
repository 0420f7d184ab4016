"""Give programs access tokens, and take them away."""

from collections.abc import Sequence
from datetime import datetime
from ipaddress import ip_network

from django.db import transaction
from django.utils.translation import gettext as _

from paraph_server.accounts import access_tokens, permissions, rights
from paraph_server.accounts.models import AccessToken, User
from paraph_server.accounts.rights import Right
from paraph_server.administration.errors import BadToken
from paraph_server.journal.actions import Actor, record


@transaction.atomic
def create(
    user: User,
    *,
    name: str,
    scopes: Sequence[str] = (),
    ip_ranges: Sequence[str] = (),
    expires_at: datetime | None = None,
    by: User,
    acting: Actor,
    at: datetime,
) -> tuple[AccessToken, str]:
    """A token for a program that acts as a user, and how it is written: shown this once.

    Raises:
        NotPermitted: for somebody else, and not by an administrator.
        BadToken: a scope or a network that does not exist, or a time that is over.
    """
    if by.pk != user.pk:
        rights.check(by, Right.ADMINISTER)
    if expires_at and expires_at <= at:
        raise BadToken(_("The token would have expired already."))
    token, written = access_tokens.create(
        user,
        name=name.strip() or _("Untitled"),
        scopes=_scopes(scopes),
        ip_ranges=[_network(each) for each in ip_ranges],
        expires_at=expires_at,
        at=at,
    )
    told = {"user": user.pk, "name": token.name, "scopes": token.scopes, "ranges": token.ip_ranges}
    record("token:created", tenant=user.tenant_id, subject=token.pk, by=acting, at=at, **told)
    return token, written


@transaction.atomic
def revoke(token: AccessToken, *, by: User, acting: Actor, at: datetime) -> None:
    """A token works no more; raises `NotPermitted` for somebody else's when this person does not manage people."""
    if by.pk != token.user_id:
        rights.check(by, Right.MANAGE_USERS)
    told = {"user": token.user_id, "name": token.name}
    token_id, tenant_id = token.pk, token.tenant_id
    token.delete()
    record("token:revoked", tenant=tenant_id, subject=token_id, by=acting, at=at, **told)


def _scopes(wanted: Sequence[str]) -> list[str]:
    for each in wanted:
        if each not in permissions.SCOPES:
            raise BadToken(_("There is no scope %(name)s.") % {"name": each[:60]})
    return sorted(set(wanted))


def _network(written: str) -> str:
    try:
        return str(ip_network(written.strip()))
    except ValueError:
        raise BadToken(_("%(range)s is not a network such as 192.0.2.0/24.") % {"range": written[:60]}) from None
