"""Access tokens, `act_<id>.<secret>`: made once, shown once, checked in constant time."""

import hashlib
import hmac
import json
import secrets
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from ipaddress import ip_address, ip_network
from typing import Any, TypeVar

from django.db import connection
from django.db.models import Model
from django.utils.translation import gettext as _

from paraph_server.accounts.errors import WrongToken
from paraph_server.accounts.models import AccessToken, Group, User
from paraph_server.accounts.tenancy import found_anywhere

M = TypeVar("M", bound=Model)
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


@contextmanager
def presented(written: str, *, address: str, at: datetime) -> Iterator[AccessToken]:
    """The token that somebody presents from an address, with its user, whose tenant is spoken for.

    Raises:
        WrongToken: unknown, altered, revoked, expired, not for this address, or its user is no longer active.
    """
    token_id, _dot, secret = written.partition(".")
    with found_anywhere(_QUESTION, _WHOSE, token_id) as row:
        token = _checked(_token(row) if row else None, secret, address, at)
        _note_use(token, at)
        yield token


def _checked(token: AccessToken | None, secret: str, address: str, at: datetime) -> AccessToken:
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
    return token


def usable_from(token: AccessToken, address: str) -> bool:
    """Whether an address (`web.address.of`) lies in one of the token's networks; one that is not known does not."""
    if not token.ip_ranges:
        return True
    return bool(address) and any(ip_address(address) in ip_network(each) for each in token.ip_ranges)


def revoke(user: User, *, name: str) -> None:
    """The user's tokens of this name stop working."""
    AccessToken.objects.filter(user=user, name=name).delete()


def _token(row: Sequence[Any]) -> AccessToken:
    """A token with its user and what they may do."""
    values = iter(row)
    token, user, group = _read(AccessToken, values), _read(User, values), _read(Group, values)
    token.user, user.group = user, group
    user.rights_by_group = {group.pk: group.rights} | json.loads(next(values))
    return token


def _columns(model: type[Model], table: str) -> str:
    return ", ".join(f"{table}.{field.column}" for field in model._meta.concrete_fields)  # noqa: SLF001  documented


def _read(model: type[M], values: Iterator[Any]) -> M:
    """A row of a model, of the values that come next."""
    fields = model._meta.concrete_fields  # noqa: SLF001
    read = [(getattr(each, "from_db_value", None), value) for each, value in zip(fields, values, strict=False)]
    return model.from_db(
        connection.alias,
        [each.attname for each in fields],
        [convert(value, None, connection) if convert else value for convert, value in read],
    )


_QUESTION = f"""
SELECT {_columns(AccessToken, "t")}, {_columns(User, "u")}, {_columns(Group, "g")},
    (SELECT coalesce(jsonb_object_agg(m.group_id, f.rights), '{{}}') FROM accounts_membership m
        JOIN accounts_group f ON f.id = m.group_id WHERE m.user_id = u.id)
FROM accounts_accesstoken t JOIN accounts_user u ON u.id = t.user_id JOIN accounts_group g ON g.id = u.group_id
WHERE t.id = %s
"""  # noqa: S608  names of columns
_WHOSE = "SELECT tenant_id FROM accounts_accesstoken WHERE id = %s"


def _note_use(token: AccessToken, at: datetime) -> None:
    if token.last_used_at is None or at - token.last_used_at > GRAIN:
        AccessToken.objects.filter(pk=token.pk).update(last_used_at=at)


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
