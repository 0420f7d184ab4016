"""The trust service, as the server reaches it. It holds the keys; the server holds none."""

from functools import cache

from paraph import certs
from paraph.certs import TrustStore
from paraph.keys.csc import CscService
from paraph.timestamps import HttpTimestamper

from paraph_server.config.options import options


@cache
def signing_service() -> CscService:
    return CscService(options().trust_url, options().trust_token.get_secret_value())


@cache
def timestamper() -> HttpTimestamper:
    return HttpTimestamper(options().tsa_url)


@cache
def trusted() -> TrustStore:
    """The roots that signatures made here must lead to."""
    roots = options().trust_roots
    return TrustStore(tuple(certs.read(roots.read_bytes())) if roots else ())
