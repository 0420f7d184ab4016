"""Finish a workflow: make its evidence, prove everything it delivers, and only then say that it is finished."""

from datetime import datetime

from django.utils import timezone
from paraph import evidence

from paraph_server.documents import actions as documents
from paraph_server.documents import queries as stored
from paraph_server.documents.models import Part
from paraph_server.evidence.errors import NotProved
from paraph_server.evidence.records import record
from paraph_server.sealing.actions import seal
from paraph_server.workflows import actions as workflows
from paraph_server.workflows.anchors import trusted
from paraph_server.workflows.models import Workflow

PDF = "application/pdf"


def finish(workflow: Workflow) -> None:
    """Make, prove, deliver. Repeated after a crash it makes another evidence file; only one is ever delivered.

    Raises:
        Unavailable: the trust service does not answer; try again later.
        NotProved: something that would be delivered does not hold; the workflow waits, with the reason.
    """
    if workflow.finished_at or workflow.signed_at is None:
        return
    try:
        file = _evidence(workflow, at=timezone.now())
    except Exception as fault:
        workflows.await_repair(workflow, str(fault) or type(fault).__name__, at=timezone.now())
        raise
    workflows.finish(workflow, evidence=file, at=timezone.now())


def _evidence(workflow: Workflow, *, at: datetime) -> Part:
    """The evidence file, sealed, time-stamped, and found to hold together with the documents."""
    sealed = seal(evidence.build(record(workflow)), reason=evidence.purpose(workflow.pk), at=at)
    parts = [each.current for each in workflow.documents.select_related("current")]
    verdict = evidence.verify(
        sealed, [stored.content(part) for part in parts], trusted=trusted(workflow), at=timezone.now()
    )
    if not verdict.holds:
        raise NotProved(str(verdict))
    return documents.keep(workflow.tenant_id, sealed, f"{workflow.pk}-evidence.pdf", PDF, at=at)
