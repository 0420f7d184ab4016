"""Who is at a signing page: whoever came through their link, or a colleague who acts in their place."""

from collections.abc import Callable, Sequence
from typing import Concatenate, ParamSpec

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.utils.translation import gettext as _

from paraph_server.accounts.api import caller
from paraph_server.accounts.errors import NotInvited
from paraph_server.accounts.guests import guest_page
from paraph_server.accounts.models import User
from paraph_server.journal.actions import Actor
from paraph_server.signing import queries, signers
from paraph_server.signing.acts import By
from paraph_server.signing.queries import Act
from paraph_server.web import address
from paraph_server.workflows import queries as workflows
from paraph_server.workflows.models import Recipient

SIGNING = "signing/<str:recipient_id>"
SIGNED_IN = "signed in"  # in the session: act → an identity provider's name and id, and the ID token that it wants back
P = ParamSpec("P")


def of_act(page: Callable[Concatenate[HttpRequest, Act, P], HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """A page for one person's act, in the browser that came through their link."""

    def found(request: HttpRequest, act_id: str, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        act = queries.act(act_id)
        _check_deputy(request, act.recipients)
        return page(request, act, *args, **kwargs)

    return guest_page(found)


def of_recipient(
    page: Callable[Concatenate[HttpRequest, Recipient, P], HttpResponseBase],
) -> Callable[..., HttpResponseBase]:
    """A page about one workflow of somebody, in the browser that came through their link."""

    def found(request: HttpRequest, recipient_id: str, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        recipient = workflows.recipient(recipient_id)
        _check_deputy(request, [recipient])
        return page(request, recipient, *args, **kwargs)

    return guest_page(found)


def _check_deputy(request: HttpRequest, recipients: Sequence[Recipient]) -> None:
    """Deputies see a turn while they are deputies, and what they acted in from then on."""
    for each in recipients:
        deputy = deputy_in(request, each)
        if deputy and not queries.has_acted(each, deputy):
            signers.check(each, deputy, at=timezone.now())


def deputy_in(request: HttpRequest, recipient: Recipient) -> User | None:
    """The colleague who came to act for the recipient (`turn_pages.take`); nobody where their own link was opened."""
    expected = request.session.get(f"deputy {recipient.pk}")
    if expected is None:
        return None
    user = caller(request)
    if user.pk != expected:
        raise NotInvited(_("Open your list of turns again: this page belongs to somebody else."))
    return user


def by(request: HttpRequest) -> By:
    """Whoever acts for recipients in this browser, as the journal knows them."""

    def acting(recipient: Recipient) -> Actor:
        deputy = deputy_in(request, recipient)
        return signers.actor(recipient, deputy, address=address.of(request), agent=address.agent(request))

    return acting


def held(request: HttpRequest, act: Act) -> list[str]:
    """The proofs that were given in this browser."""
    return list(request.session.get(f"proofs {act.id}", []))


def hold(request: HttpRequest, act: Act, proof: str) -> None:
    """Keep in this browser that somebody has shown who they are."""
    request.session[f"proofs {act.id}"] = [*held(request, act), proof]


def return_to(request: HttpRequest, act: Act) -> str:
    """Where the link that was opened in this browser leads back to; nowhere, for those in an e-mail."""
    return str(request.session.get(f"return {act.id}", ""))
