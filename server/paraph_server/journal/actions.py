"""Writing down what happened."""

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

from django.db import connection
from django.db.transaction import TransactionManagementError
from paraph.evidence import chain
from procrastinate.contrib.django import app
from procrastinate.jobs import Job

from paraph_server.accounts.models import Tenant
from paraph_server.accounts.tenancy import id_of
from paraph_server.config.postgresql.base import ask
from paraph_server.journal import reactions
from paraph_server.journal.models import Entry, Payload
from paraph_server.journal.queries import link
from paraph_server.web.rows import insert

SALT_BYTES = 32
_ALONE = "SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))"
_LAST = "SELECT sequence, hash FROM journal_entry WHERE tenant_id = %s ORDER BY sequence DESC LIMIT 1"


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


@dataclass(frozen=True, slots=True)
class _Gathered:
    """What waits to be written together."""

    told: list[_Told] = field(default_factory=list)
    jobs: list[Job] = field(default_factory=list)

    def write(self) -> None:
        """Give entries their places, each tenant's in the order in which they were recorded, and append them."""
        for tenant_id in sorted({each.entry.tenant_id for each in self.told}):
            mine = [each for each in self.told if each.entry.tenant_id == tenant_id]
            sequence, previous = _take_place(tenant_id)
            for entry in (each.entry for each in mine):
                entry.sequence, entry.previous = sequence, previous
                entry.hash = link(entry).hash
                sequence, previous = sequence + 1, entry.hash
            _append(mine)
        if jobs := [*self.jobs, *reactions.jobs([each.entry for each in self.told])]:
            app.job_manager.batch_defer_jobs(jobs)


_gathered: ContextVar[_Gathered | None] = ContextVar("what waits to be written together", default=None)


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
        _Gathered(told=[told]).write()
    else:
        gathered.told.append(told)
    return entry


def defer(task: str, **given: str) -> None:
    """Have a task done as soon as the caller's transaction is over."""
    job, gathered = app.configure_task(task, allow_unknown=False).make_new_job(**given), _gathered.get()
    if gathered is None:
        _Gathered(jobs=[job]).write()
    else:
        gathered.jobs.append(job)


@contextmanager
def together() -> Iterator[None]:
    """Write what is recorded and deferred within at the end, at once: other acts of the tenant wait for that only.

    What fails within is not written, and whoever reads the journal within does not see it yet. Within another one it
    ends with that one; a transaction that is rolled back within must have one of its own.
    """
    outer = _gathered.get()
    gathered = _Gathered()
    token = _gathered.set(gathered)
    try:
        yield
    finally:
        _gathered.reset(token)
    if outer is None:
        gathered.write()
    else:
        outer.told.extend(gathered.told)
        outer.jobs.extend(gathered.jobs)


def _append(told: Sequence[_Told]) -> None:
    """Entries and details in one message to the database: every act of a tenant waits for this one."""
    payloads = [
        Payload(entry_id=each.entry.pk, tenant_id=each.entry.tenant_id, salt=each.salt, details=each.details)
        for each in told
    ]
    insert([each.entry for each in told], payloads)


def _take_place(tenant_id: str) -> tuple[int, str]:
    """The next number and the hash before it; nobody else gets one until this transaction ends.

    Two statements: the second sees what was committed while the first one waited.
    """
    _, last = ask((_ALONE, [f"journal:{tenant_id}"]), (_LAST, [tenant_id]))
    return (last[0][0] + 1, last[0][1]) if last else (1, chain.GENESIS)
