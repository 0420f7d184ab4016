"""The sender's pages for bulk sends: give a spreadsheet, see what is wrong, send it, watch it."""

from collections.abc import Callable
from typing import Any, Concatenate, ParamSpec

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from paraph_server.accounts.api import caller
from paraph_server.accounts.guards import needs
from paraph_server.accounts.rights import Right
from paraph_server.bulk import actions, queries, shapes, tables
from paraph_server.bulk.api import blank, report
from paraph_server.bulk.errors import SentBefore
from paraph_server.bulk.models import BulkSend, Row, Status
from paraph_server.journal.actors import acting
from paraph_server.templates import queries as templates
from paraph_server.templates.models import Template
from paraph_server.templates.pages import of_template
from paraph_server.web.errors import PlatformError
from paraph_server.workflows.actions import Override
from paraph_server.workflows.pages import LONGEST_REASON

PER_PAGE, ROWS_PER_PAGE, CELLS = 20, 50, 4


@login_required
@require_safe
def bulk_sends(request: HttpRequest) -> HttpResponse:
    """Everything the user has sent to many, newest first."""
    page = Paginator(queries.sent_by(caller(request)), PER_PAGE).get_page(request.GET.get("page"))
    shown = [(each, queries.progress(each, at=timezone.now())) for each in page]
    return render(request, "bulk/list.html", {"page": page, "shown": shown})


@needs(Right.SEND)
@of_template
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest, template: Template) -> HttpResponse:
    """Give a spreadsheet for a template."""
    if request.method == "GET":
        return _new(request, template)
    upload = request.FILES.get("file")
    if upload is None:
        return _new(request, template, fault=_("Choose a file."), status=422)
    try:
        made = actions.receive(
            template,
            upload.read(tables.LARGEST + 1),
            upload.name or "",
            upload.content_type or "",
            owner=caller(request),
            again="again" in request.POST,
            by=acting(request),
            at=timezone.now(),
        )
    except PlatformError as error:
        return _new(request, template, fault=str(error), before=isinstance(error, SentBefore), status=error.status)
    return redirect("bulk-send", made.pk)


def _new(request: HttpRequest, template: Template, *, status: int = 200, **more: Any) -> HttpResponse:
    columns = templates.asked_now(template, at=timezone.now())
    context = {"template": template, "columns": columns, **more}
    return render(request, "bulk/new.html", context, status=status)


@of_template
@require_safe
def model(request: HttpRequest, template: Template, kind: str) -> HttpResponse:  # noqa: ARG001
    return blank(template, kind)


P = ParamSpec("P")


def of_bulk_send(
    page: Callable[Concatenate[HttpRequest, BulkSend, P], HttpResponseBase],
) -> Callable[..., HttpResponseBase]:
    """A page about one of the user's own bulk sends."""

    def found(request: HttpRequest, bulk_send_id: str, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        return page(request, queries.bulk_send(caller(request), bulk_send_id), *args, **kwargs)

    return login_required(found)


@of_bulk_send
@require_safe
def detail(request: HttpRequest, found: BulkSend) -> HttpResponse:
    """How far it is, and its rows."""
    return _detail(request, found)


def _detail(request: HttpRequest, found: BulkSend, *, fault: str = "", status: int = 200) -> HttpResponse:
    state = request.GET.get("state", "")
    rows = found.rows.select_related("workflow")
    rows = rows.filter(state=state) if state in Row.State.values else rows
    page = Paginator(rows, ROWS_PER_PAGE).get_page(request.GET.get("page"))
    keys = [column.key for column in templates.asked(found.made_of) if not column.risk]
    context = {
        "found": found,
        "progress": queries.progress(found, at=timezone.now()),
        "page": page,
        "rows": [(row, [row.values[key] for key in keys if row.values.get(key)][:CELLS]) for row in page],
        "refusals": queries.refusals(found) if found.status is Status.CHECKED else [],
        "state": state,
        "fault": fault,
    }
    return render(request, "bulk/detail.html", context, status=status)


@of_bulk_send
@require_safe
def state(request: HttpRequest, found: BulkSend) -> HttpResponse:  # noqa: ARG001
    """For the page that watches."""
    shape = shapes.bulk_send(found, at=timezone.now())
    return JsonResponse(
        {name: shape[name] for name in ("status", "progress", "done", "failed", "waiting", "rowsPerSecond", "timeLeft")}
    )


@needs(Right.SEND)
@of_bulk_send
@require_POST
def act(request: HttpRequest, found: BulkSend, verb: str) -> HttpResponse:
    """Start, pause, resume, cancel, or try again.

    `start` leaves out the rows that the page has shown as wrong; with a reason, it sends those that are below the
    signature policy.
    """
    by, at = acting(request), timezone.now()
    try:
        match verb:
            case "start":
                reason = request.POST.get("reason")
                override = None if reason is None else Override(caller(request), reason[:LONGEST_REASON])
                actions.start(found, skip_faulty=True, override=override, by=by, at=at)
            case "pause":
                actions.pause(found, by=by, at=at)
            case "resume":
                actions.resume(found, by=by, at=at)
            case "cancel":
                actions.cancel(found, by=by, at=at)
            case _:
                actions.retry(found, by=by, at=at)
    except PlatformError as error:
        return _detail(request, queries.bulk_send(caller(request), found.pk), fault=str(error), status=error.status)
    return redirect("bulk-send", found.pk)


@of_bulk_send
@require_safe
def faults(request: HttpRequest, found: BulkSend) -> HttpResponseBase:  # noqa: ARG001
    return report(found)


urlpatterns = [
    path("templates/<str:template_id>/bulk/", new, name="new-bulk-send"),
    path("templates/<str:template_id>/model.<str:kind>", model, name="bulk-model"),
    path("bulk/", bulk_sends, name="bulk-sends"),
    path("bulk/<str:bulk_send_id>/", detail, name="bulk-send"),
    path("bulk/<str:bulk_send_id>/state", state, name="bulk-state"),
    path("bulk/<str:bulk_send_id>/faults", faults, name="bulk-faults"),
    path("bulk/<str:bulk_send_id>/<str:verb>", act, name="act-on-bulk-send"),
]
