"""Who sends this request, and which tenant it may see."""

from collections.abc import Callable

from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils import timezone

from paraph_server.accounts import access_tokens
from paraph_server.accounts.errors import WrongToken
from paraph_server.accounts.models import User
from paraph_server.accounts.tenancy import tenant_context
from paraph_server.web import problems


def bearer(request: HttpRequest) -> str:
    """The token of the `Authorization` header, "" when there is none."""
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" else ""


def access(get_response: Callable[[HttpRequest], HttpResponseBase]) -> Callable[[HttpRequest], HttpResponseBase]:
    """Find the user, by access token or by session, and speak for their tenant until the answer is made."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        token = bearer(request)
        if token.startswith(access_tokens.PREFIX):
            try:
                request.user = access_tokens.authenticate(token, at=timezone.now())
            except WrongToken as error:
                return problems.answer(request, problems.Problem(error.status, error.code, str(error)))
        elif token:  # an invitation, its domain's business: a session must not lend it its user
            request.user = AnonymousUser()
        if isinstance(request.user, User):
            with tenant_context(request.user.tenant_id):
                return get_response(request)
        return get_response(request)

    return middleware
