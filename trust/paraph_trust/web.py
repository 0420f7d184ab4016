"""The HTTP edge: bodies read within limits, answers as the CSC API wants them, no stack trace ever outside."""

import logging
from http import HTTPStatus

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse

from paraph_trust.errors import InvalidRequest, OversizeRequest, TrustError

logger = logging.getLogger(__name__)


def body(request: HttpRequest, *, content_type: str | None = None) -> bytes:
    """The request's body.

    Raises:
        InvalidRequest: it announces no length, or is of another type.
        OversizeRequest: it is larger than the service reads.
    """
    try:
        length = int(request.headers.get("Content-Length", ""))
    except ValueError:
        raise InvalidRequest("The request has no Content-Length.") from None
    if length > settings.DATA_UPLOAD_MAX_MEMORY_SIZE:
        raise OversizeRequest(f"The request is larger than {settings.DATA_UPLOAD_MAX_MEMORY_SIZE} bytes.")
    if content_type and request.content_type != content_type:
        raise InvalidRequest(f"The request must be of type {content_type}.")
    return request.body


def refusal(error: TrustError) -> JsonResponse:
    """The answer to a request that is refused."""
    if error.status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        logger.error("%s", error)
    answer = JsonResponse({"error": error.error, "error_description": str(error)}, status=error.status)
    if error.status == HTTPStatus.UNAUTHORIZED:
        answer["WWW-Authenticate"] = f'Bearer error="{error.error}"'
    return answer


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:  # noqa: ARG001  Django's signature
    return JsonResponse({"error": "not_found", "error_description": "There is nothing at this address."}, status=404)


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:  # noqa: ARG001  Django's signature
    return refusal(InvalidRequest("The request is malformed."))


def server_error(request: HttpRequest) -> HttpResponse:  # noqa: ARG001  Django's signature
    """Whatever nobody foresaw: the trace is in the process log, outside there is this sentence."""
    return JsonResponse({"error": "server_error", "error_description": "Internal error."}, status=500)
