"""Pages for those who have a right."""

import functools
from collections.abc import Callable
from typing import Concatenate, ParamSpec

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from paraph_server.accounts import rights
from paraph_server.accounts.api import caller
from paraph_server.accounts.rights import Right

P = ParamSpec("P")
Page = Callable[Concatenate[HttpRequest, P], HttpResponseBase]


def needs(right: Right) -> Callable[[Page[P]], Page[P]]:
    """A page for signed-in users with a right; others read which right they lack."""

    def guard(page: Page[P]) -> Page[P]:
        @functools.wraps(page)
        def guarded(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
            rights.check(caller(request), right)
            return page(request, *args, **kwargs)

        return login_required(guarded)

    return guard
