"""Find certificates and the signers behind the standing ones."""

from datetime import datetime
from functools import cache

from cryptography import x509
from paraph.keys.signer import Signer

from paraph_trust.authority.models import Certificate, Practice
from paraph_trust.errors import NotReady
from paraph_trust.keys.folder import KeyFolder, folder
from paraph_trust.keys.token import HeldSigner

ROOT = "root"
ISSUING = "issuing"
RESPONDER = "ocsp"
TIMESTAMPING = "timestamping"
EXTERNAL = "external"
"""Somebody else's authority above ours or above a key of ours; it keeps its own lists."""


def standing(name: str) -> Certificate:
    """A certificate that a ceremony made, by name.

    Raises:
        NotReady: no ceremony has made it.
    """
    try:
        return Certificate.objects.get(name=name)
    except Certificate.DoesNotExist:
        raise NotReady(f"There is no certificate {name}: perform the key ceremony.") from None


def serving(role: str, *, at: datetime, issuer: Certificate | None = None, name: str | None = None) -> Certificate:
    """The newest certificate of a role whose key may sign at this time; its predecessors go on proving.

    Raises:
        NotReady: there is none, or all have ended, were retired or revoked.
    """
    found = Certificate.objects.filter(role=role, revoked_at=None, not_before__lte=at, not_after__gt=at)
    if issuer is not None:
        found = found.filter(issuer=issuer)
    if name is not None:
        found = found.filter(name=name)
    for certificate in found.order_by("-issued_at", "-pk"):
        if at < certificate.signs_until:
            return certificate
    if Certificate.objects.filter(role=role).exists():
        raise NotReady(f"No certificate {role} is in force: perform a ceremony for a successor.")
    raise NotReady(f"There is no certificate {role}: perform the key ceremony.")


def in_use(at: datetime) -> list[Certificate]:
    """The standing certificates that something depends on: of each role the one that serves, and every seal."""
    found = Certificate.objects.filter(name__isnull=False, revoked_at=None, not_after__gt=at)
    newest = {certificate.role: certificate.pk for certificate in found.order_by("issued_at")}
    return [each for each in found if each.role is None or each.pk == newest[each.role]]


def chain(certificate: Certificate) -> tuple[x509.Certificate, ...]:
    """A certificate and its issuers, the root last."""
    found = [certificate.parsed]
    while certificate.issuer:
        certificate = certificate.issuer
        found.append(certificate.parsed)
    return tuple(found)


def person_policies(level: str) -> list[str]:
    """The policies under which people get certificates who were identified for this level of signature."""
    practice = Practice.objects.first()
    return [*practice.person_policies, *practice.level_policies.get(level, [])] if practice else []


@cache
def signer(name: str) -> Signer:
    """The signer of a standing certificate; its key is opened once per process.

    Raises:
        NotReady: no ceremony yet, the key is kept elsewhere, or this is not its passphrase or PIN.
    """
    return opened(name, folder())


def opened(name: str, keys: KeyFolder) -> Signer:
    """The same, from a folder with another passphrase."""
    return keys.signer(name, chain(standing(name)))


def check(name: str) -> None:
    """See that a standing key can sign, without signing.

    Raises:
        NotReady: it cannot be opened, or its token was pulled out since.
    """
    key = signer(name)
    if isinstance(key, HeldSigner):
        key.check()
