"""Who acts in a recipient's turn: the recipient, or a colleague to whom they have delegated it.

Everything that is made carries the name of whoever acts: the code goes to them, the certificate is theirs, the journal
names them. For whom they acted is said beside.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from paraph_server.accounts.models import User
from paraph_server.administration import queries as people
from paraph_server.administration.errors import NotDelegated
from paraph_server.administration.models import Delegation
from paraph_server.journal.actions import Actor
from paraph_server.signing.models import Signing
from paraph_server.workflows import turns
from paraph_server.workflows.models import Recipient


@dataclass(frozen=True, slots=True)
class Signer:
    """The person who acts, as certificate, code and evidence name them."""

    id: str
    first_name: str
    last_name: str
    email: str
    phone_number: str
    country: str
    locale: str
    acts_for: str = ""
    """The recipient's name, when that is somebody else."""

    @property
    def name(self) -> str:
        return f"{self.first_name} {self.last_name}"


def signer(recipient: Recipient, deputy: User | None) -> Signer:
    person, acts_for = (deputy, recipient.name) if deputy else (recipient, "")
    return Signer(
        person.pk,
        person.first_name,
        person.last_name,
        person.email,
        person.phone_number,
        person.country,
        person.locale,
        acts_for,
    )


def of(signing: Signing) -> Signer:
    """Who signs, or has signed."""
    return signer(signing.recipient, signing.deputy)


def actor(recipient: Recipient, deputy: User | None = None, *, address: str = "", agent: str = "") -> Actor:
    """Whoever acts, as the journal knows them."""
    kind, person = ("user", deputy) if deputy else ("recipient", recipient)
    return Actor(kind, person.pk, person.name, address, agent)  # type: ignore[arg-type]  # one of its two words


def deputy(recipient: Recipient, by: Actor) -> User | None:
    """The colleague who acts in a recipient's place; None when it is the recipient."""
    if by.kind != "user":
        return None
    return User.objects.select_related("group").get(pk=by.id, tenant=recipient.tenant_id)


def check(recipient: Recipient, deputy: User | None, *, at: datetime) -> Delegation | None:
    """By which delegation a deputy acts; None for recipients themselves, who need the right if they have an account.

    Raises:
        NotDelegated: no delegation covers this turn, the code could not be sent to the deputy, or the recipient's own
            groups have not got the right any more.
    """
    if deputy:
        if recipient.consent_page and recipient.consent_page.by_phone and not deputy.phone_number:
            raise NotDelegated(_("Add your mobile number to your account first: the code is sent there."))
        return turns.delegation_for(recipient, deputy, at=at)
    user = recipient.user
    if user and not (user.is_active and turns.act_of(recipient.step) in people.acts_of(user)):
        raise NotDelegated(_("Your organisation does not let you do this any more."))
    return None


def facts(signing: Signing) -> dict[str, Any]:
    """What the journal keeps of a deputy."""
    if signing.deputy_id is None:
        return {}
    return {"acts_for": signing.recipient.name, "delegation": signing.delegation_id}
