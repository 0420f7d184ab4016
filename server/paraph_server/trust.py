"""The trust service, as the server reaches it. It holds the keys; the server holds none."""

from datetime import datetime, timedelta
from functools import cache

from cryptography import x509
from paraph import certs
from paraph.certs import Revocations, TrustStore
from paraph.errors import Unavailable
from paraph.keys.csc import CscService
from paraph.timestamps import HttpTimestamper
from paraph.trustlists import TrustedLists

from paraph_server.config.options import options


@cache
def signing_service() -> CscService:
    return CscService(options().trust_url, options().trust_token.get_secret_value())


@cache
def timestamper() -> HttpTimestamper:
    return HttpTimestamper(options().tsa_url)


@cache
def trusted_lists() -> TrustedLists | None:
    """The lists of the Member States, where this installation fetches them."""
    folder = options().trusted_lists_dir
    return TrustedLists(folder) if folder else None


def refresh_lists(*, at: datetime) -> list[str]:
    """Fetch the trusted lists, if it is time; what went wrong, in sentences."""
    lists, signers = trusted_lists(), options().lotl_signers
    if lists is None or ((age := lists.age(at=at)) is not None and age < timedelta(days=1)):
        return []
    known = certs.read(signers.read_bytes()) if signers else ()
    try:
        return lists.refresh(address=options().lotl_url, signers=tuple(known), at=at)
    except Unavailable as reason:
        return [str(reason)]


@cache
def trusted() -> TrustStore:
    """The roots that signatures made here must lead to: our own, and the authorities whose cards are taken."""
    files = (options().trust_roots, options().card_roots)
    return TrustStore(tuple(each for file in files if file for each in certs.read(file.read_bytes())))


@cache
def trusted_in_browsers() -> TrustStore:
    """The authorities whose certificates browsers may show."""
    file = options().client_certificate_roots
    return TrustStore(tuple(certs.read(file.read_bytes())) if file else ())


def revocations(*anchors: x509.Certificate) -> Revocations:
    """Whom to ask whether a certificate that a signer brings is revoked; paths may end with `anchors`, too."""
    return Revocations(TrustStore((*trusted().roots, *anchors)))
