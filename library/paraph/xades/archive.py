"""Time-stamps over a signature, and over all that proves it (EN 319 132-1 §5.3, §5.5.2)."""

import hashlib
from collections.abc import Iterable, Iterator, Mapping

from paraph.algorithms import Digest, Hash
from paraph.formats import xml
from paraph.formats.content import Content
from paraph.formats.xml import Element
from paraph.timestamps import Timestamper
from paraph.xades import references
from paraph.xades.names import PATHS, base64, ds, xades, xades141
from paraph.xades.signed import Signed


def signature_timestamp(one: Signed, timestamper: Timestamper) -> Element:
    """A `SignatureTimeStamp`: over the value of the signature (§5.3)."""
    token = timestamper.timestamp(Digest.of(xml.canonical(one.value)))
    return xades.SignatureTimeStamp(*_content(token))


def archive_timestamp(one: Signed, contents: Mapping[str, Content], timestamper: Timestamper) -> Element:
    """An `ArchiveTimeStamp`: over what is signed, the signature, and everything beside it (§5.5.2.2).

    Raises:
        InputError: a detached signature, without what it signs.
    """
    return xades141.ArchiveTimeStamp(*_content(timestamper.timestamp(_digest(_covered(one, contents)))))


def _covered(one: Signed, contents: Mapping[str, Content]) -> Iterator[bytes]:
    for reference in one.element.iterfind("ds:SignedInfo/ds:Reference", PATHS):
        yield from references.octets(reference, contents, canonical=xml.EXCLUSIVE)
    yield xml.canonical(one.one("ds:SignedInfo"))
    yield xml.canonical(one.value)
    for key_info in one.element.iterfind("ds:KeyInfo", PATHS):
        yield xml.canonical(key_info)
    yield from map(xml.canonical, one.properties)
    for each in one.element.iterfind("ds:Object", PATHS):
        if each.find("xades:QualifyingProperties", PATHS) is None:
            yield xml.canonical(each)


def _content(token: bytes) -> tuple[Element, Element]:
    return ds.CanonicalizationMethod(Algorithm=xml.EXCLUSIVE), xades.EncapsulatedTimeStamp(base64(token))


def _digest(pieces: Iterable[bytes]) -> Digest:
    state = hashlib.sha256()
    for piece in pieces:
        state.update(piece)
    return Digest(Hash.SHA256, state.digest())
