"""Distinguished names for people to read."""

from cryptography import x509
from cryptography.x509.oid import NameOID

_WORDS = {
    NameOID.GIVEN_NAME: "GN",
    NameOID.SURNAME: "SN",
    NameOID.SERIAL_NUMBER: "serialNumber",
    NameOID.ORGANIZATION_IDENTIFIER: "organizationIdentifier",
}


def readable(name: x509.Name) -> str:
    """As RFC 4514 writes it, but with words for what that has only numbers for."""
    return name.rfc4514_string(_WORDS)
