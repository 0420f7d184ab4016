"""The signer's page while a card signs: a link and a code for the agent, and how far it is."""

from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.urls import path
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from paraph_server.cards import actions, codes, queries
from paraph_server.cards.models import Pairing
from paraph_server.config.options import options
from paraph_server.signing.errors import BadMark
from paraph_server.signing.pages import LONGEST_REMARK, stage_in
from paraph_server.signing.queries import Act, Stage
from paraph_server.signing.screens import show
from paraph_server.signing.visits import by, held, of_act
from paraph_server.workflows import queries as workflows

SCHEME = "paraph-agent"


@of_act
@require_http_methods(["GET", "HEAD", "POST"])
def card(request: HttpRequest, act: Act) -> HttpResponse:
    """Ask for an agent, or see how far it is."""
    if stage_in(request, act) is not Stage.SIGN:
        return redirect("signing", act.id)
    if request.method == "POST":
        return _ask(request, act)
    pairing = queries.newest(act)
    if pairing is None:
        return redirect("signing", act.id)
    return show(request, act, "cards/card.html", **_context(request, act, pairing))


def _ask(request: HttpRequest, act: Act) -> HttpResponse:
    comment = request.POST.get("comment", "").strip()[:LONGEST_REMARK]
    mark = None if "again" in request.POST else request.POST.get("mark", "")
    try:
        _pairing, code = actions.ask(
            act, held=held(request, act), mark=mark, comment=comment, by=by(request), at=timezone.now()
        )
    except BadMark as error:
        return show(request, act, "signing/sign.html", fault=str(error), status=error.status, comment=comment)
    request.session[f"card {act.id}"] = code
    return redirect("card", act.id)


def _context(request: HttpRequest, act: Act, pairing: Pairing) -> dict[str, Any]:
    code = str(request.session.get(f"card {act.id}", ""))
    state = queries.standing(pairing, at=timezone.now())[0]
    return {
        "pairing": pairing,
        "state": state,
        "known": _version(pairing),
        "origin": options().public_url,
        "card_code": codes.readable(code),
        "link": f"{SCHEME}://pair?{urlencode({'origin': options().public_url, 'code': code})}",
        "documents": [each for recipient in act.recipients for each in workflows.to_sign(recipient.workflow)],
    }


def _version(pairing: Pairing) -> str:
    """Changes with whatever the page shows."""
    state, _reason = queries.standing(pairing, at=timezone.now())
    return f"{pairing.pk} {state} {pairing.notice}"


@of_act
@require_safe
def state(request: HttpRequest, act: Act) -> JsonResponse:
    """What the page asks every second; it shows itself anew when this changes."""
    pairing = queries.newest(act)
    signs = stage_in(request, act) is Stage.SIGN
    return JsonResponse({"version": _version(pairing) if pairing and signs else ""})


urlpatterns = [
    path("signing/<str:recipient_id>/card", card, name="card"),
    path("signing/<str:recipient_id>/card/state", state, name="card-state"),
]
