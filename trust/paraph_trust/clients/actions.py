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
    token = f"pct_{secrets.token_urlsafe(32)}"
    try:
        with transaction.atomic():
            Client.objects.create(name=name, token_hash=token_hash(token), created_at=at)
            log.record("client:added", subject=name, at=at)
    except IntegrityError:
        raise InvalidRequest(f"There is a client {name} already; its token cannot be shown again.") from None
    return token
