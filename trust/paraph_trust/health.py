"""Whether the service can do its work, for load balancers and doctors."""

from datetime import UTC, datetime

from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_GET

from paraph_trust import web
from paraph_trust.authority.queries import ISSUING, RESPONDER, TIMESTAMPING, check, serving
from paraph_trust.errors import NotReady, TrustError
from paraph_trust.keys.folder import wrapping
from paraph_trust.timestamping.queries import clock


@require_GET
def health(request: HttpRequest) -> HttpResponse:  # noqa: ARG001  Django's signature
    """Open the database and the keys that answering needs, and look at the clock; 503 says what is missing."""
    now = datetime.now(UTC)
    try:
        connection.ensure_connection()
        for role in (ISSUING, RESPONDER, TIMESTAMPING):
            check(str(serving(role, at=now).name))
        wrapping()
        clock().now()
    except TrustError as error:
        return web.refusal(error)
    except DatabaseError:
        return web.refusal(NotReady("The database does not answer."))
    return JsonResponse({"status": "ok"})
