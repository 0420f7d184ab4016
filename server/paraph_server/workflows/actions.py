"""What people and programs do with workflows. Each verb is one transaction that locks its workflow."""

import dataclasses
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from paraph_server.accounts.models import Tenant, User
from paraph_server.documents.models import Part
from paraph_server.identification import addresses
from paraph_server.journal.actions import PLATFORM, Actor, record
from paraph_server.workflows import invitations, placement, queries
from paraph_server.workflows.consent import CONSENT_PAGES
from paraph_server.workflows.errors import (
    AlreadyActed,
    BadRecipient,
    DocumentsMoved,
    IncompleteWorkflow,
    NoSuchRecipient,
    NotADraft,
    NotFinished,
    NotStarted,
    NotYourTurn,
    WorkflowExpired,
    WorkflowOver,
)
from paraph_server.workflows.machine import End, NotAllowed, Why
from paraph_server.workflows.models import (
    ConsentPage,
    Recipient,
    SignatureProfile,
    Status,
    Step,
    Workflow,
)

LONGEST_NAME = 60
"""Characters; what a certificate can hold of a first or a last name (RFC 5280 appendix A.1), and a little less."""


@dataclass(frozen=True, slots=True)
class NewRecipient:
    """Somebody to invite; a guest needs a name and an address, and a telephone number where codes come by SMS.

    Who is handed their link, and identified by SMS, needs no address: their e-mail address is empty then.
    """

    email: str
    first_name: str
    last_name: str
    consent_page: ConsentPage
    phone_number: str = ""
    country: str = "FR"
    locale: str = "en"
    user: User | None = None


@dataclass(frozen=True, slots=True)
class NewStep:
    """People who act at the same time; all of them must, unless `required` says how many."""

    recipients: Sequence[NewRecipient]
    kind: Step.Kind = Step.Kind.SIGNATURE
    required: int | None = None
    validity: timedelta = timedelta(days=30)
    max_invites: int = 1
    send_download_link: bool = True


@dataclass(frozen=True, slots=True)
class NewWorkflow:
    """A workflow as it is asked for."""

    name: str
    description: str = ""
    steps: Sequence[NewStep] = ()
    data: Mapping[str, str] = dataclasses.field(default_factory=dict)


# ---------------------------------------------------------------- drafting


@transaction.atomic
def set_up_tenant(tenant: Tenant, *, at: datetime) -> None:
    """Give a new tenant the consent pages and the signature profile it starts with; once."""
    if ConsentPage.objects.filter(tenant=tenant).exists():
        return
    for page in CONSENT_PAGES:
        ConsentPage.objects.create(tenant=tenant, created_at=at, **page)
    SignatureProfile.objects.create(tenant=tenant, name="PAdES B-T", created_at=at)


@transaction.atomic
def create(wanted: NewWorkflow, *, owner: User, by: Actor, at: datetime) -> Workflow:
    """A draft.

    Raises:
        BadRecipient: somebody lacks a name, an address or a telephone number.
    """
    workflow = Workflow.objects.create(
        tenant_id=owner.tenant_id,
        owner=owner,
        name=wanted.name.strip()[:200] or _("Untitled"),
        description=wanted.description,
        data=dict(wanted.data),
        created_at=at,
        updated_at=at,
    )
    _add_steps(workflow, wanted.steps)
    _tell("workflow:created", workflow, by, at, name=workflow.name)
    return workflow


@transaction.atomic
def change(
    workflow: Workflow,
    *,
    name: str | None = None,
    description: str | None = None,
    steps: Sequence[NewStep] | None = None,
    by: Actor,
    at: datetime,
) -> Workflow:
    """Change a draft.

    Raises:
        NotADraft: it was started.
        BadRecipient: as `create`.
    """
    workflow = draft(workflow)
    if name is not None:
        workflow.name = name.strip()[:200] or workflow.name
    if description is not None:
        workflow.description = description
    if steps is not None:
        workflow.steps.all().delete()
        _add_steps(workflow, steps)
    _save(workflow, at, "name", "description")
    _tell("workflow:changed", workflow, by, at, name=workflow.name)
    return workflow


def _add_steps(workflow: Workflow, steps: Sequence[NewStep]) -> None:
    position = 0
    for place, wanted in enumerate(steps):
        step = Step.objects.create(
            tenant_id=workflow.tenant_id,
            workflow=workflow,
            position=place,
            kind=wanted.kind,
            required_recipients=len(wanted.recipients) if wanted.required is None else wanted.required,
            validity_period=wanted.validity,
            max_invites=wanted.max_invites,
            send_download_link=wanted.send_download_link,
        )
        for each in wanted.recipients:
            _add_recipient(step, each, position)
            position += 1


def _add_recipient(step: Step, wanted: NewRecipient, position: int) -> None:
    for name in (wanted.first_name.strip(), wanted.last_name.strip()):
        if not name or len(name) > LONGEST_NAME or not name.isprintable():
            raise BadRecipient(_("Every recipient needs a first name and a last name, of 60 characters at most."))
    by_sms = wanted.consent_page.authentication == ConsentPage.Authentication.SMS
    if by_sms and not wanted.phone_number:
        raise BadRecipient(_("Recipients who are identified by SMS need a telephone number."))
    if not wanted.email.strip() and (step.max_invites or not by_sms):
        raise BadRecipient(
            _("Recipients need an e-mail address, unless they are identified by SMS and maxInvites is 0.")
        )
    Recipient.objects.create(
        tenant_id=step.tenant_id,
        step=step,
        position=position,
        user=wanted.user,
        email=addresses.email(wanted.email) if wanted.email.strip() else "",
        first_name=wanted.first_name.strip(),
        last_name=wanted.last_name.strip(),
        phone_number=addresses.phone_number(wanted.phone_number) if wanted.phone_number else "",
        country=wanted.country.upper(),
        locale=wanted.locale,
        consent_page=wanted.consent_page,
    )


# ---------------------------------------------------------------- on its way


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
    _save(workflow, at, "started_at")
    _tell("workflow:started", workflow, by, at)
    _begin_step(workflow, at=at)
    return workflow


@transaction.atomic
def stop(workflow: Workflow, *, reason: str = "cancelled", by: Actor, at: datetime) -> Workflow:
    """Cancel a workflow that is on its way.

    Raises:
        NotStarted: it is a draft.
        WorkflowOver: it has ended.
    """
    workflow = _locked(workflow.pk)
    try:
        queries.state(workflow).stop()
    except NotAllowed as refusal:
        raise _explained(refusal.why) from None
    _stop(workflow, reason, at)
    _tell("workflow:stopped", workflow, by, at, reason=reason)
    return workflow


@transaction.atomic
def archive(workflow: Workflow, *, by: Actor, at: datetime) -> Workflow:
    """Put a workflow that has ended out of the way; raises `NotFinished` while it is on its way."""
    workflow = _locked(workflow.pk)
    if not (workflow.finished_at or workflow.stopped_at):
        raise NotFinished(_("Only a workflow that has ended can be archived."))
    workflow.archived_at = workflow.archived_at or at
    _save(workflow, at, "archived_at")
    _tell("workflow:archived", workflow, by, at)
    return workflow


@transaction.atomic
def view(recipient: Recipient, *, by: Actor, at: datetime) -> None:
    """A recipient opened their invitation; only the first time is noted."""
    if Recipient.objects.filter(pk=recipient.pk, viewed_at=None).update(viewed_at=at):
        recipient.viewed_at = at
        _tell("recipient:viewed", recipient.workflow, by, at, recipient=recipient.pk)


@transaction.atomic
def refuse(recipient: Recipient, *, reason: str, by: Actor, at: datetime) -> None:
    """A recipient refuses to sign; the workflow stops for everyone.

    Raises:
        NotYourTurn, AlreadyActed, WorkflowOver, WorkflowExpired: see `check_turn`.
    """
    workflow = _locked(recipient.workflow.pk)
    recipient = check_turn(workflow, recipient.pk, at=at)
    if recipient.acted_at:
        raise AlreadyActed(_("You have already given your answer."))
    recipient.refused_at, recipient.refusal_reason = at, reason.strip()
    recipient.save(update_fields=["refused_at", "refusal_reason"])
    _stop(workflow, "refused", at)
    invitations.announce_refusal(recipient, at=at)
    _tell("recipient:refused", workflow, by, at, recipient=recipient.pk, reason=recipient.refusal_reason)


@transaction.atomic
def act(recipient: Recipient, *, by: Actor, at: datetime, **facts: Any) -> None:
    """A recipient signs or approves. It counts from now on, however long it takes until it is `complete`d.

    Raises:
        NotYourTurn, AlreadyActed, WorkflowOver, WorkflowExpired: see `check_turn`.
    """
    workflow = _locked(recipient.workflow.pk)
    recipient = check_turn(workflow, recipient.pk, at=at)
    if recipient.acted_at:
        raise AlreadyActed(_("You have already given your answer."))
    recipient.acted_at = at
    recipient.save(update_fields=["acted_at"])
    _tell("recipient:acted", workflow, by, at, recipient=recipient.pk, **facts)


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
    workflow = _locked(recipient.workflow.pk)
    recipient = check_turn(workflow, recipient.pk, at=recipient.acted_at or at)
    for each in signed:
        _move(workflow, each, at)
    recipient.done_at = at
    recipient.save(update_fields=["done_at"])
    verb = "recipient:signed" if recipient.step.kind == Step.Kind.SIGNATURE else "recipient:approved"
    documents = [[each.document_id, each.before.hash, each.after.hash] for each in signed]
    _tell(verb, workflow, by, at, recipient=recipient.pk, documents=documents, **facts)
    workflow = _locked(workflow.pk)
    _begin_step(workflow, at=at)
    if queries.state(workflow).end is End.COMPLETE:
        workflow.signed_at = at
        _save(workflow, at, "signed_at")
        _tell("workflow:signed", workflow, PLATFORM, at)


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
    workflow = _locked(recipient.workflow.pk)
    recipient = check_turn(workflow, recipient.pk, at=at)
    if not recipient.email:
        raise BadRecipient(_("This recipient has no e-mail address: hand their link over yourself."))
    invitations.invite(recipient, at=at)
    _tell("recipient:invited", workflow, by, at, recipient=recipient.pk)


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
        raise _explained(refusal.why, stop_reason=workflow.stop_reason) from None
    recipient = next(each for each in queries.recipients(workflow) if each.pk == recipient_id)
    expires = recipient.step.expires_at
    if expires and at >= expires:
        raise WorkflowExpired(_("The time for this signature is over. Ask the sender for a new invitation."))
    return recipient


# ---------------------------------------------------------------- the end


@transaction.atomic
def finish(workflow: Workflow, *, evidence: Part, at: datetime) -> Workflow:
    """Everything that will be delivered is proved: the workflow is finished and everybody is told. Once."""
    workflow = _locked(workflow.pk)
    if workflow.finished_at:
        return workflow
    workflow.evidence, workflow.finished_at, workflow.repair_reason = evidence, at, ""
    _save(workflow, at, "evidence", "finished_at", "repair_reason")
    invitations.announce_finish(workflow, at=at)
    documents = [[each.pk, each.original.hash, each.current.hash] for each in workflow.documents.all()]
    _tell("workflow:finished", workflow, PLATFORM, at, evidence=evidence.hash, documents=documents)
    return workflow


@transaction.atomic
def await_repair(workflow: Workflow, reason: str, *, at: datetime) -> None:
    """Proving it failed: it waits, visibly, with the reason."""
    workflow = _locked(workflow.pk)
    if workflow.repair_reason == reason:
        return
    workflow.repair_reason = reason
    _save(workflow, at, "repair_reason")
    _tell("workflow:needs-repair", workflow, PLATFORM, at, reason=reason)


@transaction.atomic
def expire(workflow: Workflow, *, at: datetime) -> None:
    """Stop a workflow whose current step is out of time, unless an act that came in time is still being carried out."""
    workflow = _locked(workflow.pk)
    current = queries.state(workflow).current
    if current is None:
        return
    step = workflow.steps.all()[current]
    underway = any(each.acted_at and not each.done_at for each in step.recipients.all())
    if step.expires_at and at >= step.expires_at and not underway:
        _stop(workflow, "expired", at)
        _tell("workflow:stopped", workflow, PLATFORM, at, reason="expired")


# ---------------------------------------------------------------- within one transaction


def _locked(workflow_id: str) -> Workflow:
    """The workflow as it stands, which nobody else changes until this transaction ends."""
    Workflow.objects.select_for_update().only("pk").get(pk=workflow_id)
    return Workflow.objects.prefetch_related("steps__recipients", "documents__original", "documents__current").get(
        pk=workflow_id
    )


def draft(workflow: Workflow) -> Workflow:
    """The workflow, locked, if it still is a draft; raises `NotADraft`."""
    workflow = _locked(workflow.pk)
    if workflow.status != Status.DRAFT:
        raise NotADraft(_("This workflow was sent already; it does not change any more."))
    return workflow


def _begin_step(workflow: Workflow, *, at: datetime) -> None:
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
                    _tell("recipient:invited", workflow, PLATFORM, at, recipient=recipient.pk)


def _stop(workflow: Workflow, reason: str, at: datetime) -> None:
    workflow.stopped_at, workflow.stop_reason = at, reason
    _save(workflow, at, "stopped_at", "stop_reason")


def _save(workflow: Workflow, at: datetime, *fields: str) -> None:
    workflow.updated_at = at
    workflow.save(update_fields=[*fields, "updated_at"])


def _tell(event: str, workflow: Workflow, by: Actor, at: datetime, **details: Any) -> None:
    record(event, tenant=workflow.tenant_id, subject=workflow.pk, by=by, at=at, **details)


def _explained(why: Why, *, stop_reason: str = "") -> Exception:
    """What stands in the way, in the person's words."""
    if why is Why.OVER and stop_reason == "expired":
        return WorkflowExpired(_("The time for this signature is over. Ask the sender for a new invitation."))
    known: dict[Why, Exception] = {
        Why.NOT_STARTED: NotStarted(_("This workflow has not been sent yet.")),
        Why.ALREADY_ACTED: AlreadyActed(_("You have already given your answer.")),
        Why.NOT_YOUR_TURN: NotYourTurn(_("It is not your turn yet. You will get an e-mail when it is.")),
        Why.NOT_NEEDED: WorkflowOver(_("Enough others have signed; nothing is left for you to do.")),
        Why.UNKNOWN: NoSuchRecipient(_("There is no such recipient.")),
    }
    return known.get(why) or WorkflowOver(_("This workflow has ended; nothing can be signed in it any more."))
