"""Entries of the journal: as the REST API shows them, as lines that prove themselves, and as a table for people."""

import csv
import io
import json
from collections.abc import Iterable, Iterator
from dataclasses import asdict
from typing import Any

from paraph_server.journal import queries, schemas
from paraph_server.journal.models import Entry
from paraph_server.web.moments import milliseconds

COLUMNS = ("sequence", "at", "event", "subject", "actor", "name", "address", "details", "hash")
FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""What a spreadsheet would calculate instead of showing it."""


def entry(found: Entry) -> schemas.JournalEntry:
    details = dict(found.payload.details)
    by = details.pop("actor", {})
    return {
        "id": found.pk,
        "tenantId": found.tenant_id,
        "sequence": found.sequence,
        "created": milliseconds(found.at),
        "event": found.event,
        "subject": found.subject,
        "actor": {
            "kind": found.actor_kind,  # type: ignore[typeddict-item]  # `Actor.kind` says which there are
            "id": found.actor_id,
            "name": by.get("name", ""),
            "address": by.get("address", ""),
            "agent": by.get("agent", ""),
        },
        "details": details,
        "hash": found.hash,
        "previous": found.previous,
    }


def lines(entries: Iterable[Entry]) -> Iterator[bytes]:
    """JSON Lines that `paraph.evidence.chain.follow` checks without us."""
    for each in entries:
        link = queries.link(each)
        secret = {"salt": bytes(each.payload.salt).hex(), "details": each.payload.details}
        yield json.dumps({**asdict(link), "hash": each.hash, **secret}, ensure_ascii=False).encode() + b"\n"


def table(entries: Iterable[Entry]) -> Iterator[bytes]:
    """CSV as spreadsheets read it, with a mark that says UTF-8."""
    yield "\ufeff".encode() + _row(COLUMNS)
    for each in entries:
        details = dict(each.payload.details)
        by = details.pop("actor", {})
        at, said = queries.link(each).at, json.dumps(details, ensure_ascii=False)
        who = (each.actor_id, by.get("name", ""), by.get("address", ""))
        yield _row((each.sequence, at, each.event, each.subject, *who, said, each.hash))


def _row(values: Iterable[Any]) -> bytes:
    written = io.StringIO()
    csv.writer(written).writerow(_harmless(str(each)) for each in values)
    return written.getvalue().encode()


def _harmless(value: str) -> str:
    return f"'{value}" if value.startswith(FORMULA) else value
