"""Rules that a certificate keeps before its issuer signs it: one rule, one citation."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, timedelta

from cryptography import x509
from cryptography.x509.oid import AuthorityInformationAccessOID, ExtendedKeyUsageOID, NameOID

from paraph.errors import LintFailed
from paraph.formats import asn1
from paraph.pki.profiles import NO_REVOCATION_AVAILABLE, QC_STATEMENTS, VALIDITY_ASSURED, Kind, Profile

_NATURAL = frozenset({Kind.PERSON, Kind.AGENT})
_QUALIFIED = ("0.4.0.1862.1.1", "0.4.0.1862.1.6", "0.4.0.1862.1.5")
"""QcCompliance, QcType, QcPDS."""

Check = Callable[[x509.Certificate, Profile], bool]


@dataclass(frozen=True, slots=True)
class Rule:
    """A sentence that must be true of a certificate."""

    citation: str
    sentence: str
    holds: Check


RULES: list[Rule] = []


def rule(citation: str) -> Callable[[Check], Check]:
    """Register a check under the clause it comes from; its docstring is the sentence."""

    def register(check: Check) -> Check:
        RULES.append(Rule(citation, str(check.__doc__), check))
        return check

    return register


def lint(certificate: x509.Certificate, profile: Profile) -> None:
    """Check a certificate against every rule.

    Raises:
        LintFailed: with each broken rule and its clause.
    """
    broken = [f"{each.sentence} ({each.citation})" for each in RULES if not each.holds(certificate, profile)]
    if broken:
        raise LintFailed(f"The certificate is not issued, because it breaks rules: {' '.join(broken)}")


@rule("RFC 5280 §4.1.2.2")
def serial_number_is_positive_and_short(certificate: x509.Certificate, _: Profile) -> bool:
    """The serial number is positive and fits in 20 octets."""
    return 0 < certificate.serial_number < 1 << 159


@rule("RFC 5280 §4.2.1.3, §4.2.1.9")
def authority_says_so(certificate: x509.Certificate, profile: Profile) -> bool:
    """Basic constraints and key usage are critical, and only an authority may issue."""
    constraints = certificate.extensions.get_extension_for_class(x509.BasicConstraints)
    usage = certificate.extensions.get_extension_for_class(x509.KeyUsage)
    issues = constraints.value.ca and usage.value.key_cert_sign
    return constraints.critical and usage.critical and issues == profile.is_authority


@rule("RFC 5280 §4.2.1.1, §4.2.1.2")
def keys_are_identified(certificate: x509.Certificate, _: Profile) -> bool:
    """Subject and issuer keys are identified, unless the certificate is self-signed."""
    self_signed = certificate.issuer == certificate.subject
    return _has(certificate, x509.SubjectKeyIdentifier) and (
        self_signed or _has(certificate, x509.AuthorityKeyIdentifier)
    )


@rule("EN 319 412-2 §4.2.4")
def person_is_named(certificate: x509.Certificate, profile: Profile) -> bool:
    """A natural person has a country, given name, surname, common name and serial number."""
    wanted = {
        NameOID.COUNTRY_NAME,
        NameOID.GIVEN_NAME,
        NameOID.SURNAME,
        NameOID.COMMON_NAME,
        NameOID.SERIAL_NUMBER,
    }
    return profile.kind not in _NATURAL or wanted <= _named(certificate)


@rule("EN 319 412-3 §4.2.1")
def legal_person_is_named(certificate: x509.Certificate, profile: Profile) -> bool:
    """A legal person has a country, organization, organization identifier and common name."""
    wanted = {
        NameOID.COUNTRY_NAME,
        NameOID.ORGANIZATION_NAME,
        NameOID.ORGANIZATION_IDENTIFIER,
        NameOID.COMMON_NAME,
    }
    return profile.kind in _NATURAL or wanted <= _named(certificate)


@rule("EN 319 412-2 §4.2.4")
def agent_stands_beside_their_organisation(certificate: x509.Certificate, profile: Profile) -> bool:
    """Who acts for an organisation is named together with it and its identifier."""
    wanted = {NameOID.ORGANIZATION_NAME, NameOID.ORGANIZATION_IDENTIFIER}
    return profile.kind is not Kind.AGENT or wanted <= _named(certificate)


@rule("EN 319 412-2 §4.3.2")
def signature_key_only_commits(certificate: x509.Certificate, profile: Profile) -> bool:
    """A key that signs documents does nothing else (key usage type A)."""
    usage = certificate.extensions.get_extension_for_class(x509.KeyUsage).value
    others = usage.digital_signature or usage.key_encipherment or usage.data_encipherment or usage.key_agreement
    return profile.kind not in {*_NATURAL, Kind.SEAL} or (usage.content_commitment and not others)


@rule("RFC 3161 §2.3, EN 319 422 §6")
def timestamping_is_the_only_purpose(certificate: x509.Certificate, profile: Profile) -> bool:
    """A time-stamping unit has that one purpose, critically."""
    if profile.kind is not Kind.TIMESTAMPING:
        return True
    usage = certificate.extensions.get_extension_for_class(x509.ExtendedKeyUsage)
    return usage.critical and list(usage.value) == [ExtendedKeyUsageOID.TIME_STAMPING]


@rule("RFC 6960 §4.2.2.2, §4.2.2.2.1")
def responder_is_delegated_and_not_looked_up(certificate: x509.Certificate, profile: Profile) -> bool:
    """An OCSP responder has that one purpose, and its own status is asked of nobody."""
    if profile.kind is not Kind.RESPONDER:
        return True
    usage = certificate.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
    return list(usage) == [ExtendedKeyUsageOID.OCSP_SIGNING] and _has(certificate, x509.OCSPNoCheck)


@rule("EN 319 421 §7.6.2, RFC 3280 §4.2.1.4")
def key_is_retired_before_its_certificate_ends(certificate: x509.Certificate, _: Profile) -> bool:
    """Where a private key has a period of use, it lies within the certificate's validity."""
    for each in certificate.extensions:
        if isinstance(each.value, x509.PrivateKeyUsagePeriod):
            period = each.value
            began, ended = certificate.not_valid_before_utc, certificate.not_valid_after_utc
            inside = (period.not_before or began).replace(tzinfo=UTC) >= began
            return inside and (period.not_after or ended).replace(tzinfo=UTC) <= ended
    return True


@rule("EN 319 412-5 §4.2.1, §4.2.3, §4.3.4")
def qualified_certificate_says_all_it_must(certificate: x509.Certificate, _: Profile) -> bool:
    """A certificate with qualified statements claims compliance, says its type and where it is explained."""
    if not _carries(certificate, QC_STATEMENTS):
        return True
    value = certificate.extensions.get_extension_for_oid(QC_STATEMENTS).value.public_bytes()
    stated = {next(asn1.members(each))[1] for _, each in asn1.members(asn1.whole(value, asn1.SEQUENCE))}
    return {asn1.whole(asn1.oid(each), asn1.OID) for each in _QUALIFIED} <= stated


@rule("EN 319 412-1 §5.2.3")
def assured_validity_is_short(certificate: x509.Certificate, _: Profile) -> bool:
    """A certificate whose validity is assured ends within a day."""
    lifetime = certificate.not_valid_after_utc - certificate.not_valid_before_utc
    return not _carries(certificate, VALIDITY_ASSURED) or lifetime <= timedelta(days=1)


@rule("RFC 9608 §4")
def no_revocation_means_none(certificate: x509.Certificate, profile: Profile) -> bool:
    """A certificate without revocation is an end entity's and names no place to ask for it."""
    if not _carries(certificate, NO_REVOCATION_AVAILABLE):
        return True
    return not (profile.is_authority or _has(certificate, x509.CRLDistributionPoints) or _asks_ocsp(certificate))


@rule("EN 319 412-2 §4.4.1")
def status_can_be_found(certificate: x509.Certificate, profile: Profile) -> bool:
    """Unless it is a root, a responder's or short-term, a certificate says where its status is found."""
    exempt = profile.kind is Kind.RESPONDER or profile.short_term or certificate.issuer == certificate.subject
    return exempt or _has(certificate, x509.CRLDistributionPoints) or _asks_ocsp(certificate)


def _has(certificate: x509.Certificate, extension: type[x509.ExtensionType]) -> bool:
    return any(isinstance(each.value, extension) for each in certificate.extensions)


def _carries(certificate: x509.Certificate, oid: x509.ObjectIdentifier) -> bool:
    return any(each.oid == oid for each in certificate.extensions)


def _named(certificate: x509.Certificate) -> set[x509.ObjectIdentifier]:
    return {attribute.oid for attribute in certificate.subject}


def _asks_ocsp(certificate: x509.Certificate) -> bool:
    return any(
        description.access_method == AuthorityInformationAccessOID.OCSP for description in _accesses(certificate)
    )


def _accesses(certificate: x509.Certificate) -> Iterator[x509.AccessDescription]:
    for each in certificate.extensions:
        if isinstance(each.value, x509.AuthorityInformationAccess):
            yield from each.value
