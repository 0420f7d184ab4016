"""Writing down what happened."""

import os
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from django.db import connection
from django.db.transaction import TransactionManagementError
from paraph.evidence import chain

from paraph_server.accounts.models import Tenant
from paraph_server.accounts.tenancy import id_of
from paraph_server.journal import reactions
from paraph_server.journal.models import Entry, Payload

SALT_BYTES = 32


@dataclass(frozen=True, slots=True)
class Actor:
    """Who did it, and from where."""

    kind: Literal["user", "recipient", "viewer", "platform"]
    """A viewer came through a link that the user of this id made."""
    id: str
    name: str = ""
    address: str = ""
    agent: str = ""


PLATFORM = Actor("platform", "paraph", "Paraph")


def record(event: str, *, tenant: Tenant | str, subject: str, by: Actor, at: datetime, **details: Any) -> Entry:
    """Append one entry to a tenant's journal and have what reacts to it done, in the caller's transaction.

    Call it last: from here to the commit, every other act of the tenant waits.

    Raises:
        TransactionManagementError: outside a transaction an entry could stand for a change that did not happen.
        TypeError: a detail that cannot be written down exactly.
    """
    tenant_id = id_of(tenant)
    if not connection.in_atomic_block:
        raise TransactionManagementError("The journal is written within the transaction of what it records.")
    sequence, previous = _take_place(tenant_id)
    details = details | {"actor": {"name": by.name, "address": by.address, "agent": by.agent}}
    salt = os.urandom(SALT_BYTES)
    link = chain.Link(
        tenant=tenant_id,
        sequence=sequence,
        at=chain.moment(at),
        event=event,
        subject=subject,
        actor_kind=by.kind,
        actor_id=by.id,
        payload_digest=chain.payload_digest(salt, details),
        previous=previous,
    )
    entry = Entry.objects.create(
        tenant_id=tenant_id,
        sequence=sequence,
        at=at,
        event=event,
        subject=subject,
        actor_kind=by.kind,
        actor_id=by.id,
        payload_digest=link.payload_digest,
        previous=previous,
        hash=link.hash,
    )
    Payload.objects.create(entry=entry, tenant_id=tenant_id, salt=salt, details=details)
    reactions.defer(entry)
    return entry


def _take_place(tenant_id: str) -> tuple[int, str]:
    """The next number and the hash before it; nobody else gets one until this transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"journal:{tenant_id}"])
    last = Entry.objects.filter(tenant_id=tenant_id).order_by("-sequence").first()
    return (last.sequence + 1, last.hash) if last else (1, chain.GENESIS)
