"""Whom a certificate names (EN 319 412-2 §4.2.4, EN 319 412-3 §4.2.1)."""

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import ClassVar

from cryptography import x509
from cryptography.x509.oid import NameOID

from paraph.errors import InputError
from paraph.formats import asn1

Names = tuple[x509.ObjectIdentifier, ...]

_LONGEST = 64
"""Characters; RFC 5280 appendix A.1, the upper bounds of X.520."""
_COUNTRY = re.compile("[A-Z]{2}")
"""ISO 3166-1 alpha-2."""
_PRINTABLE = {NameOID.COUNTRY_NAME, NameOID.SERIAL_NUMBER}
_PRINTABLE_STRING = re.compile(r"[A-Za-z0-9 '()+,./:=?-]*")
"""X.680 §41.4; RFC 5280 appendix A.1 wants it of these two, and it has no underscore."""
_PLAIN = re.compile(r"[A-Z]{2}\0(?:[^\0 ][^\0]*+\0)*+[A-Za-z0-9'()+,./:=?-][A-Za-z0-9 '()+,./:=?-]*+")
"""What need not be looked at one by one: the country is the first; of a person, the serial number is the last."""
_MAILBOX = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]+@[A-Za-z0-9.-]+")
"""RFC 5321 §4.1.2 without quotes and address literals; RFC 5280 §4.2.1.6 has no other letters."""


@dataclass(frozen=True, slots=True)
class PersonSubject:
    """A natural person. `serial_number` tells two of the same name apart; it need not mean anything."""

    names: ClassVar[Names] = (
        NameOID.COUNTRY_NAME,
        NameOID.GIVEN_NAME,
        NameOID.SURNAME,
        NameOID.COMMON_NAME,
        NameOID.SERIAL_NUMBER,
    )
    given_name: str
    surname: str
    country: str
    serial_number: str
    email: str | None = None

    @property
    def values(self) -> tuple[str, ...]:
        common = _common(f"{self.given_name} {self.surname}")
        return (self.country, self.given_name, self.surname, common, self.serial_number)


@dataclass(frozen=True, slots=True)
class AgentSubject:
    """A natural person who acts for an organisation (EN 319 412-2 §4.2.4: both are named, and so are associated)."""

    names: ClassVar[Names] = (
        NameOID.COUNTRY_NAME,
        NameOID.ORGANIZATION_NAME,
        NameOID.ORGANIZATION_IDENTIFIER,
        *PersonSubject.names[1:],
    )
    person: PersonSubject
    organization: str
    identifier: str
    """As EN 319 412-1 §5.1.4 writes it: `NTRFR-123456789`."""

    @property
    def email(self) -> str | None:
        return self.person.email

    @property
    def values(self) -> tuple[str, ...]:
        country, *person = self.person.values
        return (country, self.organization, self.identifier, *person)


@dataclass(frozen=True, slots=True)
class LegalSubject:
    """A legal person or a service of one; `identifier` as EN 319 412-1 §5.1.4 writes it: `NTRFR-123456789`."""

    names: ClassVar[Names] = (
        NameOID.COUNTRY_NAME,
        NameOID.ORGANIZATION_NAME,
        NameOID.ORGANIZATION_IDENTIFIER,
        NameOID.COMMON_NAME,
    )
    name: str
    country: str
    identifier: str
    organization: str | None = None
    """When the certificate is named for a service: whose it is."""
    email: None = None

    @property
    def values(self) -> tuple[str, ...]:
        common = self.name if self.organization else _common(self.name)
        return (self.country, self.organization or self.name, self.identifier, common)


Subject = PersonSubject | AgentSubject | LegalSubject


def named(subject: Subject) -> bytes:
    """A subject's distinguished name in DER, each attribute in an RDN of its own.

    Raises:
        InputError: an attribute is empty, too long, or has characters that a certificate cannot hold.
    """
    values = subject.values
    text = "\0".join(values)
    # Neither NUL nor surrogates, which have no encoding, are printable.
    encoded = text.encode("utf-8", "replace").split(b"\0")
    lengths = tuple(map(len, encoded))
    if max(lengths) > _LONGEST or not "".join(values).isprintable() or not _PLAIN.fullmatch(text):
        for kind, value in zip(subject.names, values, strict=True):
            _check(kind, value)
    return _frame(type(subject), lengths) % tuple(encoded)  # type: ignore[arg-type]  # mypy knows no hash of a type


def mailbox(subject: Subject) -> str | None:
    """The subject's e-mail address, where a certificate can hold it."""
    return subject.email if subject.email and _MAILBOX.fullmatch(subject.email) else None


def _common(name: str) -> str:
    """A common name, cut where it is too long: it stands whole in the other attributes.

    X.520 counts characters, `cryptography` bytes, and a Greek name has twice as many of those.
    """
    return name.encode(errors="replace")[:_LONGEST].decode(errors="ignore").strip()


@lru_cache(maxsize=1024)
def _frame(kind: type[Subject], lengths: tuple[int, ...]) -> bytes:
    """A name with places for its values, each attribute being SET { SEQUENCE { type, value } }."""
    first, *others = map(_opening, kind.names, lengths)
    size = len(first) + sum(map(len, others)) + sum(lengths)
    return asn1.template(asn1.header(asn1.SEQUENCE, size) + first, *others, b"")


def _opening(kind: x509.ObjectIdentifier, length: int) -> bytes:
    tag = asn1.PRINTABLE if kind in _PRINTABLE else asn1.UTF8
    whole = asn1.tlv(asn1.SET, asn1.sequence(asn1.oid(kind.dotted_string), asn1.tlv(tag, bytes(length))))
    return whole[: len(whole) - length]


def _check(kind: x509.ObjectIdentifier, value: str) -> None:
    """Raises `InputError` where a certificate cannot hold a value."""
    if not value.isprintable() or not value.strip():
        raise InputError(f"The certificate’s {_called(kind)} is empty or has unprintable characters.")
    if len(value) > _LONGEST or (kind == NameOID.COMMON_NAME and len(value.encode()) > _LONGEST):
        raise InputError(f"The certificate’s {_called(kind)} is longer than {_LONGEST} characters: {value}.")
    if kind in _PRINTABLE and not _PRINTABLE_STRING.fullmatch(value):
        raise InputError(f"The certificate’s {_called(kind)} has characters that it cannot hold: {value}.")
    if kind == NameOID.COUNTRY_NAME and not _COUNTRY.fullmatch(value):
        raise InputError(f"The certificate’s {_called(kind)} is not a code of two letters: {value}.")


def _called(kind: x509.ObjectIdentifier) -> str:
    return kind._name  # noqa: SLF001  its only readable name
