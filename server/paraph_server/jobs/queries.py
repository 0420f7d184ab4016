"""Which jobs there are, for whom.

Procrastinate's tables know no tenants: a job is its tenant's by the argument `tenant_id`, and nobody's without one.
Where the organisation of a user operates the installation they see all of them, elsewhere those of their tenant.

Finished jobs are not looked at, however many there are: each state is found by an index over it alone.
"""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from contextlib import nullcontext
from copy import copy
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery
from django.utils.translation import gettext as _
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import (
    ProcrastinateEvent,
    ProcrastinateJob,
    ProcrastinatePeriodicDefer,
    ProcrastinateWorker,
)

from paraph_server.accounts.models import User
from paraph_server.accounts.tenancy import every_tenant
from paraph_server.jobs import kinds
from paraph_server.jobs.errors import NoSuchJob
from paraph_server.jobs.models import Fault
from paraph_server.journal.tasks import SILENCE
from paraph_server.web.counts import total

LOOKED_AT = 10_000
"""How many failed jobs are looked at to say of which kinds they are."""


class JobStatus(StrEnum):
    """The value is the REST API's."""

    WAITING = "waiting"
    RUNNING = "running"
    SCHEDULED = "scheduled"
    FAILED = "failed"


ORDER = {
    JobStatus.WAITING: ("-priority", "pk"),  # as they are taken
    JobStatus.RUNNING: ("pk",),
    JobStatus.SCHEDULED: ("scheduled_at", "pk"),
    JobStatus.FAILED: ("-pk",),
}
_STATUS = {JobStatus.RUNNING: "doing", JobStatus.FAILED: "failed"}


def jobs(user: User, state: JobStatus | None, *, kind: str = "", at: datetime) -> QuerySet[ProcrastinateJob]:
    """Those in a state, or all that are not done, with when they were asked for and begun."""
    found = _of(user).annotate(asked_at=_last("deferred"), begun_at=_last("started"))
    found = found.filter(_being(state, at)) if state else found.filter(status__in=("todo", "doing", "failed"))
    return found.filter(task_name=kinds.task(kind)) if kind else found


def job(user: User, job_id: str, *, at: datetime) -> ProcrastinateJob:
    """One of them.

    Raises:
        NoSuchJob: it is done, or another tenant's, or there never was one.
    """
    number = re.fullmatch(r"job_([0-9]{1,18})", job_id)
    found = jobs(user, None, at=at).filter(pk=number[1]).first() if number else None
    if found is None:
        raise NoSuchJob(_("There is no such job, or it is done."))
    return found


def state(found: ProcrastinateJob, *, at: datetime) -> JobStatus:
    if found.status == "todo":
        return JobStatus.SCHEDULED if found.scheduled_at and found.scheduled_at > at else JobStatus.WAITING
    return JobStatus.RUNNING if found.status == "doing" else JobStatus.FAILED


def counts(user: User, *, at: datetime) -> dict[JobStatus, int]:
    """How many are in each state."""
    return {each: total(_of(user).filter(_being(each, at))) for each in JobStatus}


def failed_kinds(user: User) -> list[tuple[str, int]]:
    """Of which kinds the last failed ones are, the most frequent first."""
    last = _of(user).filter(status="failed").order_by("-pk").values_list("task_name", flat=True)[:LOOKED_AT]
    return Counter(map(kinds.of, last)).most_common()


def faults(user: User, found: Iterable[ProcrastinateJob]) -> dict[int, Fault]:
    """Why jobs failed the last time, by their numbers."""
    with every_tenant() if user.tenant.operates else nullcontext():
        return {each.job: each for each in Fault.objects.filter(job__in=[each.pk for each in found])}


@dataclass(frozen=True, slots=True)
class Worker:
    id: int
    heard_at: datetime
    alive: bool
    jobs: int


def workers(*, at: datetime) -> list[Worker]:
    """Who works, and who has fallen silent with jobs in hand."""
    busy = dict(
        ProcrastinateJob.objects.filter(status="doing").values_list("worker").annotate(Count("pk")).order_by("worker")
    )
    silent = at - timedelta(seconds=SILENCE)
    known = ProcrastinateWorker.objects.filter(
        Q(last_heartbeat__gte=silent) | Q(pk__in=[each for each in busy if each])
    )
    return [
        Worker(each.pk, each.last_heartbeat, each.last_heartbeat >= silent, busy.get(each.pk, 0))
        for each in known.order_by("pk")
    ]


@dataclass(frozen=True, slots=True)
class Clockwork:
    """What is done again and again by itself."""

    kind: str
    cron: str
    last_at: datetime | None
    next_at: datetime | None


def clockwork(*, at: datetime) -> Sequence[Clockwork]:
    last = dict(ProcrastinatePeriodicDefer.objects.values_list("task_name", "defer_timestamp").order_by("pk"))
    return [
        Clockwork(
            kinds.of(each.task.name),
            each.cron,
            _moment(last.get(each.task.name)),
            _moment(copy(each.croniter).get_next(ret_type=float, start_time=at.timestamp())),
        )
        for each in app.periodic_registry.periodic_tasks.values()
    ]


def _moment(seconds: float | None) -> datetime | None:
    return None if seconds is None else datetime.fromtimestamp(seconds, UTC)


def _of(user: User) -> QuerySet[ProcrastinateJob]:
    everybodys = ProcrastinateJob.objects.all()
    return everybodys if user.tenant.operates else everybodys.filter(args__tenant_id=user.tenant_id)


def _being(state: JobStatus, at: datetime) -> Q:
    match state:
        case JobStatus.WAITING:
            return Q(status="todo") & (Q(scheduled_at=None) | Q(scheduled_at__lte=at))
        case JobStatus.SCHEDULED:
            return Q(status="todo", scheduled_at__gt=at)
        case _:
            return Q(status=_STATUS[state])


def _last(event: str) -> Subquery:
    happened = ProcrastinateEvent.objects.filter(job=OuterRef("pk"), type=event).order_by("-pk")
    return Subquery(happened.values("at")[:1])
