"""By which means signers can be identified here."""

from paraph.evidence import Means

from paraph_server.config.options import options
from paraph_server.identification.models import Provider
from paraph_server.identification.openid.kinds import RULES
from paraph_server.providers import queries as providers


def offered() -> tuple[Means, ...]:
    """In the order in which a signer is asked: who vouches for their name, what they are sent, know, and sign with."""
    known = set(Provider.objects.filter(removed_at=None).values_list("kind", flat=True))
    vouched = (each for each in RULES if each in known)
    called = (Means.VOICE_CODE,) if options().telephones else ()
    kept = (Means.PROVIDER,) if providers.offered().exists() else ()
    shown = (Means.CLIENT_CERTIFICATE,) if options().client_certificates else ()
    codes = (Means.EMAIL_CODE, Means.SMS_CODE, *called)
    return (*vouched, *shown, *codes, Means.SECRET, Means.IDENTITY_DOCUMENT, Means.CARD, *kept)
