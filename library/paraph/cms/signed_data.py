"""`SignedData` that stands already (RFC 5652 §5): read strictly, and added to without touching what was signed.

Each part is kept in the bytes that were read, and nothing is decoded deeper than this structure itself reaches: no
nesting and no size in a hostile message costs more than the message is long.
"""

from dataclasses import dataclass, replace
from typing import Self

from paraph.certs import ValidationData
from paraph.cms.parts import BrokenMessage, Parts, content, inserted
from paraph.cms.signer_info import SignerInfo
from paraph.formats import asn1

_SIGNED_DATA = asn1.oid("1.2.840.113549.1.7.2")
_OCSP_RESPONSE = asn1.oid("1.3.6.1.5.5.7.16.2")  # RFC 5940 §2
_CERTIFICATES, _REVOCATIONS, _EXPLICIT = 0xA0, 0xA1, 0xA0
_OTHER_REVOCATION = 0xA1
_CERTIFICATE_CHOICES = (asn1.SEQUENCE, 0xA0, 0xA1, 0xA2, 0xA3)
_VERSION_WITH_OTHERS = asn1.integer(5)


@dataclass(frozen=True, slots=True)
class SignedData:
    """A signed message; `to_der` gives the bytes that `parse` read, and what was added since."""

    version: bytes
    digest_algorithms: tuple[bytes, ...]
    content_type: bytes
    """The OID of what is signed, DER."""
    content: bytes | None
    """What is enclosed; nothing if the signature is detached."""
    certificate_choices: tuple[bytes, ...]
    """`CertificateChoices`, DER each."""
    revocation_choices: tuple[bytes, ...]
    """`RevocationInfoChoice`s, DER each."""
    signer_infos: tuple[SignerInfo, ...]

    @classmethod
    def parse(cls, der: bytes) -> Self:
        """Read a `ContentInfo` that encloses a `SignedData`.

        Raises:
            BrokenMessage: it is something else, damaged, or not DER.
        """
        outer = Parts.of(der, asn1.SEQUENCE)
        if outer.take(asn1.OID) != _SIGNED_DATA:
            raise BrokenMessage("This is no signature in CMS (SignedData).")
        body = Parts.of(content(outer.take(_EXPLICIT), _EXPLICIT), asn1.SEQUENCE)
        outer.end()
        version, digest_algorithms = body.take(asn1.INTEGER), body.take(asn1.SET)
        content_type, enclosed = _enclosed(body.take(asn1.SEQUENCE))
        certificates, revocations = body.take_if(_CERTIFICATES), body.take_if(_REVOCATIONS)
        signers = body.take(asn1.SET)
        body.end()
        found = cls(
            version,
            Parts.of(digest_algorithms, asn1.SET).rest(asn1.SEQUENCE),
            content_type,
            enclosed,
            Parts.of(certificates, _CERTIFICATES).rest(*_CERTIFICATE_CHOICES) if certificates else (),
            Parts.of(revocations, _REVOCATIONS).rest(asn1.SEQUENCE, _OTHER_REVOCATION) if revocations else (),
            tuple(map(SignerInfo.parse, Parts.of(signers, asn1.SET).rest(asn1.SEQUENCE))),
        )
        _ = found.validation_data  # read once, so that it does not fail later
        return found

    def to_der(self) -> bytes:
        enclosed = b"" if self.content is None else asn1.explicit(0, asn1.octets(self.content))
        signed_data = asn1.sequence(
            self.version,
            asn1.tlv(asn1.SET, *self.digest_algorithms),
            asn1.sequence(self.content_type, enclosed),
            asn1.tlv(_CERTIFICATES, *self.certificate_choices) if self.certificate_choices else b"",
            asn1.tlv(_REVOCATIONS, *self.revocation_choices) if self.revocation_choices else b"",
            asn1.tlv(asn1.SET, *(each.to_der() for each in self.signer_infos)),
        )
        return asn1.sequence(_SIGNED_DATA, asn1.explicit(0, signed_data))

    @property
    def validation_data(self) -> ValidationData:
        """The certificates, lists and OCSP responses that it carries (EN 319 122-1 §5.5.1)."""
        choices = self.revocation_choices
        others = (_response(each) for each in choices if each[0] == _OTHER_REVOCATION)
        return ValidationData(
            tuple(dict.fromkeys(each for each in self.certificate_choices if each[0] == asn1.SEQUENCE)),
            tuple(dict.fromkeys(each for each in choices if each[0] == asn1.SEQUENCE)),
            tuple(dict.fromkeys(each for each in others if each)),
        )

    def carrying(self, data: ValidationData) -> Self:
        """The same with more validation data; what is there already is not added again."""
        missing = data - self.validation_data
        responses = [asn1.tlv(_OTHER_REVOCATION, _OCSP_RESPONSE, each) for each in missing.ocsps]
        return replace(
            self,
            version=max(self.version, _VERSION_WITH_OTHERS) if responses else self.version,
            certificate_choices=inserted(self.certificate_choices, missing.certificates),
            revocation_choices=inserted(self.revocation_choices, (*missing.crls, *responses)),
        )

    def with_signer(self, place: int, signer: SignerInfo) -> Self:
        """The same with more beside one of the signatures."""
        signers = list(self.signer_infos)
        signers[place] = signer
        return replace(self, signer_infos=tuple(signers))


def _enclosed(encoded: bytes) -> tuple[bytes, bytes | None]:
    """`EncapsulatedContentInfo` (RFC 5652 §5.2)."""
    parts = Parts.of(encoded, asn1.SEQUENCE)
    content_type, wrapped = parts.take(asn1.OID), parts.take_if(_EXPLICIT)
    parts.end()
    return content_type, content(content(wrapped, _EXPLICIT), asn1.OCTET_STRING) if wrapped else None


def _response(choice: bytes) -> bytes:
    """The OCSP response in an `OtherRevocationInfoFormat`, if there is one."""
    parts = Parts.of(choice, _OTHER_REVOCATION)
    kind, other = parts.take(asn1.OID), parts.take()
    parts.end()
    return other if kind == _OCSP_RESPONSE else b""
