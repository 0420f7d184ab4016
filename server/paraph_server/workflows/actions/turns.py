"""What recipients do when it is their turn."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from paraph_server.documents.models import Part
from paraph_server.journal.actions import PLATFORM, Actor
from paraph_server.workflows import invitations, queries
from paraph_server.workflows.actions.course import begin_step
from paraph_server.workflows.actions.holding import explained, halt, locked, save, tell
from paraph_server.workflows.errors import AlreadyActed, BadRecipient, DocumentsMoved, WorkflowExpired
from paraph_server.workflows.machine import End, NotAllowed
from paraph_server.workflows.models import Recipient, Step, Workflow


@transaction.atomic
def view(recipient: Recipient, *, by: Actor, at: datetime) -> None:
    """A recipient opened their invitation; only the first time is noted."""
    if Recipient.objects.filter(pk=recipient.pk, viewed_at=None).update(viewed_at=at):
        recipient.viewed_at = at
        tell("recipient:viewed", recipient.workflow, by, at, recipient=recipient.pk)


@transaction.atomic
def refuse(recipient: Recipient, *, reason: str, by: Actor, at: datetime) -> None:
    """A recipient refuses to sign; the workflow stops for everyone.

    Raises:
        NotYourTurn, AlreadyActed, WorkflowOver, WorkflowExpired: see `check_turn`.
    """
    workflow = locked(recipient.workflow.pk)
    recipient = check_turn(workflow, recipient.pk, at=at)
    if recipient.acted_at:
        raise AlreadyActed(_("You have already given your answer."))
    recipient.refused_at, recipient.refusal_reason = at, reason.strip()
    recipient.save(update_fields=["refused_at", "refusal_reason"])
    halt(workflow, "refused", at)
    invitations.announce_refusal(recipient, at=at)
    tell("recipient:refused", workflow, by, at, recipient=recipient.pk, reason=recipient.refusal_reason)


@transaction.atomic
def act(recipient: Recipient, *, by: Actor, at: datetime, **facts: Any) -> None:
    """A recipient signs or approves. It counts from now on, however long it takes until it is `complete`d.

    Raises:
        NotYourTurn, AlreadyActed, WorkflowOver, WorkflowExpired: see `check_turn`.
    """
    workflow = locked(recipient.workflow.pk)
    recipient = check_turn(workflow, recipient.pk, at=at)
    if recipient.acted_at:
        raise AlreadyActed(_("You have already given your answer."))
    recipient.acted_at = at
    recipient.save(update_fields=["acted_at"])
    tell("recipient:acted", workflow, by, at, recipient=recipient.pk, **facts)


@dataclass(frozen=True, slots=True)
class Signed:
    """A document that got a signature: the part it was made on, and the part it made."""

    document_id: str
    before: Part
    after: Part


@transaction.atomic
def complete(recipient: Recipient, signed: Sequence[Signed], *, by: Actor, at: datetime, **facts: Any) -> None:
    """What a recipient did takes effect: the documents move on, and with the last recipient the workflow is signed.

    Args:
        recipient: who acted.
        signed: every document that got a signature.
        by: the same person, as the journal knows them.
        at: when.
        facts: what the journal keeps beside: certificate, proof of identity.

    Raises:
        DocumentsMoved: another signature stands in a document already, and this one was made without it.
        NotYourTurn, AlreadyActed, WorkflowOver: see `check_turn`; who acted in time is not late now.
    """
    workflow = locked(recipient.workflow.pk)
    recipient = check_turn(workflow, recipient.pk, at=recipient.acted_at or at)
    for each in signed:
        _move(workflow, each, at)
    recipient.done_at = at
    recipient.save(update_fields=["done_at"])
    verb = "recipient:signed" if recipient.step.kind == Step.Kind.SIGNATURE else "recipient:approved"
    documents = [[each.document_id, each.before.hash, each.after.hash] for each in signed]
    tell(verb, workflow, by, at, recipient=recipient.pk, documents=documents, **facts)
    workflow = locked(workflow.pk)
    begin_step(workflow, at=at)
    if queries.state(workflow).end is End.COMPLETE:
        workflow.signed_at = at
        save(workflow, at, "signed_at")
        tell("workflow:signed", workflow, PLATFORM, at)


def _move(workflow: Workflow, signed: Signed, at: datetime) -> None:
    document = workflow.documents.get(pk=signed.document_id)
    if document.current_id != signed.before.pk:
        raise DocumentsMoved(_("Somebody else has signed in the meantime."))
    document.current, document.updated_at = signed.after, at
    document.save(update_fields=["current", "updated_at"])


@transaction.atomic
def resend_invitation(recipient: Recipient, *, by: Actor, at: datetime) -> None:
    """Send a recipient their link again, while it is their turn.

    Raises:
        BadRecipient: they have no e-mail address.
        NotYourTurn, AlreadyActed, WorkflowOver, WorkflowExpired: see `check_turn`.
    """
    workflow = locked(recipient.workflow.pk)
    recipient = check_turn(workflow, recipient.pk, at=at)
    if not recipient.email:
        raise BadRecipient(_("This recipient has no e-mail address: hand their link over yourself."))
    invitations.invite(recipient, at=at)
    tell("recipient:invited", workflow, by, at, recipient=recipient.pk)


def check_turn(workflow: Workflow, recipient_id: str, *, at: datetime) -> Recipient:
    """The recipient, if they may act now.

    Raises:
        NotYourTurn: others come first.
        AlreadyActed: they signed, approved or refused.
        WorkflowOver: it ended, or enough others have acted.
        WorkflowExpired: the time of the step is over.
    """
    state = queries.state(workflow)
    try:
        state.check(recipient_id)
    except NotAllowed as refusal:
        raise explained(refusal.why, stop_reason=workflow.stop_reason) from None
    recipient = next(each for each in queries.recipients(workflow) if each.pk == recipient_id)
    expires = recipient.step.expires_at
    if expires and at >= expires:
        raise WorkflowExpired(_("The time for this signature is over. Ask the sender for a new invitation."))
    return recipient
