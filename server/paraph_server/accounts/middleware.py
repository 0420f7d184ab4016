"""Who sends this request, and which tenant it may see."""

from collections.abc import Callable
from datetime import datetime

from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.utils.translation import gettext as _

from paraph_server.accounts import access_tokens, rates
from paraph_server.accounts.errors import TooManyCalls, WrongToken
from paraph_server.accounts.models import AccessToken, User
from paraph_server.accounts.tenancy import tenant_context
from paraph_server.config.options import options
from paraph_server.web import address, problems

API = "/api/"


def bearer(request: HttpRequest) -> str:
    """The token of the `Authorization` header, "" when there is none."""
    scheme, _space, token = request.headers.get("Authorization", "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" else ""


def access(get_response: Callable[[HttpRequest], HttpResponseBase]) -> Callable[[HttpRequest], HttpResponseBase]:
    """Find the user, by access token or by session, and speak for their tenant until the answer is made."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        token = bearer(request)
        if token.startswith(access_tokens.PREFIX) and request.path_info.startswith(API):
            return _by_token(request, token, get_response)
        if token:  # an invitation, its domain's business: a session must not lend it its user
            request.user = AnonymousUser()
        if isinstance(request.user, User):
            with tenant_context(request.user.tenant_id):
                return get_response(request)
        return get_response(request)

    return middleware


def _by_token(
    request: HttpRequest, written: str, get_response: Callable[[HttpRequest], HttpResponseBase]
) -> HttpResponseBase:
    """Answer a program, unless its token is no good."""
    at = timezone.now()
    try:
        with access_tokens.presented(written, address=address.of(request), at=at) as token:
            request.user, request.access_token = token.user, token  # type: ignore[attr-defined]  # Django's way of passing facts
            return _in_measure(request, token, get_response, at)
    except WrongToken as error:
        return problems.answer(request, problems.Problem(error.status, error.code, str(error)))


def _in_measure(
    request: HttpRequest,
    token: AccessToken,
    get_response: Callable[[HttpRequest], HttpResponseBase],
    at: datetime,
) -> HttpResponseBase:
    """The answer, if the token is not used too often."""
    limit = options().calls_per_minute
    if not limit:
        return get_response(request)
    taken = rates.take(token, limit=limit, at=at)
    response = get_response(request) if taken.granted else problems.answer(request, _too_many(taken))
    for name, value in taken.headers.items():
        response.headers[name] = value
    return response


def _too_many(taken: rates.Taken) -> problems.Problem:
    message = _("This access token calls too often: %(limit)d times a minute are allowed.") % {"limit": taken.limit}
    return problems.Problem(429, TooManyCalls.code, message, retry_after=taken.retry_after)
