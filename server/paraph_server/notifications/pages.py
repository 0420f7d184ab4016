"""Where carriers report. They have neither session nor token: the address is the secret."""

import json
from collections.abc import Mapping

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import path
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from paraph_server.accounts.tenancy import every_tenant, tenant_context
from paraph_server.notifications import actions, reports, telephone
from paraph_server.notifications.models import Message

LARGEST = 20_000  # bytes of a report


@csrf_exempt
@require_POST
def report(request: HttpRequest, message_id: str, carrier: str, token: str) -> HttpResponse:
    """What became of a message; what says nothing definite is taken, and nothing follows from it."""
    provider = next((each for each in telephone.providers() if each.name == carrier), None)
    if provider is None or not reports.genuine(message_id, carrier, token):
        raise Http404
    with every_tenant():
        message = Message.objects.filter(pk=message_id).first()
    found = provider.read(_told(request)) if message else None
    if message and found:
        with tenant_context(message.tenant_id):
            actions.take_report(message, found, carrier=carrier, at=timezone.now())
    return HttpResponse(status=204)


def _told(request: HttpRequest) -> Mapping[str, str]:
    """A form or a JSON object, flat; anything else says nothing."""
    if int(request.headers.get("Content-Length") or 0) > LARGEST:
        return {}
    if request.content_type != "application/json":
        return {name: str(value) for name, value in request.POST.items()}
    try:
        found = json.loads(request.body)
    except (ValueError, RecursionError):
        return {}
    return {str(name): str(value) for name, value in found.items()} if isinstance(found, dict) else {}


urlpatterns = [path("messages/<str:message_id>/<str:carrier>/<str:token>", report, name="message-report")]
