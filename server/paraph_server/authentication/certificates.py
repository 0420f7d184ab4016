"""Certificates that open users' accounts. Whether one is good now, `identification.certificates` says each time."""

from collections.abc import Sequence
from datetime import datetime
from hashlib import sha256

from cryptography import x509
from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from paraph import certs
from paraph.errors import UnusableCertificate

from paraph_server.accounts.models import User
from paraph_server.accounts.tenancy import every_tenant
from paraph_server.authentication.errors import BadCertificate, NoSuchCertificate
from paraph_server.authentication.models import Certificate, Factor
from paraph_server.authentication.notices import tell
from paraph_server.identification.certificates import holder
from paraph_server.journal.actions import Actor

MOST = 10
LONGEST = 20_000
"""Characters of a certificate in PEM."""


@transaction.atomic
def enrol(user: User, pem: str, *, renewed: bool, with_pin: bool, acting: Actor, at: datetime) -> Certificate:
    """Let a certificate open an account; where it may be `renewed`, every one of the same subject and issuer.

    Raises:
        BadCertificate: it is none, or theirs already, or they have ten.
    """
    try:
        certificate, *more = certs.read(pem[:LONGEST].strip().encode())
    except UnusableCertificate as error:
        raise BadCertificate(str(error)) from None
    if more or of(user).count() >= MOST:
        raise BadCertificate(_("One certificate at a time, and ten for each person at most."))
    made = Certificate(
        tenant_id=user.tenant_id,
        user=user,
        holder=holder(certificate.subject)[:200],
        issuer=holder(certificate.issuer)[:200],
        bound_to=_by_subject(certificate) if renewed else _by_thumbprint(certificate),
        with_pin=with_pin,
        created_at=at,
    )
    try:
        with transaction.atomic():
            made.save(force_insert=True)
    except IntegrityError:
        raise BadCertificate(_("This certificate opens their account already.")) from None
    facts = {"certificate": made.pk, "holder": made.holder, "bound_to": made.bound_to, "with_pin": with_pin}
    tell("user:certificate-added", user, acting, at, **facts)
    return made


@transaction.atomic
def remove(user: User, certificate_id: str, *, acting: Actor, at: datetime) -> None:
    """Raises `NoSuchCertificate`."""
    found = of(user).filter(pk=certificate_id).first()
    if found is None:
        raise NoSuchCertificate(_("There is no such certificate."))
    tell("user:certificate-removed", user, acting, at, certificate=found.pk, bound_to=found.bound_to)
    found.delete()


def of(user: User) -> QuerySet[Certificate]:
    return Certificate.objects.filter(user=user).order_by("created_at", "pk")


def opened_by(certificate: x509.Certificate) -> Sequence[Certificate]:
    """The accounts that it opens, perhaps in several organisations: its holder chooses."""
    bound = (_by_thumbprint(certificate), _by_subject(certificate))
    with every_tenant():
        found = Certificate.objects.filter(bound_to__in=bound, user__is_active=True)
        return list(found.select_related("user__tenant", "user__group").order_by("user__email")[:50])


@transaction.atomic
def use(found: Certificate, *, at: datetime) -> Factor:
    """Note that somebody signs in with it; what that is worth."""
    found.last_used_at = at
    found.save(update_fields=["last_used_at"])
    return Factor.CERTIFICATE_WITH_PIN if found.with_pin else Factor.CERTIFICATE


def _by_thumbprint(certificate: x509.Certificate) -> str:
    return f"x5t#S256 {certs.thumbprint(certificate)}"


def _by_subject(certificate: x509.Certificate) -> str:
    issuer, subject = certificate.issuer.public_bytes(), certificate.subject.public_bytes()
    return f"subject {sha256(sha256(issuer).digest() + subject).hexdigest()}"
