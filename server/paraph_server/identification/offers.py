"""By which means signers can be identified here."""

from paraph.evidence import Means

from paraph_server.identification.models import Provider
from paraph_server.identification.openid.kinds import RULES


def offered() -> tuple[Means, ...]:
    """In the order in which a signer is asked: who vouches for their name, what is sent to them, what they hold."""
    known = set(Provider.objects.filter(removed_at=None).values_list("kind", flat=True))
    return (*(each for each in RULES if each in known), Means.EMAIL_CODE, Means.SMS_CODE, Means.CARD)
