"""A signature as it stands in its document, with what was put beside it."""

import binascii
from base64 import b64decode
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from paraph import timestamps
from paraph.algorithms import Digest, Hash
from paraph.certs import ValidationData
from paraph.errors import BrokenDocument
from paraph.formats import xml
from paraph.formats.xml import Element
from paraph.xades.names import PATHS, SIGNATURE, XADES, XADES_141, xades

ARCHIVE_TIMESTAMP = f"{{{XADES_141}}}ArchiveTimeStamp"
SIGNATURE_TIMESTAMP = f"{{{XADES}}}SignatureTimeStamp"
_PROPERTIES = "ds:Object/xades:QualifyingProperties"
_UNSIGNED = "xades:UnsignedProperties/xades:UnsignedSignatureProperties"


@dataclass(frozen=True, slots=True)
class Signed:
    """One `ds:Signature`; one that signs another stands inside it."""

    name: str
    """Its place in the document: `1`, `2`, and `1.1` for who countersigned the first."""
    element: Element

    def one(self, path: str) -> Element:
        """What stands once in every signature.

        Raises:
            BrokenDocument: it does not stand here, or several times.
        """
        found = self.element.findall(path, PATHS)
        if len(found) != 1:
            raise BrokenDocument(f"The signature holds {len(found) or 'no'} {path.rpartition('/')[2]}, instead of one.")
        return found[0]

    @property
    def value(self) -> Element:
        return self.one("ds:SignatureValue")

    @property
    def properties(self) -> list[Element]:
        """What was put beside it and is not signed, in the order in which it came."""
        found = self.element.find(f"{_PROPERTIES}/{_UNSIGNED}", PATHS)
        return [] if found is None else [each for each in found if isinstance(each.tag, str)]

    @property
    def unsigned(self) -> Element:
        """Where such properties stand; it is made if need be."""
        found = self.one(_PROPERTIES)
        for tag in _UNSIGNED.split("/"):
            below = found.find(tag, PATHS)
            if below is None:
                below = xades(tag.partition(":")[2])
                found.append(below)
            found = below
        return found

    def tokens(self, kind: str) -> list[bytes]:
        """The time-stamps of a kind, oldest first."""
        return [encapsulated(each) for each in self.stamps(kind)]

    def stamps(self, kind: str) -> list[Element]:
        return [each for each in self.properties if each.tag == kind]

    @property
    def times(self) -> list[datetime]:
        """What its time-stamps say, all of them."""
        return [
            timestamps.read(token).time
            for kind in (SIGNATURE_TIMESTAMP, ARCHIVE_TIMESTAMP)
            for token in self.tokens(kind)
        ]

    @property
    def validation_data(self) -> ValidationData:
        """All certificates, lists and responses that it brings along, those in its time-stamps too."""
        unsigned = self.properties
        tokens = [*self.tokens(SIGNATURE_TIMESTAMP), *self.tokens(ARCHIVE_TIMESTAMP)]
        carried = [each for token in tokens for each in timestamps.certificates_in(token)]
        own = ValidationData(
            tuple(dict.fromkeys([*self._key_info(), *_values(unsigned, f"{{{XADES}}}EncapsulatedX509Certificate")])),
            tuple(_values(unsigned, f"{{{XADES}}}EncapsulatedCRLValue")),
            tuple(_values(unsigned, f"{{{XADES}}}EncapsulatedOCSPValue")),
        )
        return own | ValidationData.of(carried)

    @property
    def certificate(self) -> bytes:
        """The signer's, DER: the one that the signed properties name by its digest.

        Raises:
            BrokenDocument: it is not there.
        """
        for named in self.element.iterfind(f"{_PROPERTIES}/xades:SignedProperties//xades:CertDigest", PATHS):
            method, value = named.find("ds:DigestMethod", PATHS), named.find("ds:DigestValue", PATHS)
            algorithm = _hash(method)
            if value is not None and algorithm is not None:
                for der in self.validation_data.certificates:
                    if Digest.of(der, algorithm).value == decoded(value):
                        return der
        raise BrokenDocument("The signature does not carry the certificate of who signed.")

    @property
    def claimed_at(self) -> datetime | None:
        time = self.element.find(
            f"{_PROPERTIES}/xades:SignedProperties/xades:SignedSignatureProperties/xades:SigningTime", PATHS
        )
        try:
            claimed = datetime.fromisoformat((time.text or "").strip()) if time is not None else None
        except ValueError:
            return None
        return claimed if claimed is not None and claimed.tzinfo else None

    def _key_info(self) -> list[bytes]:
        return [decoded(each) for each in self.element.iterfind("ds:KeyInfo/ds:X509Data/ds:X509Certificate", PATHS)]

    @property
    def countersigned(self) -> list["Signed"]:
        """Those that sign it, as far as they stand inside it."""
        inside = [
            each
            for holder in self.properties
            if holder.tag == f"{{{XADES}}}CounterSignature"
            for each in holder.iterchildren(SIGNATURE)
        ]
        return [Signed(f"{self.name}.{place}", each) for place, each in enumerate(inside, 1)]


def signatures(root: Element) -> list[Signed]:
    """The signatures of a document, without those that sign them; none inside of what a signature encloses."""
    outer = [each for each in root.iter(SIGNATURE) if next(each.iterancestors(SIGNATURE), None) is None]
    return [Signed(str(place), each) for place, each in enumerate(outer, 1)]


def family(one: Signed) -> Iterator[Signed]:
    """A signature, and those that sign it, and so on."""
    yield one
    for each in one.countersigned:
        yield from family(each)


def encapsulated(stamp: Element) -> bytes:
    """The token in a time-stamp property.

    Raises:
        BrokenDocument: there is none, or more than one.
    """
    found = stamp.findall("xades:EncapsulatedTimeStamp", PATHS)
    if len(found) != 1:
        raise BrokenDocument("A time-stamp beside the signature holds no token, or several.")
    return decoded(found[0])


def decoded(element: Element) -> bytes:
    """The octets that it holds as base64."""
    try:
        return b64decode("".join((element.text or "").split()), validate=True)
    except (binascii.Error, ValueError):
        raise BrokenDocument("A value in the signature is no base64.") from None


def _values(properties: list[Element], tag: str) -> Iterator[bytes]:
    """Those in a signature's own properties, not in those of who countersigned it."""
    for each in properties:
        if each.tag != f"{{{XADES}}}CounterSignature":
            yield from map(decoded, each.iter(tag))


def _hash(method: Element | None) -> Hash | None:
    name = None if method is None else method.get("Algorithm")
    return next((algorithm for algorithm, uri in xml.DIGESTS.items() if uri == name), None)
