"""A workflow on its way: it starts, its steps begin one after the other, it is stopped."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from paraph_server.journal.actions import PLATFORM, Actor
from paraph_server.workflows import invitations, placement, queries
from paraph_server.workflows.actions.holding import draft, explained, halt, locked, save, tell
from paraph_server.workflows.errors import IncompleteWorkflow
from paraph_server.workflows.machine import NotAllowed
from paraph_server.workflows.models import Workflow


@transaction.atomic
def start(workflow: Workflow, *, by: Actor, at: datetime) -> Workflow:
    """Send a draft on its way: the first step's recipients are invited.

    Raises:
        IncompleteWorkflow: nobody to sign, nothing to be signed, or something that cannot be.
        NotADraft: it was started before.
    """
    workflow = draft(workflow)
    if not queries.to_sign(workflow):
        raise IncompleteWorkflow(_("Add at least one document to be signed."))
    for document in queries.to_sign(workflow):
        placement.settle(document, signers=len(queries.signers(workflow)))
    try:
        queries.state(workflow).start()
    except NotAllowed:
        raise IncompleteWorkflow(_("Every step needs at least as many recipients as must act.")) from None
    workflow.started_at = at
    save(workflow, at, "started_at")
    tell("workflow:started", workflow, by, at)
    begin_step(workflow, at=at)
    return workflow


@transaction.atomic
def stop(workflow: Workflow, *, reason: str = "cancelled", by: Actor, at: datetime) -> Workflow:
    """Cancel a workflow that is on its way.

    Raises:
        NotStarted: it is a draft.
        WorkflowOver: it has ended.
    """
    workflow = locked(workflow.pk)
    try:
        queries.state(workflow).stop()
    except NotAllowed as refusal:
        raise explained(refusal.why) from None
    halt(workflow, reason, at)
    tell("workflow:stopped", workflow, by, at, reason=reason)
    return workflow


def begin_step(workflow: Workflow, *, at: datetime) -> None:
    """Close the steps that are complete; open the one whose turn it is and invite its people."""
    state = queries.state(workflow)
    for place, step in enumerate(workflow.steps.all()):
        if state.stages[place].complete and step.finished_at is None:
            step.finished_at = at
            step.save(update_fields=["finished_at"])
        if place == state.current and step.started_at is None:
            step.started_at = at
            step.save(update_fields=["started_at"])
            for recipient in step.recipients.all():
                if step.max_invites:
                    invitations.invite(recipient, at=at)
                    tell("recipient:invited", workflow, PLATFORM, at, recipient=recipient.pk)
