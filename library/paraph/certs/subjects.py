"""Of whom validation data speak: names alone are compared here, and nothing is verified."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Self

from cryptography import x509
from cryptography.x509 import ocsp

from paraph.certs.read import BROKEN
from paraph.certs.status import needs_none
from paraph.certs.validation_data import ValidationData


@dataclass(frozen=True, slots=True)
class Subjects:
    """Those whose standing is told by the revocation lists and OCSP responses of some validation data."""

    serials: frozenset[int]
    """Of the certificates about which a responder was asked."""
    issuers: frozenset[x509.Name]
    """Those who wrote a list."""

    @classmethod
    def of(cls, data: ValidationData) -> Self:
        """What cannot be read speaks of nobody."""
        return cls(
            frozenset(serial for each in data.ocsps for serial in _asked(each)),
            frozenset(issuer for each in data.crls for issuer in _issuer(each)),
        )

    def include(self, certificate: x509.Certificate) -> bool:
        """Whether they tell of this certificate, or nothing need be told of it and they tell of others."""
        if not (self.serials or self.issuers):
            return False
        is_told = certificate.serial_number in self.serials or certificate.issuer in self.issuers
        return is_told or needs_none(certificate) or certificate.issuer == certificate.subject


def _asked(response: bytes) -> Iterator[int]:
    try:
        yield from (each.serial_number for each in ocsp.load_der_ocsp_response(response).responses)
    except BROKEN:
        return


def _issuer(crl: bytes) -> Iterator[x509.Name]:
    try:
        yield x509.load_der_x509_crl(crl).issuer
    except BROKEN:
        return
