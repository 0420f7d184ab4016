"""Why a provider cannot be written down, or does not sign."""

from paraph_server.web.errors import BadInput, Conflict, NotFound


class BadProvider(BadInput):
    """Something about it is missing, or cannot be."""

    code = "bad-provider"


class NoSuchProvider(NotFound):
    code = "no-such-provider"


class ProviderUnavailable(Conflict):
    """It does not answer, or not as the standard says: try again later."""

    code = "provider-unavailable"


class ProviderRefused(Conflict):
    """It understood, and did not do it."""

    code = "provider-refused"


class NoCredential(Conflict):
    """It keeps no key for this person with which they could sign here."""

    code = "no-credential"
