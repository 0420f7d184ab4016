"""Find certificates and the signers behind the standing ones."""

from functools import cache

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from paraph.errors import UnusableKey
from paraph.keys import file
from paraph.keys.file import FileSigner

from paraph_trust.authority.models import Certificate, Practice
from paraph_trust.errors import NotReady
from paraph_trust.keys.folder import folder

ROOT = "root"
ISSUING = "issuing"
RESPONDER = "ocsp"
TIMESTAMPING = "timestamping"


def standing(name: str) -> Certificate:
    """A certificate of the ceremony, by name.

    Raises:
        NotReady: the ceremony has not made it.
    """
    try:
        return Certificate.objects.get(name=name)
    except Certificate.DoesNotExist:
        raise NotReady(f"There is no certificate {name}: perform the key ceremony.") from None


def chain(certificate: Certificate) -> tuple[x509.Certificate, ...]:
    """A certificate and its issuers, the root last."""
    found = [certificate.parsed]
    while certificate.issuer:
        certificate = certificate.issuer
        found.append(certificate.parsed)
    return tuple(found)


def person_policies() -> list[str]:
    """The policies under which people get certificates."""
    practice = Practice.objects.first()
    return practice.person_policies if practice else []


@cache
def signer(name: str) -> FileSigner:
    """The signer of a standing certificate; its key is opened once per process.

    Raises:
        NotReady: no ceremony yet, the key is kept elsewhere, or this is not its passphrase.
    """
    certificates = b"".join(each.public_bytes(Encoding.PEM) for each in chain(standing(name)))
    try:
        return file.load(folder().read(name), folder().passphrase, certificates)
    except UnusableKey as error:
        raise NotReady(f"The private key of {name} cannot be used: {error}") from None
