"""What each kind of certificate looks like (RFC 5280, EN 319 412-2, EN 319 412-3, EN 319 422)."""

from dataclasses import dataclass, replace
from datetime import timedelta
from enum import StrEnum

from cryptography import x509
from cryptography.x509.oid import ExtendedKeyUsageOID

from paraph.formats import asn1

VALIDITY_ASSURED = x509.ObjectIdentifier("0.4.0.194121.2.1")
"""EN 319 412-1 §5.2.3: the certificate is over before anybody could have it revoked."""
NO_REVOCATION_AVAILABLE = x509.ObjectIdentifier("2.5.29.56")
"""RFC 9608."""
QC_STATEMENTS = x509.ObjectIdentifier("1.3.6.1.5.5.7.1.3")
"""RFC 3739 §3.2.6."""
_NULL = asn1.tlv(asn1.NULL)


class Kind(StrEnum):
    """Whom or what a certificate is for."""

    AUTHORITY = "certificate authority"
    TIMESTAMPING = "time-stamping unit"
    RESPONDER = "OCSP responder"
    SEAL = "seal"
    PERSON = "natural person"
    AGENT = "natural person who acts for an organisation"


@dataclass(frozen=True, slots=True)
class Profile:
    """The extensions that every certificate of a kind carries."""

    kind: Kind
    usage: frozenset[str]
    """Key usages by their names in `x509.KeyUsage`."""
    path_length: int | None = None
    purpose: x509.ObjectIdentifier | None = None
    """The one extended key usage."""
    policies: tuple[str, ...] = ()
    short_term: bool = False
    signs_for: timedelta | None = None
    """How long the key signs; its certificate may prove for longer what it has signed."""
    statements: tuple[bytes, ...] = ()
    """Each a `QCStatement` in DER; see `statements`."""

    def under(self, *policies: str) -> "Profile":
        """The same profile under certificate policies (object identifiers)."""
        return replace(self, policies=policies)

    def signing_for(self, period: timedelta) -> "Profile":
        """The same profile for a key that is retired before its certificate ends (EN 319 421 §7.6.2)."""
        return replace(self, signs_for=period)

    def stating(self, *statements: bytes) -> "Profile":
        """The same profile with statements of qualified certificates (EN 319 412-5)."""
        return replace(self, statements=statements)

    @property
    def is_authority(self) -> bool:
        return self.kind is Kind.AUTHORITY

    def extensions(self) -> list[tuple[x509.ExtensionType, bool]]:
        """The extensions that do not depend on issuer or subject, each with its criticality."""
        found: list[tuple[x509.ExtensionType, bool]] = [
            (x509.BasicConstraints(ca=self.is_authority, path_length=self.path_length), True),
            (self._key_usage(), True),
        ]
        if self.purpose:
            # RFC 3161 §2.3 wants the time-stamping purpose critical; OCSP's is by custom not.
            found.append((x509.ExtendedKeyUsage([self.purpose]), self.kind is Kind.TIMESTAMPING))
        if self.policies:
            information = [x509.PolicyInformation(x509.ObjectIdentifier(policy), None) for policy in self.policies]
            found.append((x509.CertificatePolicies(information), False))
        if self.statements:
            value = asn1.sequence(*self.statements)
            found.append((x509.UnrecognizedExtension(QC_STATEMENTS, value), False))
        if self.kind is Kind.RESPONDER:
            found.append((x509.OCSPNoCheck(), False))
        if self.short_term:
            found.append((x509.UnrecognizedExtension(VALIDITY_ASSURED, _NULL), False))
            found.append((x509.UnrecognizedExtension(NO_REVOCATION_AVAILABLE, _NULL), False))
        return found

    def _key_usage(self) -> x509.KeyUsage:
        names = (
            "digital_signature",
            "content_commitment",
            "key_encipherment",
            "data_encipherment",
            "key_agreement",
            "key_cert_sign",
            "crl_sign",
            "encipher_only",
            "decipher_only",
        )
        return x509.KeyUsage(**{name: name in self.usage for name in names})


_ISSUES = frozenset({"key_cert_sign", "crl_sign"})
_COMMITS = frozenset({"content_commitment"})


def root() -> Profile:
    return Profile(Kind.AUTHORITY, _ISSUES)


def issuing() -> Profile:
    """An authority that issues to end entities only."""
    return Profile(Kind.AUTHORITY, _ISSUES, path_length=0, policies=("2.5.29.32.0",))


def timestamping_unit() -> Profile:
    """EN 319 422 §6: one purpose, and critically so."""
    return Profile(Kind.TIMESTAMPING, frozenset({"digital_signature"}), purpose=ExtendedKeyUsageOID.TIME_STAMPING)


def ocsp_responder() -> Profile:
    """A delegated responder (RFC 6960 §4.2.2.2), itself not looked up."""
    return Profile(Kind.RESPONDER, frozenset({"digital_signature"}), purpose=ExtendedKeyUsageOID.OCSP_SIGNING)


def seal() -> Profile:
    """A legal person's seal (EN 319 412-3)."""
    return Profile(Kind.SEAL, _COMMITS)


def person() -> Profile:
    """A natural person's signature, for hours (EN 319 412-2, key usage type A; EN 319 412-1 §5.2.3)."""
    return Profile(Kind.PERSON, _COMMITS, short_term=True)


def agent() -> Profile:
    """The signature of somebody who acts for an organisation, for years, with a key of their own (EN 319 412-2)."""
    return Profile(Kind.AGENT, _COMMITS)
