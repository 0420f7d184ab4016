"""`SignerInfo` that stands already (RFC 5652 §5.3): who signed, with which value, and what was put beside it since."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Self

from asn1crypto.core import ObjectIdentifier
from cryptography import x509

from paraph.algorithms import Digest, Hash
from paraph.certs import parsed
from paraph.cms.attributes import SIGNING_CERTIFICATE_V2
from paraph.cms.parts import BrokenMessage, Parts, content, inserted
from paraph.formats import asn1

_SIGNED, _UNSIGNED, _KEY_IDENTIFIER, _VERSION = 0xA0, 0xA1, 0x80, 0xA0
_LONGEST_OID = 32


@dataclass(frozen=True, slots=True)
class Attribute:
    """An `Attribute`: its kind and its values."""

    kind: bytes
    """The OID, DER."""
    values: tuple[bytes, ...]
    """DER each."""

    @classmethod
    def parse(cls, encoded: bytes) -> Self:
        parts = Parts.of(encoded, asn1.SEQUENCE)
        kind, values = parts.take(asn1.OID), Parts.of(parts.take(asn1.SET), asn1.SET).rest()
        parts.end()
        return cls(kind, values)

    def to_der(self) -> bytes:
        return asn1.sequence(self.kind, asn1.tlv(asn1.SET, *self.values))


@dataclass(frozen=True, slots=True)
class SignerInfo:
    """One signer's part of a message; all but the attributes that nobody signed stays as it is."""

    version: bytes
    identifier: bytes
    digest_algorithm: bytes
    signed: bytes
    """The signed attributes as they stand in the message, under their context tag; nothing if there are none."""
    signature_algorithm: bytes
    signature: bytes
    unsigned: tuple[Attribute, ...] = ()

    @classmethod
    def parse(cls, encoded: bytes) -> Self:
        """Read it.

        Raises:
            BrokenMessage: it is something else, or damaged.
        """
        parts = Parts.of(encoded, asn1.SEQUENCE)
        found = cls(
            version=parts.take(asn1.INTEGER),
            identifier=parts.take(asn1.SEQUENCE, _KEY_IDENTIFIER),
            digest_algorithm=parts.take(asn1.SEQUENCE),
            signed=parts.take_if(_SIGNED),
            signature_algorithm=parts.take(asn1.SEQUENCE),
            signature=content(parts.take(asn1.OCTET_STRING), asn1.OCTET_STRING),
            unsigned=_attributes(parts.take_if(_UNSIGNED), _UNSIGNED),
        )
        parts.end()
        kinds = [each.kind for each in _attributes(found.signed, _SIGNED)]
        if len(set(kinds)) != len(kinds):
            raise BrokenMessage("A signed attribute stands twice.")
        return found

    def to_der(self) -> bytes:
        unsigned = asn1.tlv(_UNSIGNED, *(each.to_der() for each in self.unsigned)) if self.unsigned else b""
        return asn1.sequence(*self.signed_fields, unsigned)

    @property
    def signed_fields(self) -> tuple[bytes, ...]:
        """Everything up to the signature, which an archive time-stamp covers (EN 319 122-1 §5.5.3)."""
        head = (self.version, self.identifier, self.digest_algorithm, self.signed, self.signature_algorithm)
        return (*head, asn1.octets(self.signature))

    @property
    def signed_attributes(self) -> bytes:
        """What the key signed, as DER `SET OF` (RFC 5652 §5.4)."""
        return asn1.tlv(asn1.SET, content(self.signed, _SIGNED))

    @property
    def hash(self) -> Hash:
        """That of the message digest.

        Raises:
            WeakAlgorithm: it is no longer accepted.
        """
        return hash_of(self.digest_algorithm)

    def signed_value(self, kind: bytes) -> bytes | None:
        """The one value of a signed attribute, DER.

        Raises:
            BrokenMessage: it has several.
        """
        for attribute in _attributes(self.signed, _SIGNED):
            if attribute.kind == kind:
                (value, *others) = attribute.values or (b"",)
                if others or not value:
                    raise BrokenMessage("A signed attribute has not exactly one value.")
                return value
        return None

    def unsigned_values(self, kind: bytes) -> tuple[bytes, ...]:
        """The values of all unsigned attributes of a kind, DER each."""
        return tuple(value for each in self.unsigned if each.kind == kind for value in each.values)

    def adding(self, kind: bytes, value: bytes) -> Self:
        """The same with one more unsigned attribute."""
        return self._with(inserted((each.to_der() for each in self.unsigned), (Attribute(kind, (value,)).to_der(),)))

    def exchanging(self, kind: bytes, old: bytes, new: bytes) -> Self:
        """The same with one value of an unsigned attribute in place of another."""
        changed = [
            replace(each, values=tuple(new if value == old else value for value in each.values))
            if each.kind == kind
            else each
            for each in self.unsigned
        ]
        return self._with(sorted(each.to_der() for each in changed))

    def _with(self, unsigned: Iterable[bytes]) -> Self:
        return replace(self, unsigned=tuple(map(Attribute.parse, unsigned)))

    def certificate(self, carried: Iterable[bytes]) -> bytes:
        """The certificate among those carried that the signer named, by name or key and, if he did, by digest, DER.

        Raises:
            BrokenMessage: it is not there.
        """
        digest = self._certificate_digest()
        for each in carried:
            if self._names(each) and (digest is None or Digest.of(each, digest.algorithm) == digest):
                return each
        raise BrokenMessage("The signer’s certificate is missing.")

    def _names(self, certificate: bytes) -> bool:
        if self.identifier[0] != _KEY_IDENTIFIER:
            return Parts.of(self.identifier, asn1.SEQUENCE).rest() == _issuer_and_serial(certificate)
        try:
            found = parsed(certificate).extensions
            key = found.get_extension_for_class(x509.SubjectKeyIdentifier).value.digest
        except (ValueError, x509.ExtensionNotFound):
            return False
        return key == content(self.identifier, _KEY_IDENTIFIER)

    def _certificate_digest(self) -> Digest | None:
        """What signing-certificate-v2 says of the first certificate, the signer's (RFC 5035 §3)."""
        value = self.signed_value(SIGNING_CERTIFICATE_V2)
        if value is None:
            return None
        identifiers = Parts.of(Parts.of(value, asn1.SEQUENCE).take(asn1.SEQUENCE), asn1.SEQUENCE)
        first = Parts.of(identifiers.take(asn1.SEQUENCE), asn1.SEQUENCE)
        algorithm = hash_of(first.take(asn1.SEQUENCE)) if first.next_is(asn1.SEQUENCE) else Hash.SHA256
        return Digest(algorithm, content(first.take(asn1.OCTET_STRING), asn1.OCTET_STRING))


def _attributes(encoded: bytes, tag: int) -> tuple[Attribute, ...]:
    return tuple(map(Attribute.parse, Parts.of(encoded, tag).rest())) if encoded else ()


def _issuer_and_serial(certificate: bytes) -> tuple[bytes, bytes]:
    """Both in their own bytes (RFC 5280 §4.1)."""
    signed = Parts.of(Parts.of(certificate, asn1.SEQUENCE).take(asn1.SEQUENCE), asn1.SEQUENCE)
    signed.take_if(_VERSION)
    serial = signed.take(asn1.INTEGER)
    signed.take(asn1.SEQUENCE)
    return signed.take(asn1.SEQUENCE), serial


def hash_of(algorithm: bytes) -> Hash:
    """What an `AlgorithmIdentifier` names.

    Raises:
        WeakAlgorithm: it is not accepted.
    """
    identifier = Parts.of(algorithm, asn1.SEQUENCE).take(asn1.OID)
    if len(identifier) > _LONGEST_OID:
        raise BrokenMessage("An algorithm has no sensible name.")
    return Hash.from_oid(ObjectIdentifier.load(identifier).dotted)
