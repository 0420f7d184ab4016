"""The way from a password to a session, and how sure a session is of its user.

Between the password and the second factor nobody is signed in: the browser's session only knows who is being asked
(`HALF_OPEN`), for ten minutes. Every step that proves something gives the session a fresh key.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from django.contrib.auth import login, logout, update_session_auth_hash
from django.http import HttpRequest, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from webauthn.helpers import base64url_to_bytes, bytes_to_base64url, generate_challenge

from paraph_server.accounts.models import User
from paraph_server.accounts.sign_in import BACKEND
from paraph_server.accounts.tenancy import every_tenant, tenant_context
from paraph_server.authentication import actions, directories, queries
from paraph_server.authentication.models import Factor, Session
from paraph_server.journal.actors import actor

HALF_OPEN, SESSION, SURE, STRONG, CHALLENGE = "half open", "session", "sure at", "strong at", "challenge"
DIRECTORY = "directory"
PATIENCE = timedelta(minutes=10)
FRESH = timedelta(minutes=15)
"""For how long somebody who has just shown who they are is not asked again."""
GRAIN = timedelta(minutes=1)  # how exactly it is known when a session was last seen

# ---------------------------------------------------------------- begin


def begin(request: HttpRequest, user: User, factor: Factor, *, then: str) -> HttpResponseRedirect:
    """Somebody has shown who they are: let them in, or ask for what is missing.

    Raises:
        OnlyByDirectory: their organisation does not let them in like this.
    """
    with tenant_context(user.tenant_id):
        directories.check_way(user, factor, at=timezone.now())
    if isinstance(request.user, User):
        end(request)
    request.session.pop(DIRECTORY, None)
    with tenant_context(user.tenant_id):
        if factor.suffices or not queries.asks_for_factor(user):
            return _open(request, user, [factor], then)
        ready = queries.has_factor(user)
    request.session.cycle_key()
    request.session[HALF_OPEN] = {"user": user.pk, "by": factor, "at": _now(), "then": then}
    return HttpResponseRedirect("/sign-in/second/" if ready else "/sign-in/set-up/")


def half_open(request: HttpRequest) -> User | None:
    """Who has given their password in this browser, and is asked for more."""
    state = request.session.get(HALF_OPEN)
    if state is None or _now() - state["at"] > PATIENCE.total_seconds():
        return None
    with every_tenant():
        found = User.objects.filter(pk=state["user"], is_active=True)
        return found.select_related("tenant", "group").first()


def complete(request: HttpRequest, user: User, factor: Factor) -> HttpResponseRedirect:
    """The second factor is there: open the session, or make the open one sure again."""
    if not isinstance(request.user, User):
        state = request.session[HALF_OPEN]
        return _open(request, user, [Factor(state["by"]), factor], state["then"])
    confirm(request, factor)
    return HttpResponseRedirect(destination(request))


def _open(request: HttpRequest, user: User, factors: list[Factor], then: str) -> HttpResponseRedirect:
    with tenant_context(user.tenant_id):
        login(request, user, backend=BACKEND)
        opened = actions.open_session(user, factors, acting=actor(request, user), at=timezone.now())
    request.session.pop(HALF_OPEN, None)
    request.session[SESSION] = opened.pk
    _mark(request, strong=any(each.is_second for each in factors))
    return HttpResponseRedirect(then)


def confirm(request: HttpRequest, factor: Factor) -> None:
    """Whoever is signed in has shown once more who they are."""
    request.session.cycle_key()
    _mark(request, strong=factor.is_second)


def _mark(request: HttpRequest, *, strong: bool) -> None:
    request.session[SURE] = _now()
    if strong:
        request.session[STRONG] = _now()


def destination(request: HttpRequest) -> str:
    """Where a page was asked to lead to, if that is one of ours."""
    wanted = request.POST.get("next") or request.GET.get("next", "")
    return wanted if url_has_allowed_host_and_scheme(wanted, {request.get_host()}) else "/"


# ---------------------------------------------------------------- how sure


def is_sure(request: HttpRequest) -> bool:
    """Whether they have just shown who they are, by the second factor where they have one."""
    user = request.user
    assert isinstance(user, User)  # noqa: S101  pages that ask are for users
    return _recent(request, STRONG if queries.has_factor(user) else SURE)


def is_strong(request: HttpRequest) -> bool:
    """Whether the second factor that this user is asked for has just been shown; most are asked for none."""
    user = request.user
    assert isinstance(user, User)  # noqa: S101  pages that ask are for users
    return not queries.asks_for_factor(user) or _recent(request, STRONG)


def was_strong(request: HttpRequest) -> bool:
    """Whether a second factor was shown in this session, be it one that the platform does not know itself."""
    return STRONG in request.session


def _recent(request: HttpRequest, mark: str) -> bool:
    since = _now() - float(request.session.get(mark, 0))
    return since < FRESH.total_seconds()


# ---------------------------------------------------------------- go on, and end


def watched(get_response: Callable[[HttpRequest], HttpResponseBase]) -> Callable[[HttpRequest], HttpResponseBase]:
    """A session that was ended from elsewhere opens no page."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        by_cookie = isinstance(request.user, User) and not hasattr(request, "access_token")
        session_id = present(request) if by_cookie else ""
        if session_id and not _goes_on(session_id, timezone.now()):
            logout(request)
            return HttpResponseRedirect("/sign-in/")
        return get_response(request)

    return middleware


def _goes_on(session_id: str, at: datetime) -> bool:
    found = Session.objects.filter(pk=session_id, ended_at=None)
    seen_at = found.values_list("seen_at", flat=True).first()
    if seen_at and at - seen_at > GRAIN:
        found.update(seen_at=at)
    return seen_at is not None


def end(request: HttpRequest) -> None:
    """Sign out."""
    if isinstance(request.user, User):
        with tenant_context(request.user.tenant_id):  # which may not be that of whoever signs in next
            found = Session.objects.filter(pk=present(request)).select_related("user").first()
            if found:
                actions.end_session(found, acting=actor(request, request.user), at=timezone.now())
    logout(request)


def present(request: HttpRequest) -> str:
    return str(request.session.get(SESSION, ""))


def outlive_password(request: HttpRequest, user: User) -> None:
    """Somebody has changed their password here: this session goes on, the others are over."""
    update_session_auth_hash(request, user)
    Session.objects.filter(pk=present(request)).update(bound_to=user.get_session_auth_hash())


# ---------------------------------------------------------------- passkeys


def new_challenge(request: HttpRequest) -> bytes:
    challenge = generate_challenge()
    request.session[CHALLENGE] = {"value": bytes_to_base64url(challenge), "at": _now()}
    return challenge


def challenge(request: HttpRequest) -> bytes:
    """The question that this browser was asked last, good for one answer."""
    asked: dict[str, Any] = request.session.pop(CHALLENGE, {"value": "", "at": 0})
    fresh = _now() - asked["at"] < PATIENCE.total_seconds()
    return base64url_to_bytes(asked["value"]) if fresh else generate_challenge()


def _now() -> float:
    return timezone.now().timestamp()
