"""Errors as answers: problem documents for programs (RFC 9457), a friendly page for people.

A problem document also carries `error`, `message` and `code` as the reference API words them. What nobody foresaw is
"internal error" outside and everything in the log, under the request's id.
"""

import json
import logging
import sys
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any

import paraph.errors
from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.db import DatabaseError, DataError, InterfaceError, OperationalError
from django.http import Http404, HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, AuthorizationError, HttpError, ValidationError

from paraph_server.web.errors import Fact, PlatformError

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Problem:
    """What went wrong, for one request."""

    status: int
    code: str  # kebab-case inside, CamelCase on the wire
    message: str
    facts: dict[str, Fact] = field(default_factory=dict)
    retry_after: int | None = None

    @property
    def title(self) -> str:
        return HTTPStatus(self.status).phrase


def describe(error: Exception) -> Problem | None:
    """The problem behind an exception, or None when nobody foresaw it."""
    match error:
        case PlatformError():
            return Problem(error.status, error.code, str(error), error.facts, getattr(error, "retry_after", None))
        case paraph.errors.ParaphError():
            return _from_the_library(error)
        case ValidationError():
            return Problem(400, "bad-input", _first_fault(error))
        case DataError() if "NUL" in str(error):  # PostgreSQL's texts hold every character but this one
            return Problem(400, "bad-input", _("This request cannot be understood."))
        case OperationalError() | InterfaceError():  # gone, or too busy
            logger.error("The database does not answer.", exc_info=error)
            return Problem(
                503, "unavailable", _("The platform is not available for a moment. Try again."), retry_after=5
            )
    return _from_the_framework(error)


def _from_the_library(error: paraph.errors.ParaphError) -> Problem | None:
    match error:
        case paraph.errors.TooLarge():
            return Problem(413, error.code, str(error))
        case paraph.errors.InputError() | paraph.errors.Untrusted():
            return Problem(422, error.code, str(error))
        case paraph.errors.Refused():
            return Problem(409, error.code, str(error))
        case paraph.errors.Unavailable():
            return Problem(503, error.code, str(error), retry_after=10)
    return None


def _from_the_framework(error: Exception) -> Problem | None:
    match error:
        case Http404() | HttpError(status_code=404):
            return Problem(404, "not-found", _("There is nothing here."))
        case AuthenticationError():
            return Problem(401, "not-signed-in", _("Sign in, or send a valid access token."))
        case PermissionDenied() | AuthorizationError():
            return Problem(403, "forbidden", _("You may not do this."))
        case SuspiciousOperation():
            return Problem(400, "bad-input", _("This request cannot be understood."))
        case HttpError():
            return Problem(
                error.status_code, HTTPStatus(error.status_code).phrase.lower().replace(" ", "-"), str(error)
            )
    return None


def _first_fault(error: ValidationError) -> str:
    """What is wrong, and where; of a body's place, the first step is only the parameter's name in our code."""
    fault = error.errors[0]
    source, *steps = fault["loc"]
    place = ".".join(str(step) for step in (steps[1:] if source == "body" else steps))
    return f"{place}: {fault['msg']}" if place else str(fault["msg"])


def answer(request: HttpRequest, problem: Problem) -> HttpResponse:
    """The problem in the form its reader wants."""
    response = _document(request, problem) if wants_json(request) else _page(request, problem)
    if problem.retry_after is not None:
        response.headers["Retry-After"] = str(problem.retry_after)
    return response


def wants_json(request: HttpRequest) -> bool:
    return request.path_info.startswith("/api/") or not request.accepts("text/html")


def _document(request: HttpRequest, problem: Problem) -> HttpResponse:
    content = {
        "type": "about:blank",
        "title": problem.title,
        "status": problem.status,
        "detail": problem.message,
        "instance": _log_id(request),
        "error": problem.title,
        "message": problem.message,
        "code": problem.code.title().replace("-", ""),
        **problem.facts,
    }
    return HttpResponse(json.dumps(content), content_type="application/problem+json", status=problem.status)


def _page(request: HttpRequest, problem: Problem) -> HttpResponse:
    context = {"problem": problem, "log_id": _log_id(request)}
    return HttpResponse(render_to_string("error.html", context, request), status=problem.status)


def _log_id(request: HttpRequest) -> str:
    return getattr(request, "log_id", "")


def install(api: NinjaAPI) -> None:
    """Have an API answer every error with a problem document."""

    def handle(request: HttpRequest, error: Any) -> HttpResponse:
        problem = describe(error)
        return answer(request, problem) if problem else internal_error(request, error)

    # Ninja looks for the handler of the nearest class; its own for these would win over the one for Exception.
    for kind in (Exception, Http404, HttpError, AuthenticationError, AuthorizationError, ValidationError):
        api.add_exception_handler(kind, handle)


# ---------------------------------------------------------------- Django's own doors, named in urls.py and settings


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001  Django names it
    return answer(request, Problem(400, "bad-input", _("This request cannot be understood.")))


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001  Django names it
    return answer(request, Problem(403, "forbidden", _("You may not do this.")))


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001  Django names it
    return answer(request, Problem(404, "not-found", _("There is nothing here.")))


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form from another page, or one left open too long."""
    logger.info("Form refused: %s", reason)
    return answer(request, Problem(403, "stale-form", _("This page was open for too long. Go back and try again.")))


def server_error(request: HttpRequest) -> HttpResponse:
    """Django has logged the error already; the page must not fail in its turn."""
    error = sys.exc_info()[1]  # a middleware's: `ErrorPages` sees those of views only
    foreseen = describe(error) if isinstance(error, DatabaseError | InterfaceError) else None
    problem = foreseen or Problem(500, "internal-error", _("Something went wrong on our side. It has been noted."))
    try:
        return answer(request, problem)
    except Exception:
        logger.exception("The error page itself failed.")
        return _document(request, problem)


def internal_error(request: HttpRequest, error: Exception) -> HttpResponse:
    logger.error("Internal error: %s %s", request.method, request.path, exc_info=error)
    return server_error(request)
