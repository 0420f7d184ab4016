"""The files that a signer reads, and keeps."""

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import path
from django.views.decorators.http import require_safe

from paraph_server.documents import queries as stored
from paraph_server.signing.visits import SIGNING, of_recipient
from paraph_server.workflows import queries as workflows
from paraph_server.workflows.downloads import delivered, file
from paraph_server.workflows.errors import (
    NotFinished,
)
from paraph_server.workflows.models import Recipient

IMAGE_WIDTH = 1200  # pixels: sharp on a phone, legible on a desk
DAY = 24 * 3600


@of_recipient
@require_safe
def page_image(request: HttpRequest, recipient: Recipient, document_id: str, page: int) -> HttpResponse:  # noqa: ARG001
    part = workflows.part_shown(recipient, document_id)
    image = stored.page_image(part, page, IMAGE_WIDTH)
    return HttpResponse(image, content_type="image/webp", headers={"Cache-Control": f"private, max-age={DAY}"})


@of_recipient
@require_safe
def original(request: HttpRequest, recipient: Recipient, document_id: str) -> HttpResponseBase:  # noqa: ARG001
    """The file as it stands, for whoever reads better in their own program."""
    return file(workflows.part_shown(recipient, document_id))


@of_recipient
@require_safe
def signed(request: HttpRequest, recipient: Recipient) -> HttpResponseBase:  # noqa: ARG001
    if not recipient.workflow.finished_at:
        raise NotFinished("The signed documents can be fetched when everybody has signed.")
    return delivered(recipient.workflow, workflows.shown_to(recipient))


@of_recipient
@require_safe
def evidence(request: HttpRequest, recipient: Recipient) -> HttpResponseBase:  # noqa: ARG001
    if recipient.workflow.evidence is None:
        raise NotFinished("The evidence file is made when everybody has signed.")
    return file(recipient.workflow.evidence)


urlpatterns = [
    path(f"{SIGNING}/documents/<str:document_id>", original, name="shown-document"),
    path(f"{SIGNING}/documents/<str:document_id>/pages/<int:page>", page_image, name="page-image"),
    path(f"{SIGNING}/signed", signed, name="signed-documents"),
    path(f"{SIGNING}/evidence", evidence, name="signer-evidence"),
]
