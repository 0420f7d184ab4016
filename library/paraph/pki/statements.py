"""What a certificate states of itself when it is qualified (EN 319 412-5 §4)."""

from collections.abc import Mapping
from enum import StrEnum

from paraph.errors import InputError
from paraph.formats import asn1

_IA5 = 0x16
_LETTERS = 2  # of a language's code, ISO 639-1


class Type(StrEnum):
    """What a qualified certificate is for (§4.2.3)."""

    SIGNATURE = "0.4.0.1862.1.6.1"
    SEAL = "0.4.0.1862.1.6.2"


def qualified(kind: Type, *, disclosure: Mapping[str, str], on_device: bool) -> tuple[bytes, ...]:
    """The statements of an EU qualified certificate.

    Args:
        kind: for signatures or for seals.
        disclosure: addresses (https) of the PKI disclosure statement by language, English among them (§4.3.4).
        on_device: whether the private key lives in a qualified device (§4.2.2).

    Raises:
        InputError: an address is not https, or there is none in English.
    """
    compliance = asn1.sequence(asn1.oid("0.4.0.1862.1.1"))
    device = asn1.sequence(asn1.oid("0.4.0.1862.1.4"))
    purpose = asn1.sequence(asn1.oid("0.4.0.1862.1.6"), asn1.sequence(asn1.oid(kind.value)))
    return (compliance, *([device] if on_device else []), purpose, _disclosure(disclosure))


def retained(years: int) -> bytes:
    """How long after the certificate's end its registration is kept (§4.3.3).

    Raises:
        InputError: not a number of years.
    """
    if years < 0:
        raise InputError("A retention period is a number of years.")
    return asn1.sequence(asn1.oid("0.4.0.1862.1.3"), asn1.integer(years))


def _disclosure(addresses: Mapping[str, str]) -> bytes:
    if "en" not in addresses:
        raise InputError("The disclosure statement of a qualified certificate must be there in English (en).")
    return asn1.sequence(asn1.oid("0.4.0.1862.1.5"), asn1.sequence(*[_location(*each) for each in addresses.items()]))


def _location(language: str, address: str) -> bytes:
    if not (address.startswith("https://") and address.isascii() and address.isprintable()):
        raise InputError(f"The disclosure statement must lie at an https address: {address}.")
    if not (len(language) == _LETTERS and language.isascii() and language.islower()):
        raise InputError(f"This is not a code of a language: {language}.")
    return asn1.sequence(asn1.tlv(_IA5, address.encode()), asn1.tlv(asn1.PRINTABLE, language.encode()))
