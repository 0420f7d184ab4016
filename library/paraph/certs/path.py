"""From a certificate to a root (RFC 5280 §6.1); revocation is judged elsewhere."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from cryptography import x509
from cryptography.x509.verification import Criticality, ExtensionPolicy, PolicyBuilder, Store, VerificationError

from paraph.certs.names import readable
from paraph.errors import NoPath

_LONGEST = 6
# Signing certificates are not web servers: purposes and names are judged by whoever uses the path.
_END_ENTITY = ExtensionPolicy.permit_all().may_be_present(x509.SubjectAlternativeName, Criticality.AGNOSTIC, None)
_AUTHORITY = ExtensionPolicy.permit_all().require_present(x509.BasicConstraints, Criticality.CRITICAL, None)


@dataclass(frozen=True, slots=True)
class TrustStore:
    """The roots that somebody decided to trust."""

    roots: tuple[x509.Certificate, ...]


def path(
    certificate: x509.Certificate, *, intermediates: Sequence[x509.Certificate], trusted: TrustStore, at: datetime
) -> tuple[x509.Certificate, ...]:
    """The certificates from `certificate` to a trusted root, both included.

    Raises:
        NoPath: none is valid at the time `at`; the message says why.
    """
    if certificate in trusted.roots:
        return (certificate,)
    if not trusted.roots:
        raise NoPath("No root is trusted.")
    verifier = (
        PolicyBuilder()
        .store(Store(list(trusted.roots)))
        .time(at)
        .max_chain_depth(_LONGEST)
        .extension_policies(ca_policy=_AUTHORITY, ee_policy=_END_ENTITY)
        .build_client_verifier()
    )
    try:
        return tuple(verifier.verify(certificate, list(intermediates)).chain)
    except VerificationError as error:
        raise NoPath(f"No valid path leads from {readable(certificate.subject)} to a trusted root: {error}") from None
