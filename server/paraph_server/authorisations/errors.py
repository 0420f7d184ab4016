"""Why nothing is authorised."""

from paraph_server.web.errors import Conflict, Gone


class NoProviderHere(Conflict):
    """In this step nobody signs with a provider."""

    code = "no-provider-here"


class AuthorisationOver(Gone):
    """It took too long, was used, or began in another browser."""

    code = "authorisation-over"


class NotAuthorised(Conflict):
    """The signer came back from the provider without having given leave."""

    code = "not-authorised"
