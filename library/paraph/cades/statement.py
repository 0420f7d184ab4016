"""What a signer states together with the value of the signature (EN 319 122-1 §5.1, §5.2, §6.3)."""

import base64
import json
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Self

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from paraph.algorithms import Digest, SignatureAlgorithm
from paraph.cms import DATA, SignerInfo
from paraph.cms.attributes import (
    CONTENT_TYPE,
    MESSAGE_DIGEST,
    SIGNING_TIME,
    algorithm_protection,
    attribute,
    digest_algorithm,
    signature_algorithm,
    signing_certificate,
)
from paraph.errors import InputError
from paraph.formats import asn1

_LAST_SHORT_YEAR = 2049


@dataclass(frozen=True, slots=True)
class Statement:
    """All that is known before the content: it is the state of a pending signature."""

    certificate: x509.Certificate
    chain: tuple[x509.Certificate, ...]
    algorithm: SignatureAlgorithm
    at: datetime
    attached: bool = False
    """Whether the message encloses what is signed."""
    counter: bool = False
    """Whether a signature is signed: that has no content type (RFC 5652 §11.4)."""

    @property
    def certificates(self) -> tuple[bytes, ...]:
        """The signer's and those of the issuers, DER."""
        return tuple(each.public_bytes(Encoding.DER) for each in (self.certificate, *self.chain))

    def signed_attributes(self, message_digest: Digest) -> bytes:
        """What the key signs, as DER `SET OF` (RFC 5652 §5.4)."""
        content_type = () if self.counter else (attribute(CONTENT_TYPE, asn1.oid(DATA)),)
        issuer, serial = self._issuer_and_serial
        return asn1.set_of(
            *content_type,
            attribute(MESSAGE_DIGEST, asn1.octets(message_digest.value)),
            attribute(SIGNING_TIME, _time(self.at)),
            signing_certificate(self.certificates[0], issuer, serial, self.algorithm),
            algorithm_protection(self.algorithm),
        )

    def to_sign(self, message_digest: Digest) -> Digest:
        return self.algorithm.digest(self.signed_attributes(message_digest))

    def signer_info(self, message_digest: Digest, signature: bytes) -> SignerInfo:
        """The same with the value of the signature."""
        return SignerInfo(
            version=asn1.integer(1),
            identifier=asn1.sequence(*self._issuer_and_serial),
            digest_algorithm=digest_algorithm(self.algorithm),
            signed=b"\xa0" + self.signed_attributes(message_digest)[1:],
            signature_algorithm=signature_algorithm(self.algorithm),
            signature=signature,
        )

    @property
    def _issuer_and_serial(self) -> tuple[bytes, bytes]:
        return self.certificate.issuer.public_bytes(), asn1.integer(self.certificate.serial_number)

    def to_bytes(self) -> bytes:
        facts = {
            "certificates": [base64.b64encode(each).decode("ascii") for each in self.certificates],
            "algorithm": self.algorithm.name,
            "at": self.at.isoformat(),
            "attached": self.attached,
            "counter": self.counter,
        }
        return json.dumps(facts).encode("ascii")

    @classmethod
    def from_bytes(cls, data: bytes) -> Self:
        """What `to_bytes` made.

        Raises:
            InputError: it is something else, or damaged.
        """
        try:
            facts = json.loads(data)
            certificate, *chain = (
                x509.load_der_x509_certificate(base64.b64decode(each)) for each in facts["certificates"]
            )
            return cls(
                certificate,
                tuple(chain),
                SignatureAlgorithm[facts["algorithm"]],
                datetime.fromisoformat(facts["at"]),
                attached=facts["attached"] is True,
                counter=facts["counter"] is True,
            )
        except (ValueError, KeyError, TypeError, x509.InvalidVersion) as error:
            raise InputError("This pending signature is damaged; prepare the document again.") from error


def _time(at: datetime) -> bytes:
    """A `Time` in whole seconds (RFC 5652 §11.3)."""
    moment = at.astimezone(UTC)
    if moment.year <= _LAST_SHORT_YEAR:
        return asn1.tlv(asn1.UTC_TIME, f"{moment:%y%m%d%H%M%SZ}".encode("ascii"))
    return asn1.tlv(asn1.GENERALIZED_TIME, f"{moment:%Y%m%d%H%M%SZ}".encode("ascii"))
