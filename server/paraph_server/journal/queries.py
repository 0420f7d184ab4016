"""Reading the journal, and finding out whether anybody touched it."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any, NamedTuple

from django.db.models import QuerySet
from paraph.evidence import chain

from paraph_server.accounts.models import Tenant
from paraph_server.accounts.tenancy import id_of, tenant_context
from paraph_server.journal.errors import JournalBroken
from paraph_server.journal.models import Entry
from paraph_server.web.questions import Question

BATCH = 1000


def about(tenant: Tenant | str, subjects: Iterable[str]) -> QuerySet[Entry]:
    """What happened to these, in order, with the details."""
    return (
        Entry.objects.filter(tenant_id=id_of(tenant), subject__in=list(subjects))
        .select_related("payload")
        .order_by("sequence")
    )


class Happening(NamedTuple):
    """An entry as those see it who tell of it: without what proves it."""

    pk: str
    subject: str
    event: str
    at: datetime
    details: dict[str, Any]


def happenings(tenant: Tenant | str, subjects: Iterable[str]) -> Iterator[Happening]:
    """The same as `about`, for many subjects at once."""
    return (Happening(*each) for each in _HAPPENINGS(tenant=id_of(tenant), subjects=list(subjects)))


_HAPPENINGS = Question(
    lambda tenant, subjects: (
        Entry.objects.filter(tenant_id=tenant, subject__among=subjects)
        .order_by("sequence")
        .values_list("pk", "subject", "event", "at", "payload__details")
    )
)


def entries(tenant: Tenant | str) -> QuerySet[Entry]:
    """All of a tenant's, with the details."""
    return Entry.objects.filter(tenant_id=id_of(tenant)).select_related("payload")


def following(tenant: Tenant | str, sequence: int) -> Iterator[Entry]:
    """What came after an entry, in order, a thousand at a time.

    It speaks for the tenant itself while it reads: what is streamed is read after the request is over for Django.
    """
    while True:
        with tenant_context(tenant):
            batch = list(entries(tenant).filter(sequence__gt=sequence).order_by("sequence")[:BATCH])
        yield from batch
        if len(batch) < BATCH:
            return
        sequence = batch[-1].sequence


def head(tenant: Tenant | str) -> Entry | None:
    """The last entry: whoever keeps its hash elsewhere can tell later that nothing before it was changed."""
    return Entry.objects.filter(tenant_id=id_of(tenant)).order_by("-sequence").first()


def verify(tenant: Tenant | str) -> Entry | None:
    """Check the whole chain of a tenant; its head, or None while it is empty.

    What was cut off at the end leaves no trace in the chain itself: compare the head with one kept elsewhere.

    Raises:
        JournalBroken: an entry is missing, moved or altered, or its details are.
    """
    previous, expected, entry = chain.GENESIS, 1, None
    for entry in _entries(tenant):
        if entry.sequence != expected or entry.previous != previous:
            raise JournalBroken(entry.sequence, "does not follow the entry before it")
        if link(entry).hash != entry.hash:
            raise JournalBroken(entry.sequence, "was altered")
        if chain.payload_digest(bytes(entry.payload.salt), entry.payload.details) != entry.payload_digest:
            raise JournalBroken(entry.sequence, "has altered details")
        previous, expected = entry.hash, expected + 1
    return entry


def _entries(tenant: Tenant | str) -> Iterator[Entry]:
    return entries(tenant).order_by("sequence").iterator(chunk_size=BATCH)


def link(entry: Entry) -> chain.Link:
    """What the hash of an entry covers."""
    return chain.Link(
        tenant=entry.tenant_id,
        sequence=entry.sequence,
        at=chain.moment(entry.at),
        event=entry.event,
        subject=entry.subject,
        actor_kind=entry.actor_kind,
        actor_id=entry.actor_id,
        payload_digest=entry.payload_digest,
        previous=entry.previous,
    )
