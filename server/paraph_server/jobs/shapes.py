"""Jobs as the REST API and the page show them: ids of what they are about, and nothing else of their arguments."""

import re
from collections.abc import Sequence
from datetime import datetime

from procrastinate.contrib.django.models import ProcrastinateJob

from paraph_server.accounts.models import User
from paraph_server.jobs import kinds, queries, schemas
from paraph_server.web.moments import milliseconds

_ID = re.compile(r"[a-z]{3}_[0-9A-Za-z]+")
_NOT_ABOUT = {"tenant_id", "entry_id"}


def jobs(user: User, found: Sequence[ProcrastinateJob], *, at: datetime) -> list[schemas.Job]:
    faults = queries.faults(user, found)
    return [_job(each, faults[each.pk].reason if each.pk in faults else None, at) for each in found]


def _job(found: ProcrastinateJob, reason: str | None, at: datetime) -> schemas.Job:
    state, kind = queries.state(found, at=at), kinds.of(found.task_name)
    return {
        "id": f"job_{found.pk}",
        "tenantId": found.args.get("tenant_id"),
        "kind": kind,
        "title": kinds.title(kind),
        "status": state,
        "subject": _subject(found),
        "attempts": found.attempts,
        "created": milliseconds(found.asked_at),  # type: ignore[attr-defined]  # `queries.jobs` adds it
        "started": milliseconds(found.begun_at),  # type: ignore[attr-defined]  # so it does this
        "scheduled": milliseconds(found.scheduled_at) if state is queries.JobStatus.SCHEDULED else None,
        "workerId": found.worker_id if state is queries.JobStatus.RUNNING else None,
        "reason": reason,
    }


def _subject(found: ProcrastinateJob) -> str | None:
    about = (value for name, value in found.args.items() if name not in _NOT_ABOUT)
    return next((value for value in about if isinstance(value, str) and _ID.fullmatch(value)), None)


def summary(user: User, *, at: datetime) -> schemas.JobSummary:
    counted, operates = queries.counts(user, at=at), user.tenant.operates
    return {
        "counts": {
            "waiting": counted[queries.JobStatus.WAITING],
            "running": counted[queries.JobStatus.RUNNING],
            "scheduled": counted[queries.JobStatus.SCHEDULED],
            "failed": counted[queries.JobStatus.FAILED],
        },
        "failedKinds": [
            {"kind": kind, "title": kinds.title(kind), "jobs": jobs} for kind, jobs in queries.failed_kinds(user)
        ],
        "workers": [_worker(each) for each in queries.workers(at=at)] if operates else [],
        "clockwork": [_clockwork(each) for each in queries.clockwork(at=at)] if operates else [],
    }


def _worker(found: queries.Worker) -> schemas.Worker:
    heard = milliseconds(found.heard_at)
    return {"id": found.id, "heard": heard, "isAlive": found.alive, "jobs": found.jobs}


def _clockwork(found: queries.Clockwork) -> schemas.Clockwork:
    return {
        "kind": found.kind,
        "title": kinds.title(found.kind),
        "cron": found.cron,
        "last": milliseconds(found.last_at),
        "next": milliseconds(found.next_at),
    }
