"""The means of identification in people's words."""

from collections.abc import Sequence

from django.utils.translation import gettext_lazy as _
from paraph.evidence import Means

WORDS = {
    Means.LINK: _("Personal link"),
    Means.EMAIL_CODE: _("Code by e-mail"),
    Means.SMS_CODE: _("Code by SMS"),
    Means.VOICE_CODE: _("Code by telephone call"),
    Means.SECRET: _("Shared secret"),
    Means.OIDC: _("Identity provider"),
    Means.FRANCECONNECT: _("FranceConnect"),
    Means.FRANCECONNECT_PLUS: _("FranceConnect+"),
    Means.PROCONNECT: _("ProConnect"),
    Means.CLIENT_CERTIFICATE: _("Certificate in the browser"),
    Means.CARD: _("Smart card or USB token"),
    Means.PROVIDER: _("Trust service provider"),
    Means.IDENTITY_DOCUMENT: _("Identity document, checked in person"),
}


def words(means: Sequence[Means]) -> str:
    """Several means, as one reads them."""
    return " + ".join(str(WORDS[each]) for each in means)
