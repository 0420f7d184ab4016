"""What a signer states together with the value of the signature (EN 319 132-1 §5.2, §6.3)."""

import base64
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Self

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from paraph.algorithms import Digest, SignatureAlgorithm
from paraph.cms.attributes import issuer_serial
from paraph.errors import InputError
from paraph.formats import asn1, xml
from paraph.formats.xml import Element
from paraph.xades import names
from paraph.xades.data import DataObject
from paraph.xades.names import SIGNATURE_ALGORITHMS, ds, xades


@dataclass(frozen=True, slots=True)
class Statement:
    """All that is known before the content: it is the state of a pending signature."""

    certificate: x509.Certificate
    chain: tuple[x509.Certificate, ...]
    algorithm: SignatureAlgorithm
    at: datetime
    id: str
    enveloping: bool = False

    @classmethod
    def new(
        cls,
        certificate: x509.Certificate,
        chain: Sequence[x509.Certificate],
        at: datetime,
        document: Digest,
        *,
        algorithm: SignatureAlgorithm | None = None,
        enveloping: bool = False,
    ) -> Self:
        """With an identifier that nothing else in the document has, and that is the same when it is made again.

        Raises:
            WeakAlgorithm: the key is no longer acceptable.
        """
        algorithm = algorithm or SignatureAlgorithm.for_key(certificate.public_key())
        whole = b"".join((document.value, certificate.public_bytes(Encoding.DER), at.isoformat().encode("ascii")))
        return cls(certificate, tuple(chain), algorithm, at, f"id-{Digest.of(whole).hex[:32]}", enveloping)

    def signature(self, objects: Sequence[DataObject]) -> Element:
        """A `ds:Signature` that lacks its value and the digests of its references."""
        references = [each.reference(self._reference(place)) for place, each in enumerate(objects)]
        signed_properties = DataObject(
            f"#xades-{self.id}", "", kind=names.SIGNED_PROPERTIES, transforms=(xml.EXCLUSIVE,)
        )
        for reference in (*references, own := signed_properties.reference(None)):
            reference.append(ds.DigestMethod(Algorithm=xml.DIGESTS[self.algorithm.hash]))
            reference.append(ds.DigestValue())
        return ds.Signature(
            ds.SignedInfo(
                ds.CanonicalizationMethod(Algorithm=xml.EXCLUSIVE),
                ds.SignatureMethod(Algorithm=SIGNATURE_ALGORITHMS[self.algorithm]),
                *references,
                own,
            ),
            ds.SignatureValue(Id=f"value-{self.id}"),
            ds.KeyInfo(ds.X509Data(*(ds.X509Certificate(names.base64(each)) for each in self._certificates))),
            *(each.enclosed for each in objects if each.enclosed is not None),
            ds.Object(xades.QualifyingProperties(self._signed_properties(objects), Target=f"#{self.id}")),
            Id=self.id,
        )

    def _signed_properties(self, objects: Sequence[DataObject]) -> Element:
        formats = [
            xades.DataObjectFormat(xades.MimeType(each.media_type), ObjectReference=f"#{self._reference(place)}")
            for place, each in enumerate(objects)
            if each.media_type
        ]
        return xades.SignedProperties(
            xades.SignedSignatureProperties(
                xades.SigningTime(self.at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")),
                xades.SigningCertificateV2(self._signing_certificate()),
            ),
            *([xades.SignedDataObjectProperties(*formats)] if formats else []),
            Id=f"xades-{self.id}",
        )

    def _signing_certificate(self) -> Element:
        issuer, serial = self.certificate.issuer.public_bytes(), asn1.integer(self.certificate.serial_number)
        digest = Digest.of(self._certificates[0], self.algorithm.hash)
        return xades.Cert(
            xades.CertDigest(
                ds.DigestMethod(Algorithm=xml.DIGESTS[digest.algorithm]), ds.DigestValue(names.base64(digest.value))
            ),
            xades.IssuerSerialV2(names.base64(issuer_serial(issuer, serial))),
        )

    @property
    def _certificates(self) -> tuple[bytes, ...]:
        return tuple(each.public_bytes(Encoding.DER) for each in (self.certificate, *self.chain))

    def _reference(self, place: int) -> str:
        return f"r-{self.id}-{place + 1}"

    def to_bytes(self) -> bytes:
        facts = {
            "certificates": [names.base64(each) for each in self._certificates],
            "algorithm": self.algorithm.name,
            "at": self.at.isoformat(),
            "id": self.id,
            "enveloping": self.enveloping,
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
                str(facts["id"]),
                enveloping=facts["enveloping"] is True,
            )
        except (ValueError, KeyError, TypeError, x509.InvalidVersion) as error:
            raise InputError("This pending signature is damaged; prepare the document again.") from error
