"""People with an account find what waits for them, in their own name and for those who delegated it."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from paraph_server.accounts.api import caller
from paraph_server.accounts.guests import admit
from paraph_server.workflows import queries as workflows
from paraph_server.workflows import turns


@login_required
@require_safe
def list_turns(request: HttpRequest) -> HttpResponse:
    """What waits for the signed-in user, in their own name and for those who delegated it."""
    waiting = turns.of(caller(request), at=timezone.now())
    return render(request, "signing/turns.html", {"turns": waiting, "most": turns.MOST})


@login_required
@require_POST
def take(request: HttpRequest, recipient_id: str) -> HttpResponse:
    """Go and act in a turn, one's own or somebody else's."""
    user, recipient = caller(request), workflows.recipient(recipient_id)
    own = recipient.user_id == user.pk
    if not own:
        turns.delegation_for(recipient, user, at=timezone.now())
    admit(request, recipient_id=recipient.pk, tenant_id=recipient.tenant_id)
    request.session.pop(f"return {recipient.pk}", None)
    request.session[f"deputy {recipient.pk}"] = None if own else user.pk
    return redirect("signing", recipient.pk)


urlpatterns = [
    path("turns/", list_turns, name="turns"),
    path("turns/<str:recipient_id>/", take, name="take-turn"),
]
