"""Find workflows, and see them as the state machine does."""

from django.db.models import Prefetch, Q, QuerySet
from django.utils.translation import gettext as _

from paraph_server.accounts.models import User
from paraph_server.documents.models import Part
from paraph_server.identification import addresses
from paraph_server.journal import queries as journal
from paraph_server.workflows.errors import NoSuchDocument, NoSuchRecipient, NoSuchWorkflow
from paraph_server.workflows.machine import Act, Stage, State
from paraph_server.workflows.models import ConsentPage, Document, Recipient, SignatureProfile, Status, Step, Workflow


def visible_to(user: User) -> QuerySet[Workflow]:
    """The workflows a user may see: their own, newest first."""
    return (
        Workflow.objects.filter(owner=user)
        .select_related("owner", "evidence")
        .prefetch_related(
            Prefetch("steps", Step.objects.prefetch_related("recipients")),
            Prefetch("documents", Document.objects.select_related("original__source", "current")),
        )
        .order_by("-created_at")
    )


def in_status(status: Status) -> Q:
    """What makes the state of `Workflow.status`, as a condition."""
    over = Q(finished_at__isnull=False)
    stopped = Q(stopped_at__isnull=False)
    live = Q(archived_at=None)
    return {
        Status.ARCHIVED: ~live,
        Status.FINISHED: live & over,
        Status.STOPPED: live & ~over & stopped,
        Status.STARTED: live & ~over & ~stopped & Q(started_at__isnull=False),
        Status.DRAFT: live & ~over & ~stopped & Q(started_at=None),
    }[status]


def workflow(user: User, workflow_id: str) -> Workflow:
    """One of a user's workflows.

    Raises:
        NoSuchWorkflow: there is none, or it is somebody else's.
    """
    found = visible_to(user).filter(pk=workflow_id).first()
    if found is None:
        raise NoSuchWorkflow(_("There is no such workflow."))
    return found


def document(user: User, document_id: str) -> Document:
    """A document in one of a user's workflows; raises `NoSuchDocument`."""
    found = (
        Document.objects.filter(pk=document_id, workflow__owner=user)
        .select_related("workflow", "original__source", "current")
        .first()
    )
    if found is None:
        raise NoSuchDocument(_("There is no such document."))
    return found


def recipient(recipient_id: str) -> Recipient:
    """A recipient of the current tenant; raises `NoSuchRecipient`."""
    found = (
        Recipient.objects.filter(pk=recipient_id)
        .select_related("step__workflow__owner", "step__workflow__tenant", "consent_page")
        .first()
    )
    if found is None:
        raise NoSuchRecipient(_("There is no such recipient."))
    return found


def recipient_of(workflow: Workflow, email: str = "", *, phone_number: str = "", recipient_id: str = "") -> Recipient:
    """The recipient with this identifier, else this address, else this number, first those whose turn it is.

    Raises:
        NoSuchRecipient: none of them has it.
    """
    turn = state(workflow).turn
    if recipient_id:
        found = [each for each in recipients(workflow) if each.pk == recipient_id]
    elif email.strip():
        found = [each for each in recipients(workflow) if each.email.lower() == email.strip().lower()]
    else:
        number = addresses.phone_number(phone_number) if phone_number else None
        found = [each for each in recipients(workflow) if each.phone_number == number]
    if not found:
        raise NoSuchRecipient(_("Nobody with this address takes part in the workflow."))
    return min(found, key=lambda each: each.pk not in turn)


def recipients(workflow: Workflow) -> list[Recipient]:
    return [recipient for step in workflow.steps.all() for recipient in step.recipients.all()]


def signers(workflow: Workflow) -> list[Recipient]:
    """Those who sign, in order: the n-th signature field is the n-th signer's."""
    return [each for each in recipients(workflow) if each.step.kind == Step.Kind.SIGNATURE]


def to_sign(workflow: Workflow) -> list[Document]:
    """The documents that are signed; the others are attachments."""
    return [document for document in workflow.documents.all() if document.signature_profile_id]


def part_shown(recipient: Recipient, document_id: str) -> Part:
    """What a recipient reads: a document of their workflow as it stands; raises `NoSuchDocument`."""
    found = recipient.workflow.documents.filter(pk=document_id).select_related("current").first()
    if found is None:
        raise NoSuchDocument(_("There is no such document."))
    return found.current


def grew_from(document: Document, digest: str) -> bool:
    """Whether a document is what it was at `digest`, plus the signatures since of which the journal tells."""
    happened = journal.about(document.tenant_id, [document.workflow_id]).filter(event="recipient:signed")
    for entry in happened:
        for document_id, before, after in entry.payload.details["documents"]:
            if (document_id, before) == (document.pk, digest):
                digest = after
    return document.current.hash == digest


def state(workflow: Workflow) -> State:
    """The facts that the rules look at."""
    stages = tuple(
        Stage(step.required_recipients, tuple((each.pk, _act(each)) for each in step.recipients.all()))
        for step in workflow.steps.all()
    )
    return State(stages, started=workflow.started_at is not None, stopped=workflow.stopped_at is not None)


def _act(recipient: Recipient) -> Act:
    if recipient.refused_at:
        return Act.REFUSED
    return Act.DONE if recipient.done_at else Act.NOTHING


def progress(workflow: Workflow) -> int:
    """How far it is, in percent of the acts it needs."""
    if workflow.finished_at:
        return 100
    stages = state(workflow).stages
    needed = sum(stage.required for stage in stages)
    done = sum(min(stage.required, sum(act is Act.DONE for _, act in stage.people)) for stage in stages)
    return 99 * done // needed if needed else 0


def subjects(workflow: Workflow) -> list[str]:
    """The ids under which the journal speaks of a workflow."""
    parts = [document.original_id for document in workflow.documents.all()]
    return [workflow.pk, *(each.pk for each in recipients(workflow)), *parts]


def consent_pages() -> QuerySet[ConsentPage]:
    return ConsentPage.objects.order_by("created_at", "name")


def signature_profiles() -> QuerySet[SignatureProfile]:
    return SignatureProfile.objects.order_by("created_at", "name")
