"""Write the log."""

from datetime import datetime

from django.db import connection

from paraph_trust.log.models import GENESIS, Entry

CHAIN_LOCK = 0x70617261706C6F67
"""The advisory lock under which the chain grows: one writer at a time, until its transaction ends."""


def record(event: str, *, subject: str, at: datetime, **details: object) -> Entry:
    """Append an event inside the caller's transaction: it happened if and only if the change did."""
    if not connection.in_atomic_block:
        raise RuntimeError("an event is recorded in the transaction of the change it tells of")
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [CHAIN_LOCK])
    last = Entry.objects.order_by("-sequence").first()
    entry = Entry(
        sequence=last.sequence + 1 if last else 1,
        at=at,
        event=event,
        subject=subject,
        details=details,
        previous=bytes(last.hash) if last else GENESIS,
    )
    entry.hash = entry.chained()
    entry.save(force_insert=True)
    return entry
