"""Have failed jobs done again, and say who looks after everybody's."""

from collections.abc import Sequence
from datetime import datetime

from django.db import IntegrityError, connection, transaction
from django.utils.translation import gettext as _

from paraph_server.accounts.models import Tenant, User
from paraph_server.accounts.tenancy import tenant_context
from paraph_server.jobs import kinds, queries
from paraph_server.jobs.errors import NoSuchOrganisation, NothingToRetry
from paraph_server.jobs.queries import JobStatus
from paraph_server.journal.actions import Actor, record

AT_ONCE = 5000
"""How many are queued again in one transaction."""

# Of jobs with a queueing lock one waits at most: what a queued one does anyway is dropped.
DROP = """
DELETE FROM procrastinate_jobs job WHERE id = ANY(%(jobs)s) AND status = 'failed' AND EXISTS (
    SELECT FROM procrastinate_jobs other WHERE other.queueing_lock = job.queueing_lock
    AND (other.status = 'todo' OR other.status = 'failed' AND other.id > job.id AND other.id = ANY(%(jobs)s)))
"""
QUEUE = """
SELECT procrastinate_retry_job_v2(id, now(), NULL, NULL, NULL)
FROM procrastinate_jobs WHERE id = ANY(%(jobs)s) AND status = 'failed'
"""
HURRY = "UPDATE procrastinate_jobs SET scheduled_at = now() WHERE id = %(job)s AND status = 'todo'"


@transaction.atomic
def retry(user: User, job_id: str, *, by: Actor, at: datetime) -> None:
    """Have a job done now that failed, or that was put off.

    Raises:
        NoSuchJob: it is done, or another tenant's.
        NothingToRetry: it waits already, or is being done.
    """
    found = queries.job(user, job_id, at=at)
    match queries.state(found, at=at):
        case JobStatus.FAILED:
            _queue([found.pk])
        case JobStatus.SCHEDULED:
            with connection.cursor() as cursor:
                cursor.execute(HURRY, {"job": found.pk})
        case _:
            raise NothingToRetry(_("This job waits already, or is being done."))
    record("job:retried", tenant=user.tenant_id, subject=job_id, by=by, at=at, kind=kinds.of(found.task_name))


@transaction.atomic
def retry_kind(user: User, kind: str, *, by: Actor, at: datetime) -> int:
    """Have the failed jobs of a kind done again, the oldest first; how many of them, `AT_ONCE` at most.

    Raises:
        NoSuchKind: there is no such kind.
    """
    failed = queries.jobs(user, JobStatus.FAILED, kind=kind, at=at).order_by("pk").values_list("pk", flat=True)
    chosen = list(failed[:AT_ONCE])
    if chosen:
        _queue(chosen)
        record("jobs:retried", tenant=user.tenant_id, subject=user.tenant_id, by=by, at=at, kind=kind, jobs=len(chosen))
    return len(chosen)


def _queue(jobs: Sequence[int]) -> None:
    try:
        with connection.cursor() as cursor:
            cursor.execute(DROP, {"jobs": list(jobs)})
            cursor.execute(QUEUE, {"jobs": list(jobs)})
    except IntegrityError:  # one with the same queueing lock was queued between the two
        raise NothingToRetry(_("This job waits already, or is being done.")) from None


@transaction.atomic
def let_operate(tenants: Sequence[str], *, by: Actor, at: datetime) -> list[Tenant]:
    """Let the operators of these organisations, and of no others, look after everybody's jobs.

    Raises:
        NoSuchOrganisation: one of them does not exist.
    """
    chosen = list(Tenant.objects.filter(pk__in=tenants))
    if missing := set(tenants) - {each.pk for each in chosen}:
        raise NoSuchOrganisation(_("There is no organisation %(id)s.") % {"id": min(missing)[:40]})
    for tenant in Tenant.objects.filter(operates=True).union(Tenant.objects.filter(pk__in=tenants)):
        if tenant.operates != (tenant in chosen):
            tenant.operates = tenant in chosen
            tenant.save(update_fields=["operates"])
            with tenant_context(tenant):
                record("tenant:operates", tenant=tenant, subject=tenant.pk, by=by, at=at, operates=tenant.operates)
    return chosen
