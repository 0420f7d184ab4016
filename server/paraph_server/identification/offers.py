"""By which means signers can be identified here."""

from paraph.evidence import Means

from paraph_server.identification.models import Provider
from paraph_server.identification.openid.kinds import RULES
from paraph_server.providers import queries as providers


def offered() -> tuple[Means, ...]:
    """In the order in which a signer is asked: who vouches for their name, what they are sent, what they sign with."""
    known = set(Provider.objects.filter(removed_at=None).values_list("kind", flat=True))
    vouched = (each for each in RULES if each in known)
    kept = (Means.PROVIDER,) if providers.offered().exists() else ()
    asked = (Means.EMAIL_CODE, Means.SMS_CODE, Means.SECRET, Means.IDENTITY_DOCUMENT, Means.CARD)
    return (*vouched, *asked, *kept)
