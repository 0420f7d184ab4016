"""What recipients do when it is their turn."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from paraph.evidence import SignatureLevel

from paraph_server.documents.models import Part
from paraph_server.journal.actions import PLATFORM, Actor
from paraph_server.workflows import invitations, queries
from paraph_server.workflows.actions.course import begin_step
from paraph_server.workflows.actions.holding import explained, halt, locked, save, tell
from paraph_server.workflows.errors import (
    AlreadyActed,
    DocumentsMissing,
    DocumentsMoved,
    NoComments,
    NoSuchDocument,
    WorkflowExpired,
    WrongKind,
)
from paraph_server.workflows.machine import End, NotAllowed
from paraph_server.workflows.models import Recipient, RequestedDocument, Step, Workflow

EFFECTS = {
    Step.Kind.SIGNATURE: "recipient:signed",
    Step.Kind.APPROVAL: "recipient:approved",
    Step.Kind.VIEW: "recipient:acknowledged",
    Step.Kind.SEAL: "recipient:sealed",
}


@transaction.atomic
def view(recipient: Recipient, *, by: Actor, at: datetime) -> None:
    """A recipient opened their invitation; only the first time is noted."""
    if Recipient.objects.filter(pk=recipient.pk, viewed_at=None).update(viewed_at=at):
        recipient.viewed_at = at
        tell("recipient:viewed", recipient.workflow, by, at, recipient=recipient.pk)


@transaction.atomic
def refuse(recipient: Recipient, *, reason: str, by: Actor, at: datetime, **facts: Any) -> None:
    """A recipient refuses to act; the workflow stops for everyone.

    Raises:
        NotRefusable: this step must not be refused.
        NotYourTurn, AlreadyActed, WorkflowOver, WorkflowExpired, WorkflowPaused: see `check_turn`.
    """
    workflow = locked(recipient.workflow)
    recipient = check_turn(workflow, recipient.pk, at=at)
    try:
        queries.state(workflow).refused(recipient.pk)
    except NotAllowed as refusal:
        raise explained(refusal.why) from None
    recipient.refused_at, recipient.refusal_reason = at, reason.strip()
    recipient.save(update_fields=["refused_at", "refusal_reason"])
    invitations.announce_refusal(recipient, at=at)
    tell("recipient:refused", workflow, by, at, recipient=recipient.pk, reason=recipient.refusal_reason, **facts)
    halt(workflow, "refused", by, at)


@transaction.atomic
def act(recipient: Recipient, *, comment: str = "", by: Actor, at: datetime, **facts: Any) -> None:
    """A recipient signs, approves or confirms. It counts from now on, however long it takes until it is `complete`d.

    Raises:
        DocumentsMissing: they were asked for documents that are not there yet.
        NoComments: this step takes none.
        NotYourTurn, AlreadyActed, WorkflowOver, WorkflowExpired, WorkflowPaused: see `check_turn`.
    """
    workflow = locked(recipient.workflow)
    recipient = check_turn(workflow, recipient.pk, at=at)
    try:
        queries.state(workflow).given(recipient.pk)
    except NotAllowed as refusal:
        raise explained(refusal.why) from None
    if missing := queries.missing(recipient):
        raise DocumentsMissing(_("Please hand over this document first: %(name)s.") % {"name": missing[0].name})
    if comment and not recipient.step.allow_comments:
        raise NoComments(_("The sender asks for no comments here."))
    recipient.acted_at, recipient.comment = at, comment.strip()
    recipient.save(update_fields=["acted_at", "comment"])
    said = {"comment": recipient.comment} if recipient.comment else {}
    tell("recipient:acted", workflow, by, at, recipient=recipient.pk, **said, **facts)


@transaction.atomic
def hand_over(recipient: Recipient, requested_id: str, part: Part, *, by: Actor, at: datetime) -> RequestedDocument:
    """A recipient hands over a document that they were asked for; another one takes its place until they act.

    Raises:
        NoSuchDocument: nobody asked them for it.
        WrongKind: another kind of file was asked for.
        NotYourTurn, AlreadyActed, WorkflowOver, WorkflowExpired, WorkflowPaused: see `check_turn`.
    """
    workflow = locked(recipient.workflow)
    recipient = check_turn(workflow, recipient.pk, at=at)
    if recipient.acted_at:
        raise AlreadyActed(_("You have already given your answer."))
    asked = recipient.requested_documents.filter(pk=requested_id).first()
    if asked is None:
        raise NoSuchDocument(_("There is no such document."))
    if asked.content_types and part.content_type not in asked.content_types:
        raise WrongKind(
            _("Please choose a file of another kind: %(kinds)s.") % {"kinds": ", ".join(asked.content_types)}
        )
    asked.part, asked.received_at = part, at
    asked.save(update_fields=["part", "received_at"])
    facts = {"document": asked.pk, "name": asked.name, "filename": part.filename, "sha256": part.hash}
    tell("recipient:document-given", workflow, by, at, recipient=recipient.pk, **facts)
    return asked


@dataclass(frozen=True, slots=True)
class Signed:
    """A document that got a signature: the part it was made on, and the part it made."""

    document_id: str
    before: Part
    after: Part


@transaction.atomic
def complete(
    recipient: Recipient,
    signed: Sequence[Signed],
    *,
    level: SignatureLevel | None = None,
    anchor: bytes | None = None,
    by: Actor,
    at: datetime,
    **facts: Any,
) -> None:
    """What a recipient did takes effect: the documents move on, and with the last recipient the workflow is signed.

    Args:
        recipient: who acted.
        signed: every document that got a signature.
        level: what the signature reached.
        anchor: the listed issuer that their certificate leads to, DER, where no root does.
        by: the same person, as the journal knows them.
        at: when.
        facts: what the journal keeps beside: certificate, proof of identity.

    Raises:
        DocumentsMoved: another signature stands in a document already, and this one was made without it.
        NotYourTurn, AlreadyActed, WorkflowOver: see `check_turn`; who acted in time is not late now.
    """
    workflow = locked(recipient.workflow)
    recipient = check_turn(workflow, recipient.pk, at=recipient.acted_at or at)
    for each in signed:
        _move(workflow, each, at)
    recipient.done_at, recipient.remind_at, recipient.anchor = at, None, anchor
    if level:
        recipient.level, facts["level"] = level, level
    recipient.save(update_fields=["done_at", "remind_at", "level", "anchor"])
    documents = [[each.document_id, each.before.hash, each.after.hash] for each in signed]
    effect = EFFECTS[Step.Kind(recipient.step.kind)]
    tell(effect, workflow, by, at, recipient=recipient.pk, documents=documents, **facts)
    _go_on(locked(workflow), at)


def _go_on(workflow: Workflow, at: datetime) -> None:
    """Somebody's act has taken effect: what was in its way is no more, and the next may come."""
    if workflow.repair_reason:
        workflow.repair_reason = ""
        save(workflow, at, "repair_reason")
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


def check_turn(workflow: Workflow, recipient_id: str, *, at: datetime) -> Recipient:
    """The recipient, if they may act now or what they did may take effect.

    Raises:
        NotYourTurn: others come first.
        AlreadyActed: they signed, approved or refused.
        WorkflowPaused: its owner holds it back.
        WorkflowOver: it ended, or enough others have acted.
        WorkflowExpired: the time of the step is over.
        NoSuchRecipient: they take no part, or not any more.
    """
    state = queries.state(workflow)
    try:
        state.check(recipient_id)
    except NotAllowed as refusal:
        raise explained(refusal.why, stop_reason=workflow.stop_reason) from None
    recipient = next(each for each in queries.recipients(workflow) if each.pk == recipient_id)
    expires = recipient.step.expires_at
    if expires and at >= expires and recipient.step.kind != Step.Kind.SEAL:
        raise WorkflowExpired(_("The time for this signature is over. Ask the sender for a new invitation."))
    return recipient
