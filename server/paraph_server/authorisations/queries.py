"""Where an authorisation stands."""

from datetime import datetime

from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from paraph_server.authorisations.errors import AuthorisationOver
from paraph_server.authorisations.models import Authorisation, State
from paraph_server.signing import queries as signing
from paraph_server.signing.queries import Act


def newest(act: Act) -> Authorisation | None:
    """The one that counts: the last that the signer began."""
    found = Authorisation.objects.filter(act_id=act.id).select_related("provider", "recipient")
    return found.order_by("-created_at").first()


def current(act: Act) -> Authorisation:
    """The same; raises `AuthorisationOver` where there is none."""
    if found := newest(act):
        return found
    raise over()


def standing(authorisation: Authorisation, *, at: datetime) -> tuple[str, str]:
    """The state as the page shows it, and what stands in the way."""
    if authorisation.is_over(at):
        return State.OVER, authorisation.reason
    if authorisation.state != State.RECEIVED:
        return authorisation.state, authorisation.reason
    found = signing.sessions(signing.act(authorisation.act_id))
    lost = next((each for each in found if not each.completed_at and not each.requested_at), None)
    return (State.OVER, lost.failure) if lost else (State.RECEIVED, "")


def question(state: str) -> str:
    """What the database keeps of the OAuth state, which the browser alone knows."""
    return salted_hmac("paraph.authorisations.state", state, algorithm="sha256").hexdigest()


def over() -> AuthorisationOver:
    return AuthorisationOver(_("This took too long, or was used already. Please start again."))
