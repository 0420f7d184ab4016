"""Find bulk sends, and see how far they are."""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, QuerySet
from django.utils.translation import gettext as _

from paraph_server.accounts.models import User
from paraph_server.bulk.errors import NoSuchBulkSend
from paraph_server.bulk.models import BulkSend, Row, Status
from paraph_server.templates.models import Template

RECENTLY = timedelta(minutes=1)
"""What the rate is measured over."""
MOST_REASONS = 10


@dataclass(frozen=True, slots=True)
class Progress:
    """How many rows are in which state, and how fast they go."""

    waiting: int
    done: int
    failed: int
    faulty: int
    below: int
    rate: float
    """Rows a second."""

    @property
    def total(self) -> int:
        return self.waiting + self.done + self.failed + self.faulty + self.below

    @property
    def percent(self) -> int:
        return 100 * (self.total - self.waiting) // self.total if self.total else 0

    @property
    def left(self) -> timedelta | None:
        """How long it will still take, where that can be told."""
        return timedelta(seconds=self.waiting / self.rate) if self.rate and self.waiting else None

    @property
    def minutes_left(self) -> int | None:
        return None if self.left is None else math.ceil(self.left / timedelta(minutes=1))


def sent_by(user: User) -> QuerySet[BulkSend]:
    return BulkSend.objects.filter(owner=user).select_related("template", "file").order_by("-created_at")


def bulk_send(user: User, bulk_send_id: str) -> BulkSend:
    """One of a user's own; raises `NoSuchBulkSend`."""
    found = sent_by(user).filter(pk=bulk_send_id).first()
    if found is None:
        raise NoSuchBulkSend(_("There is no such bulk send."))
    return found


def same_file(template: Template, digest: str) -> BulkSend | None:
    """The last bulk send of the same bytes with the same template, unless it came to nothing."""
    earlier = BulkSend.objects.filter(template=template, file__hash=digest, cancelled_at=None, problem="")
    return earlier.order_by("-created_at").first()


def progress(found: BulkSend, *, at: datetime) -> Progress:
    counted = dict(found.rows.order_by().values_list("state").annotate(Count("pk")))
    counts = {state.value: counted.get(state.value, 0) for state in Row.State}
    return Progress(**counts, rate=_rate(found, at))


def _rate(found: BulkSend, at: datetime) -> float:
    if found.status is not Status.STARTED or not found.started_at:
        return 0.0
    since = max(at - RECENTLY, found.started_at)
    settled = found.rows.filter(settled_at__gt=since, state__in=(Row.State.DONE, Row.State.FAILED)).count()
    return settled / max((at - since).total_seconds(), 1.0)


def ready(found: BulkSend) -> QuerySet[Row]:
    """The rows that may be sent now: none, unless it is on its way."""
    on_its_way = {"bulk_send__started_at__isnull": False, "bulk_send__paused_at": None, "bulk_send__cancelled_at": None}
    return found.rows.filter(state=Row.State.WAITING, **on_its_way)


def wrong(found: BulkSend) -> QuerySet[Row]:
    """The rows that were not sent, and why."""
    return found.rows.filter(state__in=(Row.State.FAULTY, Row.State.BELOW, Row.State.FAILED))


def refusals(found: BulkSend) -> list[tuple[str, int]]:
    """Why the signature policy refuses rows, and how many for each reason, the most first."""
    counted = found.rows.filter(state=Row.State.BELOW).order_by().values_list("faults").annotate(rows=Count("pk"))
    return [(faults[0]["text"], count) for faults, count in counted.order_by("-rows")[:MOST_REASONS]]


def report(found: BulkSend) -> Iterator[list[str]]:
    """The wrong rows as a spreadsheet: one line for each fault."""
    yield [_("Row"), _("Column"), _("Problem")]
    for row in wrong(found).iterator(chunk_size=500):
        for fault in row.faults:
            yield [str(row.number), fault["column"], fault["text"]]
