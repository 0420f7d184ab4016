"""Where a pairing stands."""

import hmac
from datetime import datetime

from django.utils.translation import gettext as _

from paraph_server.accounts.tenancy import every_tenant
from paraph_server.cards import codes
from paraph_server.cards.errors import NoSuchPairing
from paraph_server.cards.models import Pairing, State
from paraph_server.signing import queries as signing
from paraph_server.signing.queries import Act


def newest(act: Act) -> Pairing | None:
    """The pairing that counts: the last one that the page asked for."""
    return Pairing.objects.filter(act_id=act.id).order_by("-created_at").first()


def by_code(code: str) -> Pairing:
    """Whosever it is: an agent knows nothing but the code.

    Raises:
        NoSuchPairing: no page shows it.
    """
    with every_tenant():
        found = Pairing.objects.filter(code_digest=codes.digest("code", code)).first()
    if found is None:
        raise NoSuchPairing(_("This code is not known, or no longer good."))
    return found


def by_secret(pairing_id: str, secret: str) -> Pairing:
    """The pairing that an agent has taken up, if it is this agent.

    Raises:
        NoSuchPairing: it is not.
    """
    with every_tenant():
        found = Pairing.objects.filter(pk=pairing_id).first()
    if found is None or not hmac.compare_digest(found.secret_digest, codes.digest("secret", secret)):
        raise NoSuchPairing(_("This code is not known, or no longer good."))
    return found


def standing(pairing: Pairing, *, at: datetime) -> tuple[str, str]:
    """The state as the agent is told it, and the reason."""
    if pairing.is_over(at):
        return State.OVER, pairing.reason
    if pairing.state != State.RECEIVED:
        return pairing.state, pairing.reason
    found = signing.sessions(signing.act(pairing.act_id))
    if all(each.completed_at for each in found):
        return "done", ""
    lost = next((each for each in found if not each.completed_at and not each.requested_at), None)
    return (State.OVER, lost.failure) if lost else (State.RECEIVED, "")
