"""How a workflow ends: finished because everything is proved, out of time, or put away."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from paraph_server.documents.models import Part
from paraph_server.journal.actions import PLATFORM, Actor
from paraph_server.workflows import invitations, queries
from paraph_server.workflows.actions.holding import alone, halt, locked, save, tell
from paraph_server.workflows.errors import NotFinished, NothingToRepair
from paraph_server.workflows.models import Workflow
from paraph_server.workflows.reading import its


@transaction.atomic
def archive(workflow: Workflow, *, by: Actor, at: datetime) -> Workflow:
    """Put a workflow that has ended out of the way; raises `NotFinished` while it is on its way."""
    workflow = alone(workflow)
    if not (workflow.finished_at or workflow.stopped_at):
        raise NotFinished(_("Only a workflow that has ended can be archived."))
    workflow.archived_at = workflow.archived_at or at
    save(workflow, at, "archived_at")
    tell("workflow:archived", workflow, by, at)
    return workflow


@transaction.atomic
def finish(workflow: Workflow, *, evidence: Part, at: datetime) -> Workflow:
    """Everything that will be delivered is proved: the workflow is finished and everybody is told. Once."""
    workflow = locked(workflow)
    if workflow.finished_at:
        return workflow
    workflow.evidence, workflow.finished_at, workflow.repair_reason = evidence, at, ""
    save(workflow, at, "evidence", "finished_at", "repair_reason")
    invitations.announce_finish(workflow, at=at)
    documents = [[each.pk, each.original.hash, each.current.hash] for each in its(workflow, "documents")]
    tell("workflow:finished", workflow, PLATFORM, at, evidence=evidence.hash, documents=documents)
    return workflow


@transaction.atomic
def await_repair(workflow: Workflow, reason: str, *, at: datetime) -> None:
    """Sealing or proving it failed: it waits, visibly, with the reason."""
    workflow = alone(workflow)
    if workflow.repair_reason == reason:
        return
    workflow.repair_reason = reason
    save(workflow, at, "repair_reason")
    tell("workflow:needs-repair", workflow, PLATFORM, at, reason=reason)


@transaction.atomic
def retry(workflow: Workflow, *, by: Actor, at: datetime) -> Workflow:
    """Try at once what could not be done; the reaction to this entry does it.

    Raises:
        NothingToRepair: nothing stands in its way.
    """
    workflow = alone(workflow)
    if not workflow.repair_reason or workflow.finished_at or workflow.stopped_at:
        raise NothingToRepair(_("Nothing waits to be tried again here."))
    tell("workflow:retried", workflow, by, at, reason=workflow.repair_reason)
    return workflow


@transaction.atomic
def expire(workflow: Workflow, *, at: datetime) -> None:
    """Stop a workflow whose current step is out of time, unless an act that came in time is still being carried out."""
    workflow = locked(workflow)
    state = queries.state(workflow)
    current = state.current
    if current is None or state.paused:
        return
    step = its(workflow, "steps")[current]
    underway = any(each.acted_at and not each.done_at for each in its(step, "recipients"))
    if step.expires_at and at >= step.expires_at and not underway:
        halt(workflow, "expired", PLATFORM, at)
