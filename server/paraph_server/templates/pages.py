"""The sender's pages for templates: which there are, make one, use one."""

from collections.abc import Callable
from typing import Any, Concatenate, ParamSpec

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from paraph.errors import ParaphError

from paraph_server.accounts.api import caller
from paraph_server.accounts.guards import needs
from paraph_server.accounts.rights import Right
from paraph_server.documents import actions as documents
from paraph_server.journal.actors import acting
from paraph_server.policies.facts import Facts
from paraph_server.policies.forms import SenderForm
from paraph_server.templates import actions, queries, requests
from paraph_server.templates.columns import Columns
from paraph_server.templates.content import Content, kept
from paraph_server.templates.filling import Facts as Given
from paraph_server.templates.filling import faults
from paraph_server.templates.forms import FactsForm, RoleRows, TemplateForm, rows, steps
from paraph_server.templates.models import Template
from paraph_server.web.errors import PlatformError
from paraph_server.workflows import actions as workflows
from paraph_server.workflows import conformity
from paraph_server.workflows import queries as sent
from paraph_server.workflows.models import Workflow
from paraph_server.workflows.pages import of_workflow

PER_PAGE = 20


@login_required
@require_safe
def templates(request: HttpRequest) -> HttpResponse:
    """Everything the user may use, last changed first."""
    text = request.GET.get("text", "").strip()
    found = queries.usable_by(caller(request)).filter(name__icontains=text)
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    shown = [(each, queries.content(each).roles()) for each in page]
    return render(request, "templates/list.html", {"page": page, "shown": shown, "text": text})


P = ParamSpec("P")


def of_template(
    page: Callable[Concatenate[HttpRequest, Template, P], HttpResponseBase],
) -> Callable[..., HttpResponseBase]:
    """A page about a template that the user may use."""

    def found(request: HttpRequest, template_id: str, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        return page(request, queries.template(caller(request), template_id), *args, **kwargs)

    return login_required(found)


def of_own_template(
    page: Callable[Concatenate[HttpRequest, Template, P], HttpResponseBase],
) -> Callable[..., HttpResponseBase]:
    """A page about a template that the user may change."""

    def found(request: HttpRequest, template_id: str, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        return page(request, queries.own(caller(request), template_id), *args, **kwargs)

    return needs(Right.TEMPLATES)(found)


@of_template
@require_safe
def detail(request: HttpRequest, template: Template) -> HttpResponse:
    return _detail(request, template)


def _detail(request: HttpRequest, template: Template, *, fault: str = "", status: int = 200) -> HttpResponse:
    papers = [
        (each, [(name, each.values.get(name, "")) for name in each.text_fields]) for each in template.documents.all()
    ]
    context = {
        "template": template,
        "papers": papers,
        "people": queries.people(template),
        "columns": list(queries.asked(queries.content(template))),
        "mine": template.owner_id == caller(request).pk,
        "fault": fault,
    }
    return render(request, "templates/detail.html", context, status=status)


# ---------------------------------------------------------------- make and change


@needs(Right.TEMPLATES)
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Make a template from scratch."""
    facts = _policy_questions(request, Facts())
    if request.method == "GET":
        return _form(request, TemplateForm(), RoleRows(prefix="people"), facts)
    form, people = TemplateForm(request.POST, request.FILES), RoleRows(request.POST, prefix="people")
    if not (form.is_valid() & people.is_valid() & (facts is None or facts.is_valid())):
        return _form(request, form, people, facts, status=422)
    try:
        made = _make(request, form.cleaned_data, people.cleaned_data, _risk(facts))
    except (PlatformError, ParaphError) as error:
        form.add_error("documents" if isinstance(error, ParaphError) else None, str(error))
        return _form(request, form, people, facts, status=422)
    return redirect("template", made.pk)


@transaction.atomic
def _make(request: HttpRequest, wanted: dict[str, Any], people: list[dict[str, Any]], risk: dict[str, Any]) -> Template:
    made = actions.create(
        caller(request),
        **_texts(request, wanted),
        **risk,
        steps=steps(wanted["order"], people),
        by=acting(request),
        at=timezone.now(),
    )
    _add(request, made, wanted["documents"])
    return made


def _policy_questions(request: HttpRequest, known: Facts) -> SenderForm | None:
    return SenderForm.of(caller(request).tenant_id, request.POST or None, known=known, at=timezone.now())


def _risk(facts: SenderForm | None) -> dict[str, Any]:
    """What was answered, as templates keep it."""
    return kept(facts.facts()) if facts else {}


def _texts(request: HttpRequest, wanted: dict[str, Any]) -> dict[str, Any]:
    return {
        "name": wanted["name"],
        "workflow_name": wanted["workflow_name"],
        "workflow_description": wanted["message"],
        "groups": [caller(request).group_id] if wanted["shared"] else [],
    }


def _add(request: HttpRequest, template: Template, files: list[Any]) -> None:
    by, at, profile = acting(request), timezone.now(), sent.signature_profiles().first()
    for each in files:
        if each is not None:
            part = documents.receive(template.tenant_id, each, each.name, by=by, at=at)
            actions.add_document(template, part, profile=profile, by=by, at=at)


@of_own_template
@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, template: Template) -> HttpResponse:
    """Change texts and people; steps that this page cannot show stay as a program made them."""
    order, initial = rows(template.steps)
    facts = _policy_questions(request, queries.content(template).known)
    fixed = template if steps(order, _chosen(initial)) != template.steps else None
    if request.method == "GET":
        form = TemplateForm(initial=_initial(request, template) | {"order": order})
        people = RoleRows(prefix="people", initial=initial)
        return _form(request, form, people, facts, template=template, fixed=fixed)
    form = TemplateForm(request.POST | {"order": order} if fixed else request.POST)
    people = RoleRows(request.POST, prefix="people")
    good = form.is_valid() & (fixed is not None or people.is_valid()) & (facts is None or facts.is_valid())
    if not good:
        return _form(request, form, people, facts, template=template, fixed=fixed, status=422)
    try:
        wanted = None if fixed else steps(form.cleaned_data["order"], people.cleaned_data)
        texts = _texts(request, form.cleaned_data)
        actions.change(template, **texts, **_risk(facts), steps=wanted, by=acting(request), at=timezone.now())
    except PlatformError as error:
        form.add_error(None, str(error))
        return _form(request, form, people, facts, template=template, fixed=fixed, status=422)
    return redirect("template", template.pk)


def _chosen(initial: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """As a browser sends them back, unchanged."""
    pages = {each.pk: each for each in sent.consent_pages()}
    return [each | {"consent_page": pages[each["consent_page"]]} for each in initial]


def _initial(request: HttpRequest, template: Template) -> dict[str, Any]:
    return {
        "name": template.name,
        "workflow_name": template.workflow_name,
        "message": template.workflow_description,
        "shared": caller(request).group_id in template.groups,
    }


def _form(
    request: HttpRequest,
    form: TemplateForm,
    people: Any,
    facts: SenderForm | None,
    *,
    template: Template | None = None,
    fixed: Template | None = None,
    status: int = 200,
) -> HttpResponse:
    context = {"form": form, "rows": people, "facts": facts, "template": template, "fixed": fixed}
    return render(request, "templates/form.html", context, status=status)


@needs(Right.TEMPLATES)
@of_workflow
@require_http_methods(["GET", "POST"])
def save_as(request: HttpRequest, workflow: Workflow) -> HttpResponse:
    """Make a template of a workflow: say which of its people are roles."""
    people = sent.recipients(workflow)
    if request.method == "GET":
        return render(request, "templates/save_as.html", {"workflow": workflow, "people": people})
    roles = {each.pk: request.POST.get(f"role-{each.pk}", "").strip()[:60] for each in people}
    try:
        wanted = requests.of_workflow(workflow, roles)
        made = actions.create(
            caller(request),
            name=request.POST.get("name", "").strip()[:200] or workflow.name,
            workflow_name=workflow.name,
            workflow_description=workflow.description,
            data=workflow.data,
            **requests.risk(workflow),
            steps=[each.stored() for each in wanted],
            documents_of=workflow,
            by=acting(request),
            at=timezone.now(),
        )
    except (PlatformError, ValueError) as error:
        fault = str(error) if isinstance(error, PlatformError) else _("A role contains characters that it cannot have.")
        context = {"workflow": workflow, "people": people, "fault": fault}
        return render(request, "templates/save_as.html", context, status=422)
    return redirect("template", made.pk)


@of_own_template
@require_POST
def add_documents(request: HttpRequest, template: Template) -> HttpResponse:
    try:
        with transaction.atomic():
            _add(request, template, request.FILES.getlist("documents"))
    except (PlatformError, ParaphError) as error:
        return _detail(request, template, fault=str(error), status=422)
    return redirect("template", template.pk)


@of_own_template
@require_POST
def fill(request: HttpRequest, template: Template, document_id: str) -> HttpResponse:
    """Say what is written into the text fields of a document."""
    found = queries.document(template, document_id)
    names = enumerate(found.text_fields)
    values = {name: request.POST.get(f"f{place}", "").strip()[:1000] for place, name in names}
    try:
        actions.change_document(found, values=values, by=acting(request), at=timezone.now())
    except PlatformError as error:
        return _detail(request, template, fault=str(error), status=422)
    return redirect("template", template.pk)


@of_own_template
@require_POST
def remove_document(request: HttpRequest, template: Template, document_id: str) -> HttpResponse:
    actions.remove_document(queries.document(template, document_id), by=acting(request), at=timezone.now())
    return redirect("template", template.pk)


@of_own_template
@require_POST
def remove(request: HttpRequest, template: Template) -> HttpResponse:
    actions.remove(template, by=acting(request), at=timezone.now())
    return redirect("templates")


# ---------------------------------------------------------------- use


@needs(Right.SEND)
@of_template
@require_http_methods(["GET", "POST"])
def use(request: HttpRequest, template: Template) -> HttpResponse:
    """Say who and what, and send it; what the signature policy refuses stays a draft, whose page says why."""
    content = queries.content(template)
    columns = queries.asked(content)
    form = FactsForm(columns, request.POST if request.method == "POST" else None)
    facts = _policy_questions(request, content.known)
    if form.is_valid() & (facts is None or facts.is_valid()):
        row = form.row()
        form.blame(faults(content, columns, row))
        if not form.errors:
            try:
                said = content.saying(facts.strict()) if facts else content
                return redirect("workflow", _used(request, said, columns, row).pk)
            except (PlatformError, ParaphError) as error:
                form.add_error(None, str(error))
    status = 422 if form.errors or (facts and facts.errors) else 200
    context = {"template": template, "form": form, "facts": facts}
    return render(request, "templates/use.html", context, status=status)


@transaction.atomic
def _used(request: HttpRequest, content: Content, columns: Columns, row: dict[str, str]) -> Workflow:
    by, at = acting(request), timezone.now()
    made = actions.use(content, columns, Given.row(columns, row), owner=caller(request), by=by, at=at)
    verdict = conformity.judge(made, at=at)
    return made if verdict and verdict.below else workflows.start(made, by=by, at=at)


urlpatterns = [
    path("templates/", templates, name="templates"),
    path("templates/new/", new, name="new-template"),
    path("templates/<str:template_id>/", detail, name="template"),
    path("templates/<str:template_id>/edit/", edit, name="edit-template"),
    path("templates/<str:template_id>/use/", use, name="use-template"),
    path("templates/<str:template_id>/remove", remove, name="remove-template"),
    path("templates/<str:template_id>/documents", add_documents, name="add-template-documents"),
    path("templates/<str:template_id>/documents/<str:document_id>", fill, name="fill-template-document"),
    path(
        "templates/<str:template_id>/documents/<str:document_id>/remove",
        remove_document,
        name="remove-template-document",
    ),
    path("workflows/<str:workflow_id>/template/", save_as, name="save-as-template"),
]
