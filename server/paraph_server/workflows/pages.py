"""The sender's pages: what is on its way, send something, follow it."""

from collections.abc import Callable, Iterator, Sequence
from typing import Any, Concatenate, ParamSpec

from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from paraph.errors import ParaphError

from paraph_server.accounts.api import caller
from paraph_server.accounts.guards import needs
from paraph_server.accounts.rights import Right
from paraph_server.documents import actions as documents
from paraph_server.documents.actions import As, Taken
from paraph_server.identification import sign_ins
from paraph_server.identification.explanations import explain
from paraph_server.journal.actors import acting
from paraph_server.notifications import queries as notifications
from paraph_server.policies import stored, words
from paraph_server.policies.evaluation import Judgement
from paraph_server.policies.facts import Facts
from paraph_server.policies.forms import SenderForm
from paraph_server.policies.models import PolicyVersion
from paraph_server.web.errors import BadInput, PlatformError
from paraph_server.web.listing import Pages
from paraph_server.web.words import read
from paraph_server.workflows import actions, conformity, contents, placing, queries, terms
from paraph_server.workflows.downloads import delivered, file
from paraph_server.workflows.errors import NotFinished
from paraph_server.workflows.forms import RecipientRows, WorkflowForm
from paraph_server.workflows.models import Status, Workflow
from paraph_server.workflows.placing import Placing
from paraph_server.workflows.reading import with_people

PER_PAGE = 20
LONGEST_TEXT = 200
LONGEST_REASON = 500


@login_required
@require_safe
def dashboard(request: HttpRequest) -> HttpResponse:
    """Everything the user has sent, newest first."""
    user, text = caller(request), request.GET.get("text", "").strip()[:LONGEST_TEXT]
    found = queries.listed(user)
    if text:
        found = terms.narrowed(found, user.tenant_id, text)
    page = Pages(found, PER_PAGE).get_page(request.GET.get("page"))
    rows = read(found, PER_PAGE * (page.number - 1), PER_PAGE * page.number)
    with_people(rows)
    return render(
        request, "workflows/dashboard.html", {"page": page, "rows": [_row(each) for each in rows], "text": text}
    )


def _row(workflow: Workflow) -> dict[str, Any]:
    people = queries.recipients(workflow)
    return {
        "workflow": workflow,
        "progress": queries.progress(workflow),
        "done": sum(each.done_at is not None for each in people),
        "people": people,
    }


@needs(Right.SEND)
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Prepare a workflow and send it; what the signature policy refuses stays a draft, whose page says why."""
    facts = SenderForm.of(caller(request).tenant_id, request.POST or None, known=Facts(), at=timezone.now())
    if request.method == "GET":
        return _form(request, WorkflowForm(), RecipientRows(prefix="people"), facts)
    form, rows = WorkflowForm(request.POST, request.FILES), RecipientRows(request.POST, prefix="people")
    if not (form.is_valid() & rows.is_valid() & (facts is None or facts.is_valid())):
        return _form(request, form, rows, facts, status=422)
    place = "place" in request.POST
    try:
        people = [each.person() for each in rows if each.cleaned_data]
        made = _send(request, form.cleaned_data, people, facts.strict() if facts else Facts(), start=not place)
    except (PlatformError, ParaphError) as error:
        form.add_error("documents" if isinstance(error, ParaphError) else None, str(error))
        return _form(request, form, rows, facts, status=422)
    return redirect("place-blocks", made.pk, made.documents.all()[0].pk) if place else redirect("workflow", made.pk)


def _form(
    request: HttpRequest, form: WorkflowForm, rows: Any, facts: SenderForm | None, status: int = 200
) -> HttpResponse:
    return render(request, "workflows/new.html", {"form": form, "rows": rows, "facts": facts}, status=status)


def _send(
    request: HttpRequest, wanted: dict[str, Any], people: list[dict[str, Any]], facts: Facts, *, start: bool
) -> Workflow:
    """Take the files in, then make a workflow of everything, or of nothing at all."""
    tenant = caller(request).tenant_id
    files = [documents.take(tenant, each, each.name, taken_as=As.CONVERTED) for each in wanted["documents"]]
    return _made(request, wanted, people, files, facts, start=start)


@transaction.atomic
def _made(
    request: HttpRequest,
    wanted: dict[str, Any],
    people: list[dict[str, Any]],
    files: Sequence[Taken],
    facts: Facts,
    *,
    start: bool,
) -> Workflow:
    user, by, at = caller(request), acting(request), timezone.now()
    recipients = [actions.NewRecipient(**each) for each in people]
    together = wanted["order"] == "parallel"
    steps = [actions.NewStep(recipients)] if together else [actions.NewStep([each]) for each in recipients]
    asked = actions.NewWorkflow(
        wanted["name"],
        wanted["message"],
        steps,
        filing_class=facts.filing_class,
        amount=facts.amount,
        currency=facts.currency,
        declared=facts,
    )
    workflow = actions.create(asked, owner=user, by=by, at=at)
    profile = queries.signature_profiles().first()
    contents.upload(workflow, files, profile=profile, make_documents=True, by=by, at=at)
    verdict = conformity.judge(workflow, at=at)
    return actions.start(workflow, by=by, at=at) if start and not (verdict and verdict.below) else workflow


P = ParamSpec("P")


def of_workflow(
    page: Callable[Concatenate[HttpRequest, Workflow, P], HttpResponseBase],
) -> Callable[..., HttpResponseBase]:
    """A page about a workflow: to look at what the user may see, to change what they may change."""

    def found(request: HttpRequest, workflow_id: str, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        find = queries.managed if request.method == "POST" else queries.workflow
        return page(request, find(caller(request), workflow_id), *args, **kwargs)

    return login_required(found)


def changing(action: Callable[..., Workflow]) -> Callable[..., HttpResponseBase]:
    """A button that does something with a workflow that the user may change."""

    @login_required
    @require_POST
    def pressed(request: HttpRequest, workflow_id: str) -> HttpResponse:
        workflow = queries.managed(caller(request), workflow_id)
        action(workflow, by=acting(request), at=timezone.now())
        return redirect("workflow", workflow.pk)

    return pressed


@of_workflow
@require_safe
def detail(request: HttpRequest, workflow: Workflow) -> HttpResponse:
    """How far it is, with whom, and what was sent to them."""
    return _detail(request, workflow)


def _conformity(workflow: Workflow) -> dict[str, Any]:
    """What the signature policy asks of it: of a draft now, of others when they were sent."""
    if workflow.policy:
        return _asked_by(workflow.policy, stored.judgement(workflow.judgement))
    verdict = conformity.judge(workflow, at=timezone.now())
    if verdict is None:
        return {}
    return _asked_by(verdict.version, verdict.judgement) | {"below": verdict.below, "pages": verdict.pages}


def _asked_by(version: PolicyVersion, judgement: Judgement) -> dict[str, Any]:
    return {
        "number": version.number,
        "asked": words.requirements(judgement.requirements),
        "rules": [each.rule for each in judgement.decided],
        "archive_years": judgement.requirements.archive_years,
    }


def _detail(
    request: HttpRequest, workflow: Workflow, *, fault: str = "", undecided: str = "", status: int = 200
) -> HttpResponse:
    turn = queries.state(workflow).turn
    messages = list(notifications.about([workflow.pk]))
    context = {
        "workflow": workflow,
        "doubts": list(_doubts(workflow)),
        "progress": queries.progress(workflow),
        "steps": [
            {
                "step": step,
                "people": [(each, each.pk in turn, _sent(messages, each.pk)) for each in step.recipients.all()],
            }
            for step in workflow.steps.all()
        ],
        "draft": workflow.status == Status.DRAFT,
        "policy": _conformity(workflow),
        "fault": fault,
        "undecided": undecided,
        "running": workflow.started_at and not (workflow.finished_at or workflow.stopped_at),
        "manages": queries.managed_by(caller(request)).filter(pk=workflow.pk).exists(),
    }
    return render(request, "workflows/detail.html", context, status=status)


def _doubts(workflow: Workflow) -> Iterator[dict[str, Any]]:
    """The proven names that somebody has to compare with those that were written."""
    people = {each.pk: each for each in queries.recipients(workflow)}
    for each in sign_ins.waiting(list(people)):
        yield {
            "sign_in": each,
            "recipient": people[each.subject],
            "compared": sign_ins.compared(each),
            "reasons": explain(each.reasons),
        }


def _sent(messages: Any, recipient_id: str) -> list[Any]:
    return [each for each in messages if each.recipient_id == recipient_id]


@of_workflow
@require_http_methods(["GET", "HEAD", "POST"])
def place(request: HttpRequest, workflow: Workflow, document_id: str) -> HttpResponse:
    """Say where the blocks of a document stand; then the next document's, or back to the workflow."""
    document = queries.managed_document(caller(request), document_id)

    def save(fields: list[dict[str, Any]]) -> HttpResponse:
        contents.place_fields(document, fields, by=acting(request), at=timezone.now())
        following = [each for each in queries.to_sign(workflow) if each.position > document.position]
        if following:
            return redirect("place-blocks", workflow.pk, following[0].pk)
        return redirect("workflow", workflow.pk)

    address = reverse("place-blocks", args=[workflow.pk, document.pk])
    return placing.answered(request, Placing(document, address), save, frame="workflows/frame.html")


@of_workflow
@require_safe
def page_image(request: HttpRequest, workflow: Workflow, document_id: str, page: int) -> HttpResponse:  # noqa: ARG001
    return placing.image(request, queries.document(caller(request), document_id), page)


@of_workflow
@require_safe
def document_file(request: HttpRequest, workflow: Workflow, document_id: str) -> HttpResponseBase:  # noqa: ARG001
    return file(queries.document(caller(request), document_id).current)


@login_required
@require_POST
def start(request: HttpRequest, workflow_id: str) -> HttpResponse:
    """Send a draft; with a reason, also below the signature policy."""
    user = caller(request)
    workflow = queries.managed(user, workflow_id)
    reason = request.POST.get("reason")
    override = None if reason is None else actions.Override(user, reason[:LONGEST_REASON])
    try:
        with transaction.atomic():
            actions.start(workflow, override=override, by=acting(request), at=timezone.now())
    except BadInput as error:
        return _detail(request, workflow, fault=str(error), status=422)
    return redirect("workflow", workflow.pk)


@login_required
@require_POST
def identify(request: HttpRequest, workflow_id: str) -> HttpResponse:
    """Identify the signers of a draft as the signature policy asks."""
    workflow = queries.managed(caller(request), workflow_id)
    try:
        page = queries.consent_page(request.POST.get("consent_page", ""))
        actions.identify(workflow, page, by=acting(request), at=timezone.now())
    except BadInput as error:
        return _detail(request, workflow, fault=str(error), status=422)
    return redirect("workflow", workflow.pk)


@login_required
@require_POST
def resend(request: HttpRequest, workflow_id: str, recipient_id: str) -> HttpResponse:
    workflow = queries.managed(caller(request), workflow_id)
    recipient = queries.place_in(workflow.pk, [queries.recipient(recipient_id)])
    actions.resend_invitation(recipient, by=acting(request), at=timezone.now())
    return HttpResponseRedirect(f"/workflows/{workflow.pk}/")


@login_required
@require_POST
def decide(request: HttpRequest, workflow_id: str, sign_in_id: str) -> HttpResponse:
    """Say whether a proven name is that of the recipient."""
    workflow, found = queries.managed(caller(request), workflow_id), sign_ins.find(sign_in_id)
    queries.place_in(workflow.pk, [queries.recipient(found.subject)])
    reason = request.POST.get("reason", "").strip()[:LONGEST_REASON]
    if not reason:
        return _detail(request, workflow, undecided=sign_in_id, status=422)
    accepted = "accept" in request.POST
    sign_ins.decide(
        found, accepted=accepted, reason=reason, user=caller(request), by=acting(request), at=timezone.now()
    )
    return redirect("workflow", workflow.pk)


@of_workflow
@require_safe
def handed_over(request: HttpRequest, workflow: Workflow, requested_id: str) -> HttpResponseBase:  # noqa: ARG001
    """A document that a recipient was asked for."""
    found = queries.requested_document(caller(request), requested_id)
    if found.part is None:
        raise NotFinished(_("This document has not been handed over yet."))
    return file(found.part)


@of_workflow
@require_safe
def download(request: HttpRequest, workflow: Workflow) -> HttpResponseBase:  # noqa: ARG001
    return delivered(workflow)


@of_workflow
@require_safe
def evidence(request: HttpRequest, workflow: Workflow) -> HttpResponseBase:  # noqa: ARG001
    if workflow.evidence is None:
        raise NotFinished("The evidence file is made when everybody has signed.")
    return file(workflow.evidence)


DOCUMENT = "workflows/<str:workflow_id>/documents/<str:document_id>"
urlpatterns = [
    path("", dashboard, name="dashboard"),
    path("workflows/new/", new, name="new-workflow"),
    path("workflows/<str:workflow_id>/", detail, name="workflow"),
    path("workflows/<str:workflow_id>/start", start, name="start-workflow"),
    path("workflows/<str:workflow_id>/identify", identify, name="identify-signers"),
    path(f"{DOCUMENT}/", place, name="place-blocks"),
    path(f"{DOCUMENT}/file", document_file, name="document-file"),
    path(f"{DOCUMENT}/pages/<int:page>", page_image, name="document-page"),
    path("workflows/<str:workflow_id>/stop", changing(actions.stop), name="stop-workflow"),
    path("workflows/<str:workflow_id>/pause", changing(actions.pause), name="pause-workflow"),
    path("workflows/<str:workflow_id>/resume", changing(actions.resume), name="resume-workflow"),
    path("workflows/<str:workflow_id>/retry", changing(actions.retry), name="retry-workflow"),
    path("workflows/<str:workflow_id>/requested/<str:requested_id>", handed_over, name="handed-over"),
    path("workflows/<str:workflow_id>/identities/<str:sign_in_id>", decide, name="decide-identity"),
    path("workflows/<str:workflow_id>/documents", download, name="download-documents"),
    path("workflows/<str:workflow_id>/evidence", evidence, name="download-evidence"),
    path("workflows/<str:workflow_id>/recipients/<str:recipient_id>/resend", resend, name="resend-invitation"),
]
