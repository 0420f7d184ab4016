"""Why a job failed, kept for those who look after it; nothing personal stands in it."""

import logging
import re
from datetime import datetime
from typing import Any

from django.db import DatabaseError
from django.utils import timezone
from procrastinate.job_context import JobContext
from procrastinate.jobs import Job
from procrastinate.middleware import SyncCallNext
from procrastinate.worker import Worker

from paraph_server.accounts.tenancy import every_tenant
from paraph_server.jobs.models import Fault
from paraph_server.web.errors import PlatformError

logger = logging.getLogger(__name__)

LONGEST = 500
_PERSONAL = re.compile(
    r"""[^\s@<>"'(),;:]+(?=@[\w.-])"""  # who, before the @ of an address
    r"""|(?<=\+)\d[\d .-]{5,}\d"""  # a telephone number
    r"""|(?<=\?)[^\s"'<>]+"""  # what follows an address, where tokens stand
)


def noted(do: SyncCallNext, context: JobContext, worker: Worker) -> Any:  # noqa: ARG001  as Procrastinate calls it
    """Do a job and write down why it failed, if it does."""
    try:
        return do()
    except Exception as fault:
        try:
            note(context.job, fault, at=timezone.now())
        except DatabaseError:
            logger.warning("Why job %s failed is only in the log.", context.job.id)
        raise


def note(job: Job, fault: Exception, *, at: datetime) -> None:
    tenant = job.task_kwargs.get("tenant_id")
    facts = Fault(job=job.id or 0, tenant_id=tenant if isinstance(tenant, str) else None, reason=reason(fault), at=at)
    with every_tenant():
        Fault.objects.bulk_create([facts], update_conflicts=True, unique_fields=["job"], update_fields=["reason", "at"])


def reason(fault: Exception) -> str:
    """A sentence: the platform's own as it is, others with their kind before it."""
    said = str(fault) if isinstance(fault, PlatformError) else f"{type(fault).__name__}: {fault}"
    return _PERSONAL.sub("…", said.replace("\0", ""))[:LONGEST]
