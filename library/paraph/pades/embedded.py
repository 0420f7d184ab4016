"""The signatures and time-stamps in a document, as they stand there."""

from dataclasses import dataclass
from datetime import datetime
from typing import Self

import pikepdf
from asn1crypto import cms, core, parser, x509

from paraph import timestamps
from paraph.pades.fields import Filled, signatures


@dataclass(frozen=True, slots=True)
class Embedded:
    """A signature, or a document time-stamp. What pikepdf and asn1crypto raise on broken ones passes through."""

    field: str
    is_timestamp: bool
    claimed: str
    """The date in its dictionary."""
    reason: str
    """`/Reason` in its dictionary."""
    contents: cms.SignedData
    encoded: bytes
    """The signed message without the zeros behind it, DER."""
    end: int
    """Where its second byte range ends; -1 when the ranges are of no sound shape."""

    @classmethod
    def of(cls, field: Filled, encrypted: bytes | None) -> Self:
        first, length, second, rest = (int(number) for number in field.value["/ByteRange"])
        sound = first == 0 <= length < second and rest >= 0
        contents = bytes(field.value["/Contents"])
        if sound and encrypted:  # qpdf decrypts what was never encrypted, but for `/Type /Sig` (ISO 32000-2 §7.6.2)
            contents = bytes.fromhex(encrypted[length + 1 : second - 1].decode("ascii"))
        message = cms.ContentInfo.load(contents)
        if message["content_type"].native != "signed_data" or len(message["content"]["signer_infos"]) != 1:
            raise ValueError("not one signer's signed data")
        return cls(
            field.name,
            field.value.get("/SubFilter") == pikepdf.Name("/ETSI.RFC3161"),
            str(field.value.get("/M", "")),
            str(field.value.get("/Reason", "")),
            message["content"],
            contents[: parser.peek(contents)],
            second + rest if sound else -1,
        )

    @property
    def signer(self) -> cms.SignerInfo:
        signer: cms.SignerInfo = self.contents["signer_infos"][0]
        return signer

    @property
    def certificates(self) -> list[bytes]:
        """All that it carries, DER."""
        return [choice.chosen.dump() for choice in self.contents["certificates"] or () if choice.name == "certificate"]

    @property
    def certificate(self) -> bytes:
        """The certificate that the signer's identifier names, DER."""
        for encoded in self.certificates:
            if _names(self.signer["sid"].chosen, x509.Certificate.load(encoded)):
                return encoded
        raise ValueError("a signature without its certificate")

    @property
    def tokens(self) -> list[bytes]:
        """The time-stamps over the signature's value; a document time-stamp's only token is itself."""
        if self.is_timestamp:
            return [self.encoded]
        return [
            token.dump()
            for attribute in self.signer["unsigned_attrs"] or ()
            if attribute["type"].native == "signature_time_stamp_token"
            for token in attribute["values"]
        ]

    @property
    def times(self) -> list[datetime]:
        """What its tokens say; raises `BrokenToken` where one says nothing."""
        return [timestamps.time_of(token) for token in self.tokens]


def embedded(pdf: pikepdf.Pdf, document: bytes) -> list[Embedded]:
    """All of them, in the order of the form; `document` is what was opened."""
    return [Embedded.of(field, document if pdf.is_encrypted else None) for field in signatures(pdf)]


def _names(identifier: cms.IssuerAndSerialNumber | core.OctetString, certificate: x509.Certificate) -> bool:
    if isinstance(identifier, cms.IssuerAndSerialNumber):
        same_serial = identifier["serial_number"].native == certificate.serial_number
        return bool(same_serial and identifier["issuer"] == certificate.issuer)
    return bool(identifier.native == certificate.key_identifier)
