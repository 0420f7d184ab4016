"""A browser that goes to a directory and comes back: the one that left is the one that counts."""

import functools
from datetime import UTC, datetime
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from paraph_server.accounts.api import caller
from paraph_server.accounts.models import User
from paraph_server.accounts.tenancy import tenant_context
from paraph_server.authentication import arrivals, directories, door, sessions
from paraph_server.authentication.errors import LinkedElsewhere
from paraph_server.authentication.guards import SET_UP, sure
from paraph_server.authentication.models import Directory
from paraph_server.identification.errors import Abandoned, NotBegun
from paraph_server.identification.openid import exchange
from paraph_server.identification.openid.exchange import Identity
from paraph_server.journal.actors import actor
from paraph_server.web import journeys
from paraph_server.web.errors import PlatformError

UNDERWAY = "to directories"  # in the session: state → what it was begun for
REFUSED = "refused at directory"  # in the session: whoever was somebody else there, signs in there anew
ENTER, CONFIRM, LINK = "enter", "confirm", "link"
LONGEST_CODE = 2000  # characters

# ---------------------------------------------------------------- away


def leave(request: HttpRequest, directory: Directory, purpose: str, *, hint: str, then: str) -> HttpResponse:
    """Over a page of ours: browsers refuse to let a form lead elsewhere, which our headers forbid."""
    fresh = request.session.pop(REFUSED, purpose != ENTER)
    try:
        with tenant_context(directory.tenant_id):
            going = arrivals.leave(directory, hint=hint, fresh=fresh)
    except PlatformError as error:
        return door.show(request, error, email=hint)
    begun = {
        "directory": directory.pk,
        "purpose": purpose,
        "then": then,
        "user": request.user.pk if purpose != ENTER else "",
        "at": timezone.now().timestamp(),
    }
    journeys.remember(request, UNDERWAY, going.state, begun)
    return _leaving(request, directory, going.address)


def _leaving(request: HttpRequest, directory: Directory, address: str) -> HttpResponse:
    return render(request, "leaving.html", {"address": address, "provider": directory, "home": "/sign-in/"})


@login_required
@require_POST
def confirm(request: HttpRequest) -> HttpResponse:
    """Show once more, at the directory, that one is oneself."""
    directory = linked(caller(request))
    if directory is None:
        return HttpResponseRedirect("/confirm/")
    then = sessions.destination(request)
    return leave(request, directory, CONFIRM, hint=caller(request).email, then=then)


@sure
@require_POST
def connect(request: HttpRequest) -> HttpResponse:
    """Link one's account with one's identity at the directory, whatever address it has there."""
    directory = directories.for_user(caller(request))
    if directory is None:
        return HttpResponseRedirect(SET_UP)
    return leave(request, directory, LINK, hint=caller(request).email, then=SET_UP)


def linked(user: User) -> Directory | None:
    """The directory that can say once more who somebody is."""
    directory = directories.for_user(user)
    return directory if directory and arrivals.is_linked(user, directory) else None


# ---------------------------------------------------------------- back


@require_GET
def come_back(request: HttpRequest, tenant_id: str) -> HttpResponseBase:
    """The directory's answer, brought by the browser (OpenID Connect Core §3.1.2.5); each is taken once."""
    state, begun = journeys.recall(request, UNDERWAY)
    try:
        if begun is None or timezone.now().timestamp() - begun["at"] > sessions.PATIENCE.total_seconds():
            raise NotBegun(_("This sign-in did not begin in this browser, or was used already. Please start again."))
        with tenant_context(tenant_id):  # of another one its directory is not found
            return _take(request, directories.find(begun["directory"]), begun, state)
    except PlatformError as error:
        request.session[REFUSED] = True
        return door.show(request, error, with_password=False)


def _take(request: HttpRequest, directory: Directory, begun: dict[str, Any], state: str) -> HttpResponseBase:
    code, at = request.GET.get("code", "")[:LONGEST_CODE], timezone.now()
    if not code:
        raise Abandoned(_("You came back without having signed in there."))
    entering = begun["purpose"] == ENTER
    since = None if entering else datetime.fromtimestamp(begun["at"], UTC)
    identity = arrivals.arrive(directory, state=state, code=code, issuer=request.GET.get("iss", ""), since=since, at=at)
    if entering:
        return _enter(request, directory, identity, begun["then"])
    if not isinstance(request.user, User) or request.user.pk != begun["user"]:
        raise NotBegun(_("This sign-in did not begin in this browser, or was used already. Please start again."))
    if begun["purpose"] == CONFIRM and not arrivals.is_linked(request.user, directory):
        raise LinkedElsewhere(_("This account is not linked with that sign-in any more."))
    arrivals.link(request.user, directory, identity, acting=functools.partial(actor, request), at=at)
    sessions.confirm(request, arrivals.factor(directory, identity))
    return HttpResponseRedirect(begun["then"])


def _enter(request: HttpRequest, directory: Directory, identity: Identity, then: str) -> HttpResponse:
    user = arrivals.user(directory, identity, acting=functools.partial(actor, request), at=timezone.now())
    led = sessions.begin(request, user, arrivals.factor(directory, identity), then=then)
    request.session[sessions.DIRECTORY] = [directory.pk, identity.token.signed]
    return led


# ---------------------------------------------------------------- out


def came_from(request: HttpRequest) -> tuple[str, str]:
    """With which directory this session was opened, and the ID token that it wants back; nothing without one."""
    directory, id_token = request.session.get(sessions.DIRECTORY, ("", ""))
    return directory, id_token


def part(request: HttpRequest, directory_id: str, id_token: str) -> HttpResponse | None:
    """Out of the directory's session, too (OpenID Connect RP-Initiated Logout 1.0), if it knows of such a thing."""
    directory = Directory.objects.filter(pk=directory_id).first() if directory_id else None
    if directory is None:
        return None
    back = directories.farewell()
    address = exchange.farewell(directories.party(directory), id_token, state="out", back=back)
    return _leaving(request, directory, address) if address else None


urlpatterns = [
    path("sign-in/from/<str:tenant_id>", come_back, name="directory-callback"),
    path("confirm/directory", confirm, name="confirm-with-directory"),
    path("account/security/directory", connect, name="connect-directory"),
]
