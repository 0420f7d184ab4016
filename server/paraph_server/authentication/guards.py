"""Pages of acts that reach far: whoever opens them has just shown who they are."""

import functools
from collections.abc import Callable
from typing import Concatenate, ParamSpec
from urllib.parse import urlencode

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponseRedirect
from django.http.response import HttpResponseBase

from paraph_server.accounts.api import caller
from paraph_server.authentication import queries, sessions

P = ParamSpec("P")
Page = Callable[Concatenate[HttpRequest, P], HttpResponseBase]
SET_UP = "/account/security/"


def sensitive(page: Page[P]) -> Page[P]:
    """A page for which whoever has a second factor, or should have one, shows it unless they have just done so."""

    @functools.wraps(page)
    def guarded(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        if sessions.is_strong(request):
            return page(request, *args, **kwargs)
        if queries.has_factor(caller(request)) or sessions.was_strong(request):
            return _ask(request)
        return HttpResponseRedirect(SET_UP)

    return login_required(guarded)


def sure(page: Page[P]) -> Page[P]:
    """A page about the ways to sign in: everybody shows who they are first, if only by their password."""

    @functools.wraps(page)
    def guarded(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        return page(request, *args, **kwargs) if sessions.is_sure(request) else _ask(request)

    return login_required(guarded)


def _ask(request: HttpRequest) -> HttpResponseRedirect:
    """Back to the page afterwards; a form is sent again, by who has filled it in."""
    here = request.get_full_path() if request.method in {"GET", "HEAD"} else request.headers.get("Referer", SET_UP)
    return HttpResponseRedirect(f"/confirm/?{urlencode({'next': here})}")
