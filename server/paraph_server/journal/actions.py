"""Writing down what happened."""

import json
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
from paraph_server.journal.models import Entry

SALT_BYTES = 32
_PLACE = """
SELECT pg_advisory_xact_lock(hashtextextended(%s, 0));
SELECT sequence, hash FROM journal_entry WHERE tenant_id = %s ORDER BY sequence DESC LIMIT 1
"""
_ENTRY = [field.attname for field in Entry._meta.concrete_fields]  # noqa: SLF001  Django's documented name
_APPEND = f"""
INSERT INTO journal_entry ({", ".join(_ENTRY)}) VALUES ({", ".join(["%s"] * len(_ENTRY))});
INSERT INTO journal_payload (entry_id, tenant_id, salt, details) VALUES (%s, %s, %s, %s)
"""  # noqa: S608  names of columns


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
    entry = Entry(
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
    _append(entry, salt, details)
    reactions.defer(entry)
    return entry


def _append(entry: Entry, salt: bytes, details: dict[str, Any]) -> None:
    """Entry and details in one message to the database: every act of a tenant waits for this one."""
    values = [getattr(entry, name) for name in _ENTRY]
    with connection.cursor() as cursor:
        cursor.execute(_APPEND, [*values, entry.pk, entry.tenant_id, salt, json.dumps(details)])


def _take_place(tenant_id: str) -> tuple[int, str]:
    """The next number and the hash before it; nobody else gets one until this transaction ends.

    Two statements in one message to the database: the second sees what was committed while the first one waited.
    """
    with connection.cursor() as cursor:
        cursor.execute(_PLACE, [f"journal:{tenant_id}", tenant_id])
        cursor.nextset()
        last = cursor.fetchone()
    return (last[0] + 1, last[1]) if last else (1, chain.GENESIS)
