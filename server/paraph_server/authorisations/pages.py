"""To the signer's provider and back, twice; between, what the page says of how far it is. No decisions here."""

from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import path
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST, require_safe

from paraph_server.authorisations import actions, credentials, queries
from paraph_server.authorisations.actions import Departure
from paraph_server.authorisations.errors import AuthorisationOver
from paraph_server.authorisations.models import Authorisation, State
from paraph_server.providers import queries as providers
from paraph_server.providers.exchange import CALLBACK
from paraph_server.signing import journeys
from paraph_server.signing.pages import LONGEST_REMARK, stage_in
from paraph_server.signing.queries import Act, Stage
from paraph_server.signing.screens import show
from paraph_server.signing.visits import SIGNING, by, held, of_act
from paraph_server.web.errors import PlatformError
from paraph_server.workflows import queries as workflows

UNDERWAY = "authorisations"  # in the session: OAuth state → the authorisation and its act
LONGEST_CODE = 4000  # characters


@of_act
@require_POST
def begin(request: HttpRequest, act: Act, provider_id: str) -> HttpResponse:
    """Send the signer to sign in with their provider."""
    if stage_in(request, act) is not Stage.SIGN:
        return redirect("signing", act.id)
    comment = request.POST.get("comment", "").strip()[:LONGEST_REMARK]
    mark = None if "again" in request.POST else request.POST.get("mark", "")
    try:
        going = actions.begin(
            act,
            providers.find_offered(provider_id),
            held=held(request, act),
            mark=mark,
            comment=comment,
            language=get_language() or "en",
            by=by(request),
            at=timezone.now(),
        )
    except PlatformError as error:
        return show(request, act, "signing/sign.html", fault=str(error), status=error.status, comment=comment)
    return _depart(request, act, going)


def _depart(request: HttpRequest, act: Act, going: Departure) -> HttpResponse:
    begun = going.authorisation
    return journeys.depart(
        request, act, UNDERWAY, state=going.state, journey=begun.pk, address=going.address, provider=begun.provider
    )


@require_GET
def come_back(request: HttpRequest) -> HttpResponseBase:
    """The provider's answer, brought by the browser; each is taken once, and only from the browser that left."""
    came = journeys.arrive(request, UNDERWAY)
    if came is None:
        raise AuthorisationOver(
            _("This did not begin in this browser, or was used already. Open your invitation again.")
        )
    state, authorisation_id, act_id = came
    return _take(request, act_id, authorisation_id=authorisation_id, state=state)


@of_act
def _take(request: HttpRequest, act: Act, *, authorisation_id: str, state: str) -> HttpResponse:
    code = request.GET.get("code", "")[:LONGEST_CODE]
    try:
        actions.come_back(authorisation_id, state=state, code=code, at=timezone.now())
    except PlatformError as error:
        request.session[f"said {authorisation_id}"] = str(error)
    return redirect("authorisation", act.id)


@of_act
@require_safe
def authorisation(request: HttpRequest, act: Act) -> HttpResponse:
    """How far it is, and what the signer does next."""
    found = queries.newest(act)
    if found is None or stage_in(request, act) is not Stage.SIGN:
        return redirect("signing", act.id)
    return show(request, act, "authorisations/authorisation.html", **_context(request, act, found))


@of_act
@require_POST
def choose(request: HttpRequest, act: Act) -> HttpResponse:
    """Sign with one of several certificates."""
    actions.choose(queries.current(act), request.POST.get("credential", ""), at=timezone.now())
    return redirect("authorisation", act.id)


@of_act
@require_POST
def leave(request: HttpRequest, act: Act) -> HttpResponse:
    """Send the signer to give leave for what was prepared."""
    if stage_in(request, act) is not Stage.SIGN:
        return redirect("signing", act.id)
    found = queries.current(act)
    try:
        going = actions.leave(found, language=get_language() or "en", at=timezone.now())
    except PlatformError as error:
        request.session[f"said {found.pk}"] = str(error)
        return redirect("authorisation", act.id)
    return _depart(request, act, going)


@of_act
@require_safe
def state(request: HttpRequest, act: Act) -> JsonResponse:
    """What the page asks every second; it shows itself anew when this changes."""
    found = queries.newest(act)
    signs = stage_in(request, act) is Stage.SIGN
    return JsonResponse({"version": _version(found) if found and signs else ""})


def _context(request: HttpRequest, act: Act, found: Authorisation) -> dict[str, Any]:
    standing, reason = queries.standing(found, at=timezone.now())
    return {
        "authorisation": found,
        "state": standing,
        "said": request.session.pop(f"said {found.pk}", "") or reason,
        "known": _version(found),
        "waits_here": standing in {State.CHECKING, State.RECEIVED},
        "choices": [credentials.choice(each) for each in found.credentials] if standing == State.CHOOSING else [],
        "chosen": credentials.choice(found.kept) if standing in {State.READY, State.ASKED} else None,
        "documents": [each for recipient in act.recipients for each in workflows.to_sign(recipient.workflow)],
    }


def _version(found: Authorisation) -> str:
    """Changes with whatever the page shows."""
    return f"{found.pk} {queries.standing(found, at=timezone.now())[0]}"


urlpatterns = [
    path(f"{SIGNING}/provider", authorisation, name="authorisation"),
    path(f"{SIGNING}/provider/certificate", choose, name="choose-certificate"),
    path(f"{SIGNING}/provider/leave", leave, name="give-leave"),
    path(f"{SIGNING}/provider/state", state, name="authorisation-state"),
    path(f"{SIGNING}/provider/<str:provider_id>", begin, name="begin-authorisation"),
    path(CALLBACK.removeprefix("/"), come_back, name="authorisation-callback"),
]
