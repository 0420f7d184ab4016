"""A workflow held fast while it changes: locked, saved, told to the journal, and its refusals put into words."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from paraph_server.journal.actions import Actor, record
from paraph_server.web.questions import Question
from paraph_server.web.rows import update
from paraph_server.workflows.errors import (
    AlreadyActed,
    BadChange,
    NoSuchRecipient,
    NotADraft,
    NotDelegable,
    NotPaused,
    NotRefusable,
    NotStarted,
    NotYourTurn,
    WorkflowExpired,
    WorkflowOver,
    WorkflowPaused,
)
from paraph_server.workflows.machine import Why
from paraph_server.workflows.models import Status, Workflow
from paraph_server.workflows.reading import with_papers, with_people

_ALONE = Question(lambda workflow: Workflow.objects.select_for_update().filter(pk=workflow))


def locked(workflow: Workflow) -> Workflow:
    """The workflow as it stands, with what it is made of, which nobody else changes until this transaction ends."""
    return in_full(alone(workflow))


def alone(workflow: Workflow) -> Workflow:
    """The same without its steps and documents. Of whom it is, is read again only if that has changed."""
    found = _ALONE.one(workflow=workflow.pk)
    if found is None:
        raise Workflow.DoesNotExist
    for field in (Workflow.owner.field, Workflow.tenant.field):
        if field.is_cached(workflow) and getattr(workflow, field.attname) == getattr(found, field.attname):
            setattr(found, field.name, getattr(workflow, field.name))
    return found


def in_full(workflow: Workflow) -> Workflow:
    """A workflow that is locked, with its steps, its people and its documents as they stand."""
    with_people([workflow])
    with_papers([workflow])
    return workflow


def hold(workflows: Iterable[Workflow]) -> None:
    """Lock several at once, always in the same order: nobody waits for somebody who waits for them."""
    ids = [each.pk for each in workflows]
    list(Workflow.objects.select_for_update().filter(pk__in=ids).order_by("pk").values_list("pk"))


def draft(workflow: Workflow) -> Workflow:
    """The workflow, locked (`alone`), if it still is a draft; raises `NotADraft`."""
    workflow = alone(workflow)
    if workflow.status != Status.DRAFT:
        raise NotADraft(_("This workflow was sent already; it does not change any more."))
    return workflow


def halt(workflow: Workflow, reason: str, by: Actor, at: datetime) -> None:
    """It stops for everyone."""
    workflow.stopped_at, workflow.stop_reason = at, reason
    save(workflow, at, "stopped_at", "stop_reason")
    tell("workflow:stopped", workflow, by, at, reason=reason)


def save(workflow: Workflow, at: datetime, *fields: str) -> None:
    workflow.updated_at = at
    update(workflow, *fields, "updated_at")


def tell(event: str, workflow: Workflow, by: Actor, at: datetime, **details: Any) -> None:
    record(event, tenant=workflow.tenant_id, subject=workflow.pk, by=by, at=at, **details)


def explained(why: Why, *, stop_reason: str = "") -> Exception:
    """What stands in the way, in the person's words."""
    if why is Why.OVER and stop_reason == "expired":
        return WorkflowExpired(_("The time for this signature is over. Ask the sender for a new invitation."))
    known: dict[Why, Exception] = {
        Why.NOT_STARTED: NotStarted(_("This workflow has not been sent yet.")),
        Why.ALREADY_ACTED: AlreadyActed(_("You have already given your answer.")),
        Why.NOT_YOUR_TURN: NotYourTurn(_("It is not your turn yet. You will get an e-mail when it is.")),
        Why.NOT_NEEDED: WorkflowOver(_("Enough others have signed; nothing is left for you to do.")),
        Why.UNKNOWN: NoSuchRecipient(_("There is no such recipient.")),
        Why.PAUSED: WorkflowPaused(_("The sender holds this workflow back for now. Please come back later.")),
        Why.NOT_PAUSED: NotPaused(_("This workflow is not paused.")),
        Why.NOT_REFUSABLE: NotRefusable(_("In this step one cannot refuse.")),
        Why.NOT_DELEGABLE: NotDelegable(_("In this step one cannot hand over one’s turn.")),
        Why.INCOMPLETE: BadChange(_("Every step needs at least as many recipients as must act.")),
    }
    return known.get(why) or WorkflowOver(_("This workflow has ended; nothing can be signed in it any more."))
