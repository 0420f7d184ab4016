"""How one signs in, under one's account: second factors, recovery codes, open sessions. No decisions here."""

import functools
from collections.abc import Callable
from io import BytesIO
from typing import Any

import segno
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import path
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from paraph_server.accounts.api import caller
from paraph_server.accounts.models import User
from paraph_server.accounts.tenancy import tenant_context
from paraph_server.authentication import actions, agents, arrivals, directories, queries, sessions, totp, webauthn
from paraph_server.authentication.errors import BadPasskey, FactorRequired, TooManyPasskeys, WrongFactor
from paraph_server.authentication.guards import SET_UP, sure
from paraph_server.authentication.models import Factor
from paraph_server.journal.actors import acting, actor
from paraph_server.web.sealed import seal, unseal

form_page = require_http_methods(["GET", "POST"])
SECRET = "authenticator to be"  # noqa: S105  where the session keeps it, sealed


@sure
@require_safe
def security(request: HttpRequest) -> HttpResponse:
    return _security(request)


def _security(request: HttpRequest, *, fault: str = "", status: int = 200) -> HttpResponse:
    user, at = caller(request), timezone.now()
    directory = directories.for_user(user)
    context = {
        "directory": directory,
        "linked": directory is not None and arrivals.is_linked(user, directory),
        "authenticator": queries.authenticator(user),
        "passkeys": queries.passkeys(user),
        "passkeys_possible": webauthn.possible(),
        "codes_left": queries.recovery_codes_left(user),
        "required": user.needs_second_factor,
        "protected": queries.has_factor(user),
        "sessions": [
            {"session": each, "device": agents.words(each.agent), "present": each.pk == sessions.present(request)}
            for each in queries.sessions(user, at=at)[:50]
        ],
        "fault": fault,
    }
    return render(request, "authentication/security.html", context, status=status)


# ---------------------------------------------------------------- take into use


def _newcomers_too(page: Callable[[HttpRequest, User], HttpResponse]) -> Callable[[HttpRequest], HttpResponseBase]:
    """A page for users who are sure, and for who has just given a password and must have a second factor to get in."""

    @functools.wraps(page)
    def guarded(request: HttpRequest) -> HttpResponseBase:
        if isinstance(request.user, User):
            return sure(lambda request: page(request, caller(request)))(request)
        user = sessions.half_open(request)
        if user is None:
            return HttpResponseRedirect("/sign-in/")
        with tenant_context(user.tenant_id):
            return HttpResponseRedirect("/sign-in/second/") if queries.has_factor(user) else page(request, user)

    return guarded


@_newcomers_too
@form_page
def authenticator(request: HttpRequest, user: User) -> HttpResponse:
    """A secret to scan or to type, and the first code that proves it was."""
    if SECRET not in request.session:
        request.session[SECRET] = seal(totp.new_secret()).decode()
    secret, fault = unseal(request.session[SECRET].encode()), ""
    if request.method == "POST":
        code, at = request.POST.get("code", ""), timezone.now()
        try:
            actions.add_authenticator(user, secret, code, acting=actor(request, user), at=at)
        except WrongFactor as error:
            fault = str(error)
        else:
            del request.session[SECRET]
            return _welcome(request, user, Factor.AUTHENTICATOR)
    parts = [secret[start : start + 4] for start in range(0, len(secret), 4)]
    return _shown(request, "authentication/authenticator.html", fault, secret=" ".join(parts))


@_newcomers_too
@require_safe
def qr_code(request: HttpRequest, user: User) -> HttpResponse:
    """The secret to scan, as an image from our own origin."""
    if SECRET not in request.session:
        raise Http404
    secret, image = unseal(request.session[SECRET].encode()), BytesIO()
    written = totp.address(secret, account=user.email, issuer=f"Paraph {user.tenant.name}"[:60])
    segno.make(written, error="m").save(image, kind="svg", scale=6, border=4, light="#fff")
    return HttpResponse(image.getvalue(), content_type="image/svg+xml")


@_newcomers_too
@form_page
def new_passkey(request: HttpRequest, user: User) -> HttpResponse:
    fault, name = "", request.POST.get("name", "").strip()[:60]
    if request.method == "POST":
        challenge, at = sessions.challenge(request), timezone.now()
        answer = request.POST.get("answer", "")[: webauthn.LONGEST_ANSWER]
        try:
            actions.add_passkey(user, answer, challenge, name=name, acting=actor(request, user), at=at)
        except (BadPasskey, TooManyPasskeys) as error:
            fault = str(error)
        else:
            return _welcome(request, user, Factor.PASSKEY)
    options = webauthn.registration(user, queries.passkeys(user), sessions.new_challenge(request))
    device = name or agents.words(request.headers.get("User-Agent", ""))
    return _shown(request, "authentication/new_passkey.html", fault, options=options, name=device)


def _welcome(request: HttpRequest, user: User, factor: Factor) -> HttpResponse:
    """Let in whoever waited for this, and give who has none codes for the day on which the device is lost."""
    if isinstance(request.user, User):
        sessions.confirm(request, factor)
        then = SET_UP
    else:
        then = sessions.complete(request, user, factor).url
    if queries.recovery_codes_left(user):
        return redirect(then)
    codes = actions.make_recovery_codes(user, acting=actor(request, user), at=timezone.now())
    return _shown(request, "authentication/recovery.html", "", codes=codes, then=then)


def _shown(request: HttpRequest, template: str, fault: str, **context: Any) -> HttpResponse:
    frame = "workflows/frame.html" if isinstance(request.user, User) else "base.html"
    return render(request, template, {"frame": frame, "fault": fault, **context}, status=422 if fault else 200)


@sure
@require_POST
def recovery(request: HttpRequest) -> HttpResponse:
    """Ten new codes, shown this once."""
    codes = actions.make_recovery_codes(caller(request), acting=acting(request), at=timezone.now())
    return _shown(request, "authentication/recovery.html", "", codes=codes, then=SET_UP)


# ---------------------------------------------------------------- give up, and end


@sure
@require_POST
def remove_authenticator(request: HttpRequest) -> HttpResponse:
    return _given_up(request, actions.remove_authenticator)


@sure
@require_POST
def remove_passkey(request: HttpRequest, passkey_id: str) -> HttpResponse:
    return _given_up(request, functools.partial(actions.remove_passkey, passkey_id=passkey_id))


def _given_up(request: HttpRequest, remove: Callable[..., None]) -> HttpResponse:
    try:
        remove(caller(request), acting=acting(request), at=timezone.now())
    except FactorRequired as error:
        return _security(request, fault=str(error), status=error.status)
    return redirect("security")


@login_required
@require_POST
def end_session(request: HttpRequest, session_id: str) -> HttpResponse:
    actions.end_sessions(caller(request), session_id, acting=acting(request), at=timezone.now())
    return redirect("security")


@login_required
@require_POST
def end_other_sessions(request: HttpRequest) -> HttpResponse:
    present = sessions.present(request)
    actions.end_other_sessions(caller(request), present, acting=acting(request), at=timezone.now())
    return redirect("security")


HERE = "account/security"
urlpatterns = [
    path(f"{HERE}/", security, name="security"),
    path(f"{HERE}/authenticator/", authenticator, name="authenticator"),
    path(f"{HERE}/authenticator/qr.svg", qr_code, name="authenticator-qr"),
    path(f"{HERE}/authenticator/remove", remove_authenticator, name="remove-authenticator"),
    path(f"{HERE}/passkeys/new/", new_passkey, name="new-passkey"),
    path(f"{HERE}/passkeys/<str:passkey_id>/remove", remove_passkey, name="remove-passkey"),
    path(f"{HERE}/recovery", recovery, name="recovery-codes"),
    path(f"{HERE}/sessions/end", end_other_sessions, name="end-other-sessions"),
    path(f"{HERE}/sessions/<str:session_id>/end", end_session, name="end-session"),
]
