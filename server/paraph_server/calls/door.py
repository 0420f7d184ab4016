"""What every address of the REST API does, whatever lies behind it."""

import functools

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import URLPattern, URLResolver
from django.utils.translation import gettext as _
from ninja import NinjaAPI

from paraph_server.calls import repetition, versions
from paraph_server.web import problems
from paraph_server.web.door import Door

METHOD_NOT_ALLOWED = 405


def addresses(api: NinjaAPI) -> tuple[list[URLPattern | URLResolver], str, str]:
    """The addresses of an API, each behind this door; for `django.urls.path`."""
    patterns, application, namespace = api.urls
    for each in patterns:
        if isinstance(each, URLPattern):
            each.callback = guarded(each.callback)
    return patterns, application, namespace


def guarded(door: Door) -> Door:
    """A view with versions; and calls with a key are carried out once."""

    @functools.wraps(door)
    def enter(request: HttpRequest, **place: str) -> HttpResponseBase:
        if request.method in {"GET", "HEAD"}:
            response = versions.stamped(request, door(request, **place))
        else:
            response = repetition.once(request, lambda: _changed(request, door, **place))
        return _explained(request, response)

    return enter


def _changed(request: HttpRequest, door: Door, **place: str) -> HttpResponseBase:
    response = versions.guarded(request, door, **place)
    # What POST answers may be more than what is read again (a secret that is shown once): it has no version.
    return versions.stamped(request, response) if request.method in {"PATCH", "PUT"} else response


def _explained(request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
    """Ninja says in HTML that a method is not allowed."""
    if response.status_code != METHOD_NOT_ALLOWED or "Allow" not in response.headers:
        return response
    allowed = ", ".join(sorted(response.headers["Allow"].split(", ")))
    message = _("Here one can use: %(methods)s.") % {"methods": allowed}
    response = problems.answer(request, problems.Problem(METHOD_NOT_ALLOWED, "method-not-allowed", message))
    response.headers["Allow"] = allowed
    return response
