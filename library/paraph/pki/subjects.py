"""Whom a certificate names (EN 319 412-2 §4.2.4, EN 319 412-3 §4.2.1)."""

import re
from dataclasses import dataclass

from cryptography import x509
from cryptography.x509.oid import NameOID

from paraph.errors import InputError

_LONGEST = 64
"""Characters; RFC 5280 appendix A.1, the upper bounds of X.520."""
_PRINTABLE = {NameOID.COUNTRY_NAME, NameOID.SERIAL_NUMBER}
_PRINTABLE_STRING = re.compile(r"[A-Za-z0-9 '()+,./:=?-]*")
"""X.680 §41.4; RFC 5280 appendix A.1 wants it of these two, and it has no underscore."""


@dataclass(frozen=True, slots=True)
class PersonSubject:
    """A natural person. `serial_number` tells two of the same name apart; it need not mean anything."""

    given_name: str
    surname: str
    country: str
    serial_number: str
    email: str | None = None

    @property
    def distinguished_name(self) -> x509.Name:
        return _name(
            (NameOID.COUNTRY_NAME, self.country),
            (NameOID.GIVEN_NAME, self.given_name),
            (NameOID.SURNAME, self.surname),
            (NameOID.COMMON_NAME, _common(f"{self.given_name} {self.surname}")),
            (NameOID.SERIAL_NUMBER, self.serial_number),
        )


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
    def distinguished_name(self) -> x509.Name:
        return _name(
            (NameOID.COUNTRY_NAME, self.country),
            (NameOID.ORGANIZATION_NAME, self.organization or self.name),
            (NameOID.ORGANIZATION_IDENTIFIER, self.identifier),
            (NameOID.COMMON_NAME, self.name if self.organization else _common(self.name)),
        )


Subject = PersonSubject | LegalSubject


def _common(name: str) -> str:
    """A common name, cut where it is too long: it stands whole in the other attributes.

    X.520 counts characters, `cryptography` bytes, and a Greek name has twice as many of those.
    """
    return name.encode()[:_LONGEST].decode(errors="ignore").strip()


def _name(*attributes: tuple[x509.ObjectIdentifier, str]) -> x509.Name:
    """A distinguished name, each attribute in an RDN of its own.

    Raises:
        InputError: an attribute is empty, too long, or has characters that a certificate cannot hold.
    """
    for kind, value in attributes:
        if not value.strip() or not value.isprintable():
            raise InputError(f"The certificate’s {kind._name} is empty or has unprintable characters.")  # noqa: SLF001  its only readable name
        if kind in _PRINTABLE and not _PRINTABLE_STRING.fullmatch(value):
            raise InputError(f"The certificate’s {kind._name} has characters that it cannot hold: {value}.")  # noqa: SLF001  as above
        if len(value) > _LONGEST:
            raise InputError(f"The certificate’s {kind._name} is longer than {_LONGEST} characters: {value}.")  # noqa: SLF001  as above
    try:
        return x509.Name([x509.NameAttribute(kind, value) for kind, value in attributes])
    except ValueError as error:
        raise InputError(f"The certificate cannot name this subject: {error}") from None
