"""Whom a certificate names (EN 319 412-2 §4.2.4, EN 319 412-3 §4.2.1)."""

import re
from dataclasses import dataclass
from functools import lru_cache

from cryptography import x509
from cryptography.x509.oid import NameOID

from paraph.errors import InputError
from paraph.formats import asn1

Attribute = tuple[x509.ObjectIdentifier, str]

_LONGEST = 64
"""Characters; RFC 5280 appendix A.1, the upper bounds of X.520."""
_PRINTABLE = {NameOID.COUNTRY_NAME, NameOID.SERIAL_NUMBER}
_PRINTABLE_STRING = re.compile(r"[A-Za-z0-9 '()+,./:=?-]*")
"""X.680 §41.4; RFC 5280 appendix A.1 wants it of these two, and it has no underscore."""
_MAILBOX = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]+@[A-Za-z0-9.-]+")
"""RFC 5321 §4.1.2 without quotes and address literals; RFC 5280 §4.2.1.6 has no other letters."""


@dataclass(frozen=True, slots=True)
class PersonSubject:
    """A natural person. `serial_number` tells two of the same name apart; it need not mean anything."""

    given_name: str
    surname: str
    country: str
    serial_number: str
    email: str | None = None

    @property
    def attributes(self) -> tuple[Attribute, ...]:
        return (
            (NameOID.COUNTRY_NAME, self.country),
            (NameOID.GIVEN_NAME, self.given_name),
            (NameOID.SURNAME, self.surname),
            (NameOID.COMMON_NAME, _common(f"{self.given_name} {self.surname}")),
            (NameOID.SERIAL_NUMBER, self.serial_number),
        )


@dataclass(frozen=True, slots=True)
class AgentSubject:
    """A natural person who acts for an organisation (EN 319 412-2 §4.2.4: both are named, and so are associated)."""

    person: PersonSubject
    organization: str
    identifier: str
    """As EN 319 412-1 §5.1.4 writes it: `NTRFR-123456789`."""

    @property
    def email(self) -> str | None:
        return self.person.email

    @property
    def attributes(self) -> tuple[Attribute, ...]:
        country, *names = self.person.attributes
        organization = (NameOID.ORGANIZATION_NAME, self.organization)
        return (country, organization, (NameOID.ORGANIZATION_IDENTIFIER, self.identifier), *names)


@dataclass(frozen=True, slots=True)
class LegalSubject:
    """A legal person or a service of one; `identifier` as EN 319 412-1 §5.1.4 writes it: `NTRFR-123456789`."""

    name: str
    country: str
    identifier: str
    organization: str | None = None
    """When the certificate is named for a service: whose it is."""
    email: None = None

    @property
    def attributes(self) -> tuple[Attribute, ...]:
        return (
            (NameOID.COUNTRY_NAME, self.country),
            (NameOID.ORGANIZATION_NAME, self.organization or self.name),
            (NameOID.ORGANIZATION_IDENTIFIER, self.identifier),
            (NameOID.COMMON_NAME, self.name if self.organization else _common(self.name)),
        )


Subject = PersonSubject | AgentSubject | LegalSubject


def named(attributes: tuple[Attribute, ...]) -> bytes:
    """A distinguished name in DER, each attribute in an RDN of its own.

    Raises:
        InputError: an attribute is empty, too long, or has characters that a certificate cannot hold.
    """
    return asn1.sequence(*[_relative_name(kind, value) for kind, value in attributes])


def mailbox(subject: Subject) -> str | None:
    """The subject's e-mail address, where a certificate can hold it."""
    return subject.email if subject.email and _MAILBOX.fullmatch(subject.email) else None


def _common(name: str) -> str:
    """A common name, cut where it is too long: it stands whole in the other attributes.

    X.520 counts characters, `cryptography` bytes, and a Greek name has twice as many of those.
    """
    return name.encode()[:_LONGEST].decode(errors="ignore").strip()


def _relative_name(kind: x509.ObjectIdentifier, value: str) -> bytes:
    """One attribute as SET { SEQUENCE { type, value } }."""
    encoded = _checked(kind, value)
    return _opening(kind, len(encoded)) + encoded


@lru_cache(maxsize=1024)
def _opening(kind: x509.ObjectIdentifier, length: int) -> bytes:
    """All of an attribute that stands before its value; the same lengths come again and again."""
    tag = asn1.PRINTABLE if kind in _PRINTABLE else asn1.UTF8
    whole = asn1.tlv(asn1.SET, asn1.sequence(asn1.oid(kind.dotted_string), asn1.tlv(tag, bytes(length))))
    return whole[: len(whole) - length]


def _checked(kind: x509.ObjectIdentifier, value: str) -> bytes:
    """The value in UTF-8, once it is known to fit."""
    if not value.isprintable() or not value or value.isspace():
        raise InputError(f"The certificate’s {_called(kind)} is empty or has unprintable characters.")
    encoded = value.encode()  # surrogates, which have no encoding, are not printable
    if len(encoded) > _LONGEST and (kind == NameOID.COMMON_NAME or len(value) > _LONGEST):
        raise InputError(f"The certificate’s {_called(kind)} is longer than {_LONGEST} characters: {value}.")
    if kind in _PRINTABLE:
        _check_printable(kind, value)
    return encoded


def _check_printable(kind: x509.ObjectIdentifier, value: str) -> None:
    if not _PRINTABLE_STRING.fullmatch(value):
        raise InputError(f"The certificate’s {_called(kind)} has characters that it cannot hold: {value}.")
    if kind == NameOID.COUNTRY_NAME and not (len(value) == 2 and value.isalpha() and value.isupper()):  # noqa: PLR2004  ISO 3166-1 alpha-2
        raise InputError(f"The certificate’s {_called(kind)} is not a code of two letters: {value}.")


def _called(kind: x509.ObjectIdentifier) -> str:
    return kind._name  # noqa: SLF001  its only readable name
