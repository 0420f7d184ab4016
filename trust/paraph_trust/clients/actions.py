"""Admit clients."""

import secrets
from datetime import datetime

from django.db import IntegrityError, transaction

from paraph_trust.clients.models import Client, token_hash
from paraph_trust.errors import InvalidRequest
from paraph_trust.log import actions as log


def add(name: str, *, at: datetime) -> str:
    """Admit a client and return its token, which is never shown again.

    Raises:
        InvalidRequest: there is a client of that name.
    """
    token = _new_token()
    try:
        with transaction.atomic():
            Client.objects.create(name=name, token_hash=token_hash(token), created_at=at)
            log.record("client:added", subject=name, at=at)
    except IntegrityError:
        raise InvalidRequest(f"There is a client {name} already; `client renew` gives it a new token.") from None
    return token


@transaction.atomic
def renew(name: str, *, at: datetime) -> str:
    """Exchange a client's token, lost or known to others, for a new one.

    Raises:
        InvalidRequest: there is no client of that name.
    """
    token = _new_token()
    if not Client.objects.filter(name=name).update(token_hash=token_hash(token)):
        raise InvalidRequest(f"There is no client {name}.")
    log.record("client:token-renewed", subject=name, at=at)
    return token


def _new_token() -> str:
    return f"pct_{secrets.token_urlsafe(32)}"
