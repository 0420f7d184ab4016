"""The certificates that come along with a key."""

from collections.abc import Sequence

from cryptography import x509

from paraph.errors import UnusableKey


def chain_of(certificate: x509.Certificate, found: Sequence[x509.Certificate]) -> list[x509.Certificate]:
    """Nearest first, as far as they were given; nothing is verified."""
    chain: list[x509.Certificate] = []
    while certificate.issuer != certificate.subject:
        issuers = [each for each in found if each.subject == certificate.issuer and each not in chain]
        if not issuers:
            break
        certificate = issuers[0]
        chain.append(certificate)
    return chain


def pem_certificates(data: bytes) -> list[x509.Certificate]:
    """Those that stand in PEM, among other things.

    Raises:
        UnusableKey: they are damaged.
    """
    if b"-----BEGIN CERTIFICATE" not in data:
        return []
    try:
        return x509.load_pem_x509_certificates(data)
    except ValueError as error:
        raise UnusableKey(f"The certificates beside the key cannot be read: {error}") from None
