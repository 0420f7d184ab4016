"""Find workflows, and see them as the state machine does."""

import functools
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet
from django.utils.translation import gettext as _

from paraph_server.accounts import queries as accounts
from paraph_server.accounts import rights
from paraph_server.accounts.models import User
from paraph_server.accounts.rights import Right
from paraph_server.documents.models import Part
from paraph_server.identification import addresses
from paraph_server.journal import queries as journal
from paraph_server.journal.queries import Happening
from paraph_server.web.questions import Place, Question
from paraph_server.workflows.consent import WITHOUT_SIGNATURE
from paraph_server.workflows.errors import (
    InvitationWithdrawn,
    NoSuchConsentPage,
    NoSuchDocument,
    NoSuchRecipient,
    NoSuchWorkflow,
    NotYours,
)
from paraph_server.workflows.machine import Act, Stage, State
from paraph_server.workflows.models import (
    Access,
    ConsentPage,
    Document,
    Recipient,
    RequestedDocument,
    Seal,
    SignatureProfile,
    Step,
    Workflow,
)
from paraph_server.workflows.reading import its

SIGNATURES = ("recipient:signed", "recipient:sealed")
"""The journal's events after which a document is another file."""


def visible_to(user: User) -> QuerySet[Workflow]:
    """The workflows a user may see: their own, those they were let into, and those of groups that let them."""
    return _in_full(_within_reach(user, _accesses(user), Right.SEE_GROUP, Right.SEND_FOR_GROUP))


def managed_by(user: User) -> QuerySet[Workflow]:
    """The workflows a user may change: as their owner, as the owner may, or for a group in whose name they send."""
    return _in_full(_within_reach(user, _accesses(user).filter(manages=True), Right.SEND_FOR_GROUP))


def _accesses(user: User) -> QuerySet[Access]:
    return Access.objects.filter(Q(user=user) | Q(group__in=list(user.rights_by_group)))


def _within_reach(user: User, accesses: QuerySet[Access], *group_rights: Right) -> QuerySet[Workflow]:
    """Most users were let into nothing: then the index over owners answers alone."""
    owned = Workflow.objects.filter(accounts.owners(user, *group_rights))
    if not accesses.exists():
        return owned
    return Workflow.objects.filter(pk__in=owned.values("pk").union(accesses.values("workflow_id"), all=True))


def _reached(workflow: Place, user: Place, groups: Place, led: Place, **access: bool) -> QuerySet[Workflow]:
    """The same for one workflow; `led` are the groups over whose members the user has a right."""
    members = User.objects.filter(group_id__among=led, tenant=OuterRef("tenant"), pk=OuterRef("owner"))
    accesses = Access.objects.filter(Q(user=user) | Q(group_id__among=groups), workflow=OuterRef("pk"), **access)
    reached = Q(owner=user) | Q(Exists(members)) | Q(Exists(accesses))
    return Workflow.objects.filter(reached, pk=workflow).select_related("owner", "tenant")


_SEEN = Question(_reached)
_MANAGED = Question(functools.partial(_reached, manages=True))


def _one(question: Question[Workflow], user: User, workflow_id: str, *group_rights: Right) -> Workflow | None:
    led = [group for right in group_rights for group in rights.groups_with(user, right)]
    return question.one(workflow=workflow_id, user=user.pk, groups=list(user.rights_by_group), led=led)


def _seen(user: User, workflow_id: str) -> Workflow | None:
    return _one(_SEEN, user, workflow_id, Right.SEE_GROUP, Right.SEND_FOR_GROUP)


def _in_full(found: QuerySet[Workflow]) -> QuerySet[Workflow]:
    return (
        found.select_related("owner", "evidence")
        .prefetch_related(
            Prefetch("steps", Step.objects.prefetch_related("recipients__requested_documents__part")),
            Prefetch("documents", Document.objects.select_related("original__source", "current")),
            "watchers",
            "accesses",
        )
        .order_by("-created_at")
    )


def listed(user: User) -> QuerySet[Workflow]:
    """What `visible_to` finds, the newest first; what belongs to each is read when it is shown."""
    found = _within_reach(user, _accesses(user), Right.SEE_GROUP, Right.SEND_FOR_GROUP)
    return found.select_related("owner").order_by("-created_at", "-pk")


def shown(user: User, workflow_id: str) -> Workflow:
    """One of them; raises `NoSuchWorkflow`."""
    return _the(_seen(user, workflow_id))


_THESE = Question(lambda ids: Workflow.objects.filter(pk__among=ids).select_related("owner"))


def these(ids: Sequence[str]) -> list[Workflow]:
    """Workflows in the order of their ids."""
    found = {each.pk: each for each in _THESE(ids=list(ids))}
    return [found[each] for each in ids if each in found]


def filed(path: str) -> str:
    """A class of the filing plan as it is kept: `RH/Contrats`, whatever slashes and blanks stood around."""
    return "/".join(part for each in path.split("/") if (part := each.strip()))


def workflow(user: User, workflow_id: str) -> Workflow:
    """A workflow that a user may see.

    Raises:
        NoSuchWorkflow: there is none, or it is nothing to them.
    """
    return complete(shown(user, workflow_id).pk)


def managed(user: User, workflow_id: str) -> Workflow:
    """A workflow that a user may change; what it is made of is read by whoever locks it.

    Raises:
        NoSuchWorkflow: there is none, or it is nothing to them.
        NotYours: they may only look at it.
    """
    found = _one(_MANAGED, user, workflow_id, Right.SEND_FOR_GROUP)
    if found is None:
        shown(user, workflow_id)
        raise NotYours(_("You may look at this workflow, not change it."))
    return found


def _the(found: Workflow | None) -> Workflow:
    if found is None:
        raise NoSuchWorkflow(_("There is no such workflow."))
    return found


def document(user: User, document_id: str) -> Document:
    """A document in a workflow that a user may see; raises `NoSuchDocument`."""
    found = Document.objects.filter(pk=document_id).select_related("workflow", "original__source", "current").first()
    if found is None or not _seen(user, found.workflow_id):
        raise NoSuchDocument(_("There is no such document."))
    return found


def managed_document(user: User, document_id: str) -> Document:
    """A document in a workflow that a user may change; raises `NoSuchDocument`, or `NotYours`."""
    found = document(user, document_id)
    managed(user, found.workflow_id)
    return found


def requested_document(user: User, requested_id: str) -> RequestedDocument:
    """A document that was asked from a recipient, of a workflow that a user may see; raises `NoSuchDocument`."""
    found = RequestedDocument.objects.filter(pk=requested_id).select_related("part", "recipient__step").first()
    if found is None or not _seen(user, found.recipient.step.workflow_id):
        raise NoSuchDocument(_("There is no such document."))
    return found


def recipient(recipient_id: str) -> Recipient:
    """A recipient of the current tenant.

    Raises:
        NoSuchRecipient: there is none.
        InvitationWithdrawn: somebody else has taken their place.
    """
    found = (
        Recipient.everybody.filter(pk=recipient_id)
        .select_related("step__workflow__owner", "step__workflow__tenant", "consent_page", "delegated_from")
        .first()
    )
    if found is None:
        raise NoSuchRecipient(_("There is no such recipient."))
    if found.withdrawn_at:
        raise InvitationWithdrawn(_("This invitation is no longer needed: somebody else has taken your place."))
    return found


def place_in(workflow_id: str, recipients: Sequence[Recipient]) -> Recipient:
    """Which of somebody's places is in a workflow; raises `NoSuchWorkflow` when none is."""
    found = next((each for each in recipients if each.step.workflow_id == workflow_id), None)
    if found is None:
        raise NoSuchWorkflow(_("There is no such workflow."))
    return found


def place_of(person: Recipient, workflow_id: str) -> Recipient:
    """Where it is the turn of the same person, by their addresses, in another workflow; raises `NoSuchWorkflow`."""
    same = {"email": person.email, "phone_number": person.phone_number}
    places = Recipient.objects.filter(step__workflow_id=workflow_id, **same).values_list("pk", flat=True)
    found = [recipient(each) for each in places]
    turn = state(found[0].workflow).turn if found else frozenset()
    return place_in(workflow_id, sorted(found, key=lambda each: each.pk not in turn))


def complete(workflow_id: str) -> Workflow:
    """A workflow with everything that belongs to it; for those who have shown that it concerns them."""
    return _the(_in_full(Workflow.objects.filter(pk=workflow_id)).first())


def recipient_of(workflow: Workflow, email: str = "", *, phone_number: str = "", recipient_id: str = "") -> Recipient:
    """The recipient with this identifier, else this address, else this number, first those whose turn it is.

    Raises:
        NoSuchRecipient: none of them has it.
    """
    turn = state(workflow).turn
    people = [each for each in recipients(workflow) if each.step.kind != Step.Kind.SEAL]
    if recipient_id:
        found = [each for each in people if each.pk == recipient_id]
    elif email.strip():
        found = [each for each in people if each.email.lower() == email.strip().lower()]
    else:
        number = addresses.phone_number(phone_number) if phone_number else None
        found = [each for each in people if each.phone_number == number]
    if not found:
        raise NoSuchRecipient(_("Nobody with this address takes part in the workflow."))
    return min(found, key=lambda each: each.pk not in turn)


def recipients(workflow: Workflow) -> list[Recipient]:
    return [recipient for step in its(workflow, "steps") for recipient in its(step, "recipients")]


def signers(workflow: Workflow) -> list[Recipient]:
    """Those who sign, in order, and behind them the organisation in each seal step.

    The n-th signature field is the n-th signer's.
    """
    signing = {Step.Kind.SIGNATURE, Step.Kind.SEAL}
    found = [each for each in recipients(workflow) if each.step.kind in signing]
    return sorted(found, key=lambda each: each.step.kind == Step.Kind.SEAL)


def to_sign(workflow: Workflow) -> list[Document]:
    """The documents that are signed; the others are attachments."""
    return [document for document in its(workflow, "documents") if document.signature_profile_id]


def shown_to(recipient: Recipient) -> list[Document]:
    """The documents a recipient reads; attachments only where the step does not hide them."""
    documents = recipient.workflow.documents.select_related("original", "current")
    return [each for each in documents if each.signature_profile_id or not recipient.step.hide_attachments]


def part_shown(recipient: Recipient, document_id: str) -> Part:
    """What a recipient reads: a document of their workflow as it stands; raises `NoSuchDocument`."""
    found = next((each for each in shown_to(recipient) if each.pk == document_id), None)
    if found is None:
        raise NoSuchDocument(_("There is no such document."))
    return found.current


def consent_text(recipient: Recipient, language: str) -> str:
    """What a recipient accepts: the text of their consent page, or that of an act without signature."""
    language = "fr" if language.startswith("fr") else "en"
    if texts := WITHOUT_SIGNATURE.get(recipient.step.kind):
        return texts[language]
    return recipient.consent_page.text(language) if recipient.consent_page else ""


def missing(recipient: Recipient) -> list[RequestedDocument]:
    """What a recipient must still hand over before they act."""
    return list(recipient.requested_documents.filter(required=True, part=None))


def grew_from(document: Document, digest: str) -> bool:
    """Whether a document is what it was at `digest`, plus the signatures and seals since of which the journal tells."""
    happened = journal.about(document.tenant_id, [document.workflow_id]).filter(event__in=SIGNATURES)
    for entry in happened:
        for document_id, before, after in entry.payload.details["documents"]:
            if (document_id, before) == (document.pk, digest):
                digest = after
    return document.current.hash == digest


def state(workflow: Workflow) -> State:
    """The facts that the rules look at."""
    return State(
        tuple(_stage(step) for step in its(workflow, "steps")),
        started=workflow.started_at is not None,
        stopped=workflow.stopped_at is not None,
        paused=workflow.paused_at is not None,
    )


def _stage(step: Step) -> Stage:
    by_people = step.kind != Step.Kind.SEAL
    return Stage(
        step.required_recipients,
        tuple((each.pk, _act(each)) for each in its(step, "recipients")),
        refusable=by_people and step.allow_refusal,
        delegable=by_people and step.allow_delegation,
    )


def _act(recipient: Recipient) -> Act:
    if recipient.refused_at:
        return Act.REFUSED
    if recipient.done_at:
        return Act.DONE
    return Act.GIVEN if recipient.acted_at else Act.NOTHING


def progress(workflow: Workflow, at: State | None = None) -> int:
    """How far it is, in percent of the acts it needs, in a state that is known already."""
    if workflow.finished_at:
        return 100
    stages = (at or state(workflow)).stages
    needed = sum(stage.required for stage in stages)
    done = sum(min(stage.required, sum(act is Act.DONE for _, act in stage.people)) for stage in stages)
    return 99 * done // needed if needed else 0


def subjects(workflow: Workflow) -> list[str]:
    """The ids under which the journal speaks of a workflow, also of those who took part once."""
    people = Recipient.everybody.filter(step__workflow=workflow)
    given = RequestedDocument.objects.filter(recipient__step__workflow=workflow, part__isnull=False)
    parts = [document.original_id for document in its(workflow, "documents")]
    return [
        workflow.pk,
        *people.values_list("pk", flat=True),
        *parts,
        *(part_id for part_id in given.values_list("part_id", flat=True) if part_id),
    ]


@dataclass(frozen=True, slots=True)
class History:
    """What the journal tells of a workflow, and of whom: also of those who do not take part any more."""

    entries: list[Happening]
    people: dict[str, Recipient]


def histories(workflows: Sequence[Workflow]) -> dict[str, History]:
    """What happened to some workflows of one tenant, by workflow, in two questions at most for all of them."""
    told = {each.pk: History([], {person.pk: person for person in recipients(each)}) for each in workflows}
    gone = dict[str, str]()
    if workflows:
        for entry in journal.happenings(workflows[0].tenant_id, told):
            told[entry.subject].entries.append(entry)
            gone |= {name: entry.subject for name in _named(entry) if name not in told[entry.subject].people}
    if gone:
        for person in Recipient.everybody.filter(pk__in=gone).select_related("step"):
            told[gone[person.pk]].people[person.pk] = person
    return told


def _named(entry: Happening) -> list[str]:
    """The recipients of whom an entry speaks."""
    return [entry.details[name] for name in ("recipient", "successor") if entry.details.get(name)]


def let_in(workflow: Workflow) -> dict[str, list[str]]:
    """Who else is let in: the ids of users and groups, as the REST API names the lists."""
    accesses = its(workflow, "accesses")
    return {
        "viewAuthorizedUsers": [each.user_id for each in accesses if each.user_id and not each.manages],
        "viewAuthorizedGroups": [each.group_id for each in accesses if each.group_id],
        "allowedCoManagerUsers": [each.user_id for each in accesses if each.user_id and each.manages],
    }


def consent_pages() -> QuerySet[ConsentPage]:
    """Those that new workflows may have."""
    return ConsentPage.objects.filter(withdrawn_at=None).order_by("created_at", "name")


def consent_page_for(wanted: str | None) -> ConsentPage | None:
    """One of them, by its id or else the first."""
    return _PAGE.one(page=wanted) if wanted else _FIRST_PAGE.one()


_PAGE = Question(lambda page: consent_pages().filter(pk=page))
_FIRST_PAGE = Question(lambda: consent_pages()[:1])


def consent_page(page_id: str) -> ConsentPage:
    """A consent page, withdrawn or not; raises `NoSuchConsentPage`."""
    found = ConsentPage.objects.filter(pk=page_id).first()
    if found is None:
        raise NoSuchConsentPage(_("There is no such consent page."))
    return found


def seals() -> QuerySet[Seal]:
    """Those that the organisation may use, the first first."""
    return Seal.objects.filter(withdrawn_at=None).order_by("created_at", "pk")


def signature_profiles() -> QuerySet[SignatureProfile]:
    return SignatureProfile.objects.order_by("created_at", "name")


def signature_profile(wanted: str) -> SignatureProfile | None:
    return _PROFILE.one(profile=wanted)


_PROFILE = Question(lambda profile: signature_profiles().filter(pk=profile))
