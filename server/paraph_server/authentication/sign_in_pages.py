"""The door: sign in, with as much as is asked for, and out. Whoever is in may be asked again (`confirm`)."""

from collections.abc import Callable
from typing import Any

from django.contrib.auth.decorators import login_required
from django.contrib.auth.hashers import check_password
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from paraph_server.accounts import sign_in as passwords
from paraph_server.accounts.api import caller
from paraph_server.accounts.errors import TooManySignIns, WrongPassword
from paraph_server.accounts.models import User
from paraph_server.accounts.tenancy import tenant_context
from paraph_server.authentication import (
    actions,
    certificates,
    directories,
    door,
    journeys,
    queries,
    sessions,
    tasks,
    webauthn,
)
from paraph_server.authentication.errors import OnlyByDirectory, WrongFactor
from paraph_server.authentication.models import Factor
from paraph_server.journal.actors import actor
from paraph_server.web import address, client_certificates

form_page = require_http_methods(["GET", "POST"])
Faulty = (WrongFactor, WrongPassword, TooManySignIns, OnlyByDirectory)


@form_page
def sign_in(request: HttpRequest) -> HttpResponse:
    """Ask for address and password; a wrong one says so without telling which.

    Where somebody has a directory, for the address first: whose it is goes there.
    """
    email = request.POST.get("email", "")
    if request.method != "POST":
        return door.show(request, with_password="password" in request.GET or not directories.any_known())
    if "password" not in request.POST:
        directory = directories.for_address(email)
        if directory is None:
            return door.show(request, email=email)
        return journeys.leave(request, directory, journeys.ENTER, hint=email, then=sessions.destination(request))
    here = address.of(request)
    try:
        user = passwords.sign_in(email, request.POST["password"], address=here, at=timezone.now())
        return sessions.begin(request, user, Factor.PASSWORD, then=sessions.destination(request))
    except WrongPassword as error:
        tasks.note_wrong_password.defer(email=email.strip()[:254], address=here, agent=address.agent(request))
        return door.show(request, error, email=email)
    except (TooManySignIns, OnlyByDirectory) as error:
        return door.show(request, error, email=email)


@form_page
def passkey(request: HttpRequest) -> HttpResponse:
    """Sign in with a passkey alone: it names its owner, and was unlocked by them."""

    def prove() -> HttpResponseRedirect:
        answer, challenge = request.POST.get("answer", ""), sessions.challenge(request)
        user = actions.owner_by_passkey(answer, challenge, at=timezone.now())
        return sessions.begin(request, user, Factor.PASSKEY, then=sessions.destination(request))

    def show(fault: str) -> dict[str, Any]:
        options = webauthn.authentication([], sessions.new_challenge(request))
        return {"fault": fault, "options": options, "next": request.POST.get("next") or request.GET.get("next", "")}

    return _asked(request, "authentication/passkey.html", prove, show)


@form_page
def second(request: HttpRequest) -> HttpResponse:
    """After the password: a code or a passkey."""
    user = None if isinstance(request.user, User) else sessions.half_open(request)
    if user is None:
        return HttpResponseRedirect("/sign-in/")
    with tenant_context(user.tenant_id):
        return _second(request, user)


@login_required
@form_page
def confirm(request: HttpRequest) -> HttpResponse:
    """Whoever is signed in shows again who they are before an act that reaches far."""
    user = caller(request)
    if queries.has_factor(user):
        return _second(request, user)

    def prove() -> HttpResponseRedirect:
        _check_password(request, user)
        return sessions.complete(request, user, Factor.PASSWORD)

    def show(fault: str) -> dict[str, Any]:
        enough = not (user.needs_second_factor and sessions.was_strong(request))
        usable = enough and user.has_usable_password() and directories.takes_own(user, at=timezone.now())
        return {
            "fault": fault,
            "next": sessions.destination(request),
            "usable": usable,
            "directory": journeys.linked(user),
            "certificate": certificates.of(user).exists() and client_certificates.page_at("/sign-in/certificate/"),
        }

    return _asked(request, "authentication/confirm.html", prove, show)


def _check_password(request: HttpRequest, user: User) -> None:
    here, at = address.of(request), timezone.now()
    directories.check_way(user, Factor.PASSWORD, at=at)
    passwords.refuse_guessing(user.email, here, at)
    if not check_password(request.POST.get("password", ""), user.password):
        passwords.note_failure(user.email, here, at)
        raise WrongPassword(_("This is not your present password."))


def _second(request: HttpRequest, user: User) -> HttpResponse:
    def prove() -> HttpResponseRedirect:
        acting, at = actor(request, user), timezone.now()
        if answer := request.POST.get("answer"):
            challenge = sessions.challenge(request)
            factor = actions.prove_by_passkey(user, answer, challenge, acting=acting, at=at)
        else:
            factor = actions.prove_by_code(user, request.POST.get("code", ""), acting=acting, at=at)
        return sessions.complete(request, user, factor)

    def show(fault: str) -> dict[str, Any]:
        known = list(queries.passkeys(user)) if webauthn.possible() else []
        directory = journeys.linked(user)
        return {
            "fault": fault,
            "next": sessions.destination(request),
            "authenticator": queries.authenticator(user),
            "options": webauthn.authentication(known, sessions.new_challenge(request)) if known else None,
            "again": isinstance(request.user, User),
            "directory": directory if directory and directory.strong_values else None,
        }

    return _asked(request, "authentication/second.html", prove, show)


def _asked(
    request: HttpRequest, template: str, prove: Callable[[], HttpResponse], show: Callable[[str], dict[str, Any]]
) -> HttpResponse:
    """A page that asks for a proof until it gets one."""
    fault, status = "", 200
    if request.method == "POST":
        try:
            return prove()
        except Faulty as error:
            fault, status = str(error), error.status
    return render(request, template, show(fault), status=status)


@require_safe
def set_up(request: HttpRequest) -> HttpResponse:
    """After the password of somebody whose group asks for a second factor that they do not have yet."""
    if isinstance(request.user, User) or sessions.half_open(request) is None:
        return HttpResponseRedirect("/sign-in/")
    return render(request, "authentication/set_up.html", {"passkeys": webauthn.possible()})


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """Out of the directory as well, for who came from one."""
    directory, id_token = journeys.came_from(request)
    sessions.end(request)
    return journeys.part(request, directory, id_token) or HttpResponseRedirect("/sign-in/")


urlpatterns = [
    path("sign-in/", sign_in, name="sign-in"),
    path("sign-in/passkey/", passkey, name="sign-in-by-passkey"),
    path("sign-in/second/", second, name="second-factor"),
    path("sign-in/set-up/", set_up, name="set-up-factor"),
    path("confirm/", confirm, name="confirm"),
    path("sign-out/", sign_out, name="sign-out"),
]
