"""Certificates that browsers show while they connect (RFC 8446 §4.4.2), and what they prove of who shows them.

That a browser holds the key, the proxy has seen. Everything else is looked at here: whether the certificate is one of
those for this purpose, valid, not revoked, and of an authority that the operator named.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TypeVar

from cryptography import x509
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
from django.http import HttpRequest
from django.utils.translation import gettext as _
from paraph import certs
from paraph.algorithms import SignatureAlgorithm
from paraph.certs import Revocations
from paraph.certs.names import readable
from paraph.certs.validation_data import ValidationData
from paraph.errors import NoPath, Refused, Unavailable, UnusableCertificate, WeakAlgorithm
from paraph.evidence import Means, Proof
from paraph.evidence.level import Assurance

from paraph_server import trust
from paraph_server.config.options import options
from paraph_server.identification.errors import BadClientCertificate, OtherPerson, StatusUnknown
from paraph_server.identification.names import Proven, Verdict, compare
from paraph_server.web import client_certificates, ids

Extension = TypeVar("Extension", bound=x509.ExtensionType)
FOR_BROWSERS = {ExtendedKeyUsageOID.CLIENT_AUTH, ExtendedKeyUsageOID.ANY_EXTENDED_KEY_USAGE}
SUBSTANTIAL_STARS = 2  # of the RGS: its holder was seen in person
MOST_WORDS = 12
"""Of a common name; a certificate may hold anything."""


@dataclass(frozen=True, slots=True)
class Shown:
    """A certificate that was looked at and is good."""

    certificate: x509.Certificate

    @property
    def holder(self) -> str:
        return holder(self.certificate.subject)

    @property
    def issuer(self) -> str:
        return holder(self.certificate.issuer)

    @property
    def thumbprint(self) -> str:
        """As RFC 8705 §3.1 counts it, in hexadecimal digits."""
        return certs.thumbprint(self.certificate)


def shown(request: HttpRequest, *, at: datetime) -> Shown:
    """The certificate that a browser shows.

    Raises:
        BadClientCertificate: none; or it is not for this, not valid, revoked, or of nobody we know.
        StatusUnknown: whether it is revoked cannot be learnt now.
    """
    try:
        certificate, *chain = client_certificates.shown(request)
    except UnusableCertificate as error:
        raise BadClientCertificate(str(error)) from None
    except ValueError:
        raise BadClientCertificate(_("Your browser has shown no certificate. Choose one when it asks.")) from None
    _check_purpose(certificate, at)
    _check_standing(certificate, chain, at)
    return Shown(certificate)


def prove(found: Shown, *, first_name: str, last_name: str, at: datetime) -> Proof:
    """What it proves of somebody who was invited under this name; a doubt is as good as a no.

    Raises:
        OtherPerson: it names somebody else.
    """
    names = names_in(found.certificate.subject)
    if not any(compare(first_name, last_name, each).verdict is Verdict.SAME for each in names):
        raise OtherPerson(
            _("This certificate is that of %(holder)s, and not in the name of the invitation.")
            % {"holder": found.holder}
        )
    return Proof(
        ids.new("prf"),
        Means.CLIENT_CERTIFICATE,
        at.astimezone(UTC).isoformat(),
        assurance=_worth(found.certificate),
        names="same",
        address=readable(found.certificate.issuer),
        issued_at=found.certificate.not_valid_before_utc.isoformat(),
        detail=f"{found.certificate.subject.rfc4514_string()}; sha256 {found.thumbprint}",
    )


def _check_purpose(certificate: x509.Certificate, at: datetime) -> None:
    if not certificate.not_valid_before_utc <= at <= certificate.not_valid_after_utc:
        raise BadClientCertificate(_("This certificate is not valid now."))
    usage, purposes = _extension(certificate, x509.KeyUsage), _extension(certificate, x509.ExtendedKeyUsage)
    signs = usage is None or (usage.digital_signature and not usage.key_cert_sign)
    if not signs or (purposes is not None and not FOR_BROWSERS & set(purposes)):
        raise BadClientCertificate(_("This certificate is not for signing in."))
    try:
        SignatureAlgorithm.for_key(certificate.public_key())
    except WeakAlgorithm as weak:
        raise BadClientCertificate(str(weak)) from None


def _check_standing(certificate: x509.Certificate, chain: Sequence[x509.Certificate], at: datetime) -> None:
    trusted = trust.trusted_in_browsers()
    try:
        certs.path(certificate, intermediates=chain, trusted=trusted, at=at)
        # Only now: before, the addresses in the certificates could be anybody's.
        Revocations(trusted).collect(certificate, at=at, known=ValidationData.of(chain))
    except NoPath:
        raise BadClientCertificate(
            _("The certificate’s issuer, %(issuer)s, is not among those that this platform takes.")
            % {"issuer": readable(certificate.issuer)}
        ) from None
    except Refused as refusal:
        raise BadClientCertificate(str(refusal)) from None
    except Unavailable:
        raise StatusUnknown(
            _("Nobody says at the moment whether this certificate was revoked. Try again in a moment.")
        ) from None


def _worth(certificate: x509.Certificate) -> Assurance:
    """Who issues under a policy of two stars has seen the holder; of others only the name is known to be checked."""
    stars = options().stars_of(certs.policies(certificate))
    return Assurance.SUBSTANTIAL if stars >= SUBSTANTIAL_STARS else Assurance.LOW


def _extension(certificate: x509.Certificate, kind: type[Extension]) -> Extension | None:
    try:
        return certificate.extensions.get_extension_for_class(kind).value
    except x509.ExtensionNotFound:
        return None


def names_in(subject: x509.Name) -> Iterator[Proven]:
    """Given name and surname where they stand, else every way to part the common name."""
    given, surname, common = (
        " ".join(str(each.value) for each in subject.get_attributes_for_oid(oid))
        for oid in (NameOID.GIVEN_NAME, NameOID.SURNAME, NameOID.COMMON_NAME)
    )
    if given and surname:
        yield Proven(given, surname)
        return
    words = common.split()[:MOST_WORDS]
    for place in range(1, len(words)):
        yield Proven(" ".join(words[:place]), " ".join(words[place:]))


def holder(subject: x509.Name) -> str:
    """Whom a certificate names, as people read it."""
    found = subject.get_attributes_for_oid(NameOID.COMMON_NAME)
    return str(found[0].value) if found else subject.rfc4514_string()
