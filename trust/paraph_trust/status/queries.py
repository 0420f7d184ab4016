"""Find lists and the standing of certificates."""

from datetime import datetime

from django.db.models import QuerySet
from paraph.pki import Revoked
from paraph.pki.ocsp import Question

from paraph_trust.authority.models import Certificate, spelt
from paraph_trust.authority.queries import ISSUING, ROOT
from paraph_trust.status.models import RevocationList


def keepers() -> QuerySet[Certificate]:
    """The authorities that keep a list here."""
    return Certificate.objects.filter(role__in=[ROOT, ISSUING]).order_by("not_before", "name")


def keeper(name: str) -> Certificate | None:
    """The authority of this name, if it keeps a list here."""
    return keepers().filter(name=name).first()


def asked_about(question: Question) -> Certificate | None:
    """The issuing authority whose certificates an OCSP request asks about."""
    issuers = Certificate.objects.filter(role=ISSUING).order_by("-not_before")
    return next((issuer for issuer in issuers if question.about(issuer.parsed)), None)


def newest(issuer: Certificate) -> RevocationList | None:
    """The list of an issuer that is in force."""
    return RevocationList.objects.filter(issuer=issuer).order_by("-number").first()


def revoked(issuer: Certificate) -> QuerySet[Certificate]:
    """What an issuer has revoked, expired or not: who validates an old signature still wants to know."""
    return issuer.issued.filter(revoked_at__isnull=False).order_by("revoked_at", "serial")


def outdated(published: RevocationList, *, at: datetime) -> bool:
    """Whether half of a list's time has passed, or something was revoked since it was made."""
    halfway = published.this_update + (published.next_update - published.this_update) / 2
    return at >= halfway or published.entries != revoked(published.issuer).count()


def standing_of(serial: int, issuer: Certificate) -> Revoked | bool:
    """What became of a certificate: revoked, or whether it was issued at all."""
    certificate = issuer.issued.filter(serial=spelt(serial)).first()
    return certificate is not None and (certificate.revocation or True)
