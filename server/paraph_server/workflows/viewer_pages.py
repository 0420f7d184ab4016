"""The pages behind a viewer's link: no account, no sign-in, one document."""

from collections.abc import Callable
from typing import Any, Concatenate, ParamSpec
from urllib.parse import urlsplit

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_safe

from paraph_server.accounts.models import User
from paraph_server.accounts.tenancy import tenant_context
from paraph_server.journal.actions import Actor
from paraph_server.web import address
from paraph_server.workflows import contents, placing, queries, viewers
from paraph_server.workflows.downloads import file
from paraph_server.workflows.errors import NoSuchDocument
from paraph_server.workflows.models import Document
from paraph_server.workflows.placing import Placing
from paraph_server.workflows.viewers import Viewer

SESSION_KEY = "viewers"  # document id → what its link opened
P = ParamSpec("P")


@require_GET
def enter(request: HttpRequest) -> HttpResponse:
    """The link: it opens the session and leaves the address bar."""
    found = viewers.read(request.GET.get("token", ""), at=timezone.now())
    request.session.cycle_key()
    request.session[SESSION_KEY] = {**request.session.get(SESSION_KEY, {}), found.document_id: found.kept()}
    return redirect("viewer", found.document_id)


def of_document(
    page: Callable[Concatenate[HttpRequest, Document, Viewer, P], HttpResponseBase],
) -> Callable[..., HttpResponseBase]:
    """A page about one document, in the browser that came through its link, as long as its maker may see it."""

    def opened(request: HttpRequest, document_id: str, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        kept = request.session.get(SESSION_KEY, {}).get(document_id)
        viewer = Viewer.found(document_id, kept, at=timezone.now())
        with tenant_context(viewer.tenant_id):
            user = User.objects.filter(pk=viewer.user_id, is_active=True).first()
            if user is None:
                raise NoSuchDocument("Whoever made this link has no account any more.")
            find = queries.managed_document if request.method == "POST" else queries.document
            return page(request, find(user, document_id), viewer, *args, **kwargs)

    return opened


@of_document
@require_http_methods(["GET", "HEAD", "POST"])
def view(request: HttpRequest, document: Document, viewer: Viewer) -> HttpResponse:
    """Read it; while it is a draft, place the blocks."""

    def save(fields: list[dict[str, Any]]) -> HttpResponse:
        by = Actor("viewer", viewer.user_id, address=address.of(request), agent=address.agent(request))
        contents.place_fields(document, fields, by=by, at=timezone.now())
        return render(request, "workflows/placed.html", _frame(document, viewer))

    return placing.answered(
        request, Placing(document, reverse("viewer", args=[document.pk])), save, **_frame(document, viewer)
    )


def _frame(document: Document, viewer: Viewer) -> dict[str, Any]:
    return {"document": document, "viewer": viewer, "back": viewer.back, "site": urlsplit(viewer.back).netloc}


@of_document
@require_safe
def page_image(request: HttpRequest, document: Document, viewer: Viewer, page: int) -> HttpResponse:  # noqa: ARG001
    return placing.image(request, document, page)


@of_document
@require_safe
def download(request: HttpRequest, document: Document, viewer: Viewer) -> HttpResponseBase:  # noqa: ARG001
    return file(document.current)


urlpatterns = [
    path("viewer", enter, name="enter-viewer"),
    path("viewer/<str:document_id>/", view, name="viewer"),
    path("viewer/<str:document_id>/file", download, name="viewer-file"),
    path("viewer/<str:document_id>/pages/<int:page>", page_image, name="viewer-page"),
]
