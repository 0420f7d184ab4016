"""Recognise clients."""

from paraph_trust.clients.models import Client, token_hash
from paraph_trust.errors import InvalidToken


def bearer(authorization: str) -> Client:
    """The client behind an `Authorization` header (RFC 6750 §2.1).

    The look-up is by digest, so that its duration says nothing about the token.

    Raises:
        InvalidToken: the header is not a bearer token of ours.
    """
    scheme, _, token = authorization.partition(" ")
    if scheme.lower() != "bearer" or not token:
        raise InvalidToken("A bearer token is required.")
    try:
        return Client.objects.get(token_hash=token_hash(token.strip()))
    except Client.DoesNotExist:
        raise InvalidToken("The access token is not valid.") from None
