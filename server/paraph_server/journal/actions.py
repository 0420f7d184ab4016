"""Writing down what happened."""

import json
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
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
from paraph_server.journal.queries import link

SALT_BYTES = 32
_PLACE = """
SELECT pg_advisory_xact_lock(hashtextextended(%s, 0));
SELECT sequence, hash FROM journal_entry WHERE tenant_id = %s ORDER BY sequence DESC LIMIT 1
"""
_ENTRY = [field.attname for field in Entry._meta.concrete_fields]  # noqa: SLF001  Django's documented name
_ENTRY_PLACES = f"({', '.join(['%s'] * len(_ENTRY))})"
_APPEND = f"""
INSERT INTO journal_entry ({", ".join(_ENTRY)}) VALUES {{}};
INSERT INTO journal_payload (entry_id, tenant_id, salt, details) VALUES {{}}
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


@dataclass(slots=True)
class _Told:
    """An entry that has its content, and its place as soon as it is written."""

    entry: Entry
    salt: bytes
    details: dict[str, Any]


_gathered: ContextVar[list[_Told] | None] = ContextVar("entries that wait to be written together", default=None)


def record(event: str, *, tenant: Tenant | str, subject: str, by: Actor, at: datetime, **details: Any) -> Entry:
    """Append one entry to a tenant's journal and have what reacts to it done, in the caller's transaction.

    Call it last: from here to the commit, every other act of the tenant waits.

    Raises:
        TransactionManagementError: outside a transaction an entry could stand for a change that did not happen.
        TypeError: a detail that cannot be written down exactly.
    """
    if not connection.in_atomic_block:
        raise TransactionManagementError("The journal is written within the transaction of what it records.")
    details = details | {"actor": {"name": by.name, "address": by.address, "agent": by.agent}}
    salt = os.urandom(SALT_BYTES)
    entry = Entry(
        tenant_id=id_of(tenant),
        at=at,
        event=event,
        subject=subject,
        actor_kind=by.kind,
        actor_id=by.id,
        payload_digest=chain.payload_digest(salt, details),
    )
    told, gathered = _Told(entry, salt, details), _gathered.get()
    if gathered is None:
        _write([told])
    else:
        gathered.append(told)
    return entry


@contextmanager
def together() -> Iterator[None]:
    """Write what is recorded within at the end, at once: other acts of the tenant wait for that moment only.

    What fails within is not written, and whoever reads the journal within does not see it yet. Within another one it
    ends with that one; a transaction that is rolled back within must have one of its own.
    """
    outer = _gathered.get()
    gathered: list[_Told] = []
    token = _gathered.set(gathered)
    try:
        yield
    finally:
        _gathered.reset(token)
    if outer is None:
        _write(gathered)
    else:
        outer.extend(gathered)


def _write(told: Sequence[_Told]) -> None:
    """Give entries their places, each tenant's in the order in which they were recorded, and append them."""
    for tenant_id in sorted({each.entry.tenant_id for each in told}):
        mine = [each for each in told if each.entry.tenant_id == tenant_id]
        sequence, previous = _take_place(tenant_id)
        for entry in (each.entry for each in mine):
            entry.sequence, entry.previous = sequence, previous
            entry.hash = link(entry).hash
            sequence, previous = sequence + 1, entry.hash
        _append(mine)
    reactions.defer([each.entry for each in told])


def _append(told: Sequence[_Told]) -> None:
    """Entries and details in one message to the database: every act of a tenant waits for this one."""
    entries = [[getattr(each.entry, name) for name in _ENTRY] for each in told]
    payloads = [(each.entry.pk, each.entry.tenant_id, each.salt, json.dumps(each.details)) for each in told]
    with connection.cursor() as cursor:
        cursor.execute(
            _APPEND.format(", ".join([_ENTRY_PLACES] * len(told)), ", ".join(["(%s, %s, %s, %s)"] * len(told))),
            [value for row in (*entries, *payloads) for value in row],
        )


def _take_place(tenant_id: str) -> tuple[int, str]:
    """The next number and the hash before it; nobody else gets one until this transaction ends.

    Two statements in one message to the database: the second sees what was committed while the first one waited.
    """
    with connection.cursor() as cursor:
        cursor.execute(_PLACE, [f"journal:{tenant_id}", tenant_id])
        cursor.nextset()
        last = cursor.fetchone()
    return (last[0] + 1, last[1]) if last else (1, chain.GENESIS)
