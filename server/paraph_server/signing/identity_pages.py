"""To an identity provider, back from it, and out of it again. The browser that left is the one that counts."""

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import path
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from paraph_server.config.options import options
from paraph_server.identification import providers, sign_ins
from paraph_server.identification.errors import NoSuchProvider, NotBegun
from paraph_server.identification.openid import exchange
from paraph_server.signing import acts, journeys
from paraph_server.signing.queries import Act
from paraph_server.signing.screens import say, send_next
from paraph_server.signing.visits import SIGNED_IN, SIGNING, by, hold, of_act
from paraph_server.web.errors import PlatformError

UNDERWAY = "sign-ins"  # in the session: state → the sign-in and its act
LONGEST_CODE = 2000  # characters


@of_act
@require_POST
def leave_for(request: HttpRequest, act: Act, provider_id: str) -> HttpResponse:
    """Send the signer to a provider."""
    try:
        provider = providers.find(provider_id)
        going = acts.leave_for(act, provider, language=get_language() or "en", by=by(request), at=timezone.now())
    except PlatformError as error:
        return say(request, act, error)
    return journeys.depart(
        request, act, UNDERWAY, state=going.state, journey=going.sign_in, address=going.address, provider=provider
    )


@require_GET
def come_back(request: HttpRequest) -> HttpResponseBase:
    """The provider's answer, brought by the browser (OpenID Connect Core §3.1.2.5); each is taken once."""
    arrived = journeys.arrive(request, UNDERWAY)
    if arrived is None:
        raise NotBegun(
            _("This sign-in did not begin in this browser, or was used already. Open your invitation again.")
        )
    state, sign_in, act_id = arrived
    return _take(request, act_id, sign_in=sign_in, state=state)


@of_act
def _take(request: HttpRequest, act: Act, *, sign_in: str, state: str) -> HttpResponse:
    code, at = request.GET.get("code", "")[:LONGEST_CODE], timezone.now()
    try:
        if not code:
            raise sign_ins.abandon(sign_in, by=by(request)(act.lead), at=at)
        issuer = request.GET.get("iss", "")
        came = acts.come_back(act, sign_in=sign_in, state=state, code=code, issuer=issuer, by=by(request), at=at)
    except PlatformError as error:
        return say(request, act, error)
    hold(request, act, came.proof.id)
    known = [came.provider.name, came.provider.pk, came.id_token]
    request.session[SIGNED_IN] = {**request.session.get(SIGNED_IN, {}), act.id: known}
    return send_next(request, act)


@of_act
@require_POST
def sign_out(request: HttpRequest, act: Act) -> HttpResponse:
    """Out of the provider's session, too (OpenID Connect RP-Initiated Logout 1.0)."""
    known = dict(request.session.get(SIGNED_IN, {}))
    _name, provider_id, id_token = known.pop(act.id, ("", "", ""))
    request.session[SIGNED_IN] = known
    try:
        provider = providers.find(provider_id)
    except NoSuchProvider:
        return redirect("signing", act.id)
    back = options().public_url + providers.FAREWELL
    address = exchange.farewell(providers.party(provider), id_token, state=act.id, back=back)
    if not address:
        return redirect("signing", act.id)
    return render(request, "signing/leaving.html", {"act": act, "address": address, "provider": provider})


@require_GET
def signed_out(request: HttpRequest) -> HttpResponse:
    """Back at the page that they came from, which asks again who they are if it does not know."""
    return redirect("signing", request.GET.get("state", "")[:32] or "-")


urlpatterns = [
    path(f"{SIGNING}/identity/<str:provider_id>", leave_for, name="leave-for-provider"),
    path(f"{SIGNING}/sign-out", sign_out, name="sign-out-of-provider"),
    path("openid/callback", come_back, name="openid-callback"),
    path("openid/signed-out", signed_out, name="openid-signed-out"),
]
