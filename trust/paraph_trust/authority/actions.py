"""Issue certificates, register them, revoke them."""

import hashlib
import secrets
from datetime import datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from django.db import transaction
from paraph import pki
from paraph.errors import InputError, Refused
from paraph.keys.signer import Signer
from paraph.pki import PersonSubject
from paraph.pki.form import PublicKey
from paraph.pki.profiles import Profile
from paraph.pki.subjects import Subject

from paraph_trust.authority.models import Certificate, spelt
from paraph_trust.authority.queries import ISSUING, ROOT, in_use, person_policies, serving, signer, standing
from paraph_trust.config.options import options
from paraph_trust.control import actions as control
from paraph_trust.control.models import Act
from paraph_trust.errors import InvalidRequest
from paraph_trust.keys.folder import folder
from paraph_trust.log import actions as log


def issue_to_person(
    subject: PersonSubject, public_key: PublicKey, *, level: str, validity: timedelta, at: datetime
) -> Certificate:
    """Issue a short-term certificate in a person's name (EN 319 412-2), under the policies of a level of signature.

    Raises:
        InvalidRequest: the subject does not fit the profile.
    """
    issuer = serving(ISSUING, at=at)
    return issue(
        pki.profiles.person().under(*person_policies(level)),
        subject,
        public_key,
        issuer=issuer,
        signer=signer(str(issuer.name)),
        validity=validity,
        at=at,
    )


def issue(
    profile: Profile,
    subject: Subject,
    public_key: PublicKey,
    *,
    issuer: Certificate,
    signer: Signer,
    validity: timedelta,
    at: datetime,
    name: str | None = None,
    role: str | None = None,
) -> Certificate:
    """Issue a certificate and register it.

    Raises:
        InvalidRequest: the subject does not fit the profile, or the certificate would outlive its issuer.
    """
    try:
        certificate = pki.issue(
            profile,
            subject,
            public_key,
            issuer=signer,
            serial=new_serial(),
            at=at,
            validity=validity,
            **addresses(issuer),
        )
    except (InputError, Refused) as error:
        raise InvalidRequest(f"Invalid parameter subject: {error}") from None
    return register(certificate, issuer=issuer, at=at, name=name, role=role)


def register(
    certificate: x509.Certificate,
    *,
    issuer: Certificate | None,
    at: datetime,
    name: str | None = None,
    role: str | None = None,
) -> Certificate:
    """Enter a certificate that was just issued; nothing leaves the service unregistered."""
    registered = _entered(certificate, issuer=issuer, at=at, name=name, role=role)
    log.record("certificate:issued", subject=registered.serial, at=at, sha256=registered.fingerprint)
    return registered


def admit(
    certificate: x509.Certificate, *, issuer: Certificate | None, at: datetime, name: str, role: str | None
) -> Certificate:
    """Enter a certificate that somebody else issued, and that was checked.

    Raises:
        InvalidRequest: another certificate with its serial number is known here.
    """
    if Certificate.objects.filter(serial=spelt(certificate.serial_number)).exists():
        raise InvalidRequest(f"Another certificate here has the serial number {spelt(certificate.serial_number)}.")
    admitted = _entered(certificate, issuer=issuer, at=at, name=name, role=role)
    log.record("certificate:admitted", subject=admitted.serial, at=at, sha256=admitted.fingerprint)
    return admitted


def _entered(
    certificate: x509.Certificate, *, issuer: Certificate | None, at: datetime, name: str | None, role: str | None
) -> Certificate:
    der = certificate.public_bytes(Encoding.DER)
    return Certificate.objects.create(
        serial=spelt(certificate.serial_number),
        name=name,
        role=role,
        issuer=issuer,
        der=der,
        fingerprint=hashlib.sha256(der).hexdigest(),
        not_before=certificate.not_valid_before_utc,
        not_after=certificate.not_valid_after_utc,
        issued_at=at,
    )


def new_serial() -> int:
    """A serial number of 159 random bits: unique and unpredictable (RFC 5280 §4.1.2.2)."""
    return secrets.randbits(159) | 1 << 158


def addresses(issuer: Certificate) -> dict[str, str]:
    """Where the status and the issuer of a certificate are found; the root, kept offline, has no OCSP responder."""
    base = options().base_url
    found = {"crl_url": f"{base}/crl/{issuer.name}.crl", "ca_url": f"{base}/ca/{issuer.name}.cer"}
    return found | ({"ocsp_url": f"{base}/ocsp"} if issuer.role == ISSUING else {})


@transaction.atomic
def revoke(serial: str, *, reason: str, at: datetime) -> None:
    """Revoke a certificate for good; that of an authority or a service of it needs two approvals.

    Raises:
        InvalidRequest: there is none with this serial number, it is the root, it was revoked before, or too few
            officers approved.
    """
    try:
        certificate = Certificate.objects.select_for_update().get(
            serial=serial.upper(), issuer__role__in=[ROOT, ISSUING]
        )
    except Certificate.DoesNotExist:
        raise InvalidRequest(f"This authority issued no certificate {serial} that it could revoke.") from None
    if certificate.revoked_at:
        raise InvalidRequest(f"The certificate {serial} was revoked on {certificate.revoked_at:%Y-%m-%d}.")
    approved = control.require(Act.REVOKE, certificate.serial, at=at) if certificate.role else []
    certificate.revoked_at, certificate.revocation_reason = at, reason
    certificate.save(update_fields=["revoked_at", "revocation_reason"])
    log.record("certificate:revoked", subject=certificate.serial, at=at, reason=reason, approved=approved)


@transaction.atomic
def retire(name: str, *, at: datetime) -> None:
    """Destroy the key of a standing certificate that has a successor; what it signed stays good (EN 319 421 §7.6.5).

    Raises:
        InvalidRequest: the key is still needed, here or for revocation lists.
        NotReady: there is no such certificate, or its key is not on this host.
    """
    certificate = standing(name)
    if certificate in in_use(at):
        raise InvalidRequest(f"The key of {name} is in use: perform a ceremony for its successor first.")
    if certificate.issued.filter(not_after__gt=at).exists():
        raise InvalidRequest(f"The key of {name} still signs the revocation list of certificates that are in force.")
    log.record("key:destroyed", subject=name, at=at, reason="retired")
    folder().destroy(name)
