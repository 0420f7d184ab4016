"""What a signature of a container speaks of: `ASiCManifest` (EN 319 162-1 Annex A.4) and OpenDocument's `manifest`."""

import base64
import binascii
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Self
from urllib.parse import quote, unquote

from lxml import etree

from paraph.algorithms import Digest, Hash
from paraph.asic.container import META, Container
from paraph.errors import BrokenDocument
from paraph.formats import xml
from paraph.formats.media import media_type

ASIC = "http://uri.etsi.org/02918/v1.2.1#"
LISTS = (f"{META}ASiCManifest", f"{META}ASiCArchiveManifest")
_DS = "http://www.w3.org/2000/09/xmldsig#"
_OPEN_DOCUMENT = "urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"


@dataclass(frozen=True, slots=True)
class Reference:
    """A file by its name and digest."""

    name: str
    digest: Digest
    root: bool = False
    """Whether it is the archive manifest before this one."""

    @classmethod
    def to(cls, name: str, content: bytes, *, root: bool = False) -> Self:
        return cls(name, Digest.of(content), root)


@dataclass(frozen=True, slots=True)
class Manifest:
    """The files that one signature or time-stamp file protects, through this list."""

    signature: str
    """The name of the signature's file."""
    signature_type: str
    """Its media type."""
    references: tuple[Reference, ...]

    def to_bytes(self) -> bytes:
        root = etree.Element(f"{{{ASIC}}}ASiCManifest", nsmap={"asic": ASIC, "ds": _DS})
        etree.SubElement(root, f"{{{ASIC}}}SigReference", URI=quote(self.signature), MimeType=self.signature_type)
        for each in self.references:
            entry = etree.SubElement(
                root, f"{{{ASIC}}}DataObjectReference", URI=quote(each.name), MimeType=media_type(each.name)
            )
            if each.root:
                entry.set("Rootfile", "true")
            etree.SubElement(entry, f"{{{_DS}}}DigestMethod", Algorithm=xml.DIGESTS[each.digest.algorithm])
            value = etree.SubElement(entry, f"{{{_DS}}}DigestValue")
            value.text = base64.b64encode(each.digest.value).decode("ascii")
        return etree.tostring(root, xml_declaration=True, encoding="UTF-8")

    @classmethod
    def from_bytes(cls, data: bytes) -> Self:
        """What a manifest says.

        Raises:
            BrokenDocument: not a manifest.
        """
        root = xml.parse(data)
        signature = root.find(f"{{{ASIC}}}SigReference")
        if root.tag != f"{{{ASIC}}}ASiCManifest" or signature is None:
            raise BrokenDocument("A manifest of the container cannot be read.")
        references = tuple(_reference(each) for each in root.iterfind(f"{{{ASIC}}}DataObjectReference"))
        return cls(unquote(signature.get("URI", "")), signature.get("MimeType", ""), references)

    def check(self, files: Mapping[str, bytes]) -> None:
        """The files are those that were signed.

        Raises:
            BrokenDocument: a file that it names is missing, or another one than was signed.
        """
        for each in self.references:
            if each.name not in files:
                raise BrokenDocument(f"The container has lost {each.name!r}, which was signed.")
            if Digest.of(files[each.name], each.digest.algorithm) != each.digest:
                raise BrokenDocument(f"{each.name!r} in the container is not what was signed.")


def manifests(container: Container) -> dict[str, Manifest]:
    """The lists of what was signed or stamped, by their names; everything in them is still what it was.

    Raises:
        BrokenDocument: a list cannot be read, or a file is not what it was.
    """
    found = {
        name: Manifest.from_bytes(content)
        for name, content in container.meta.items()
        if name.startswith(LISTS) and name.endswith(".xml")
    }
    for each in found.values():
        each.check({**container.files, **container.meta})
    return found


def open_document(names: Iterable[str], container_type: str) -> bytes:
    """The list of files that readers of ASiC-E with XAdES expect (EN 319 162-1 §4.4.3.2, OpenDocument 1.2 part 3)."""
    root = etree.Element(f"{{{_OPEN_DOCUMENT}}}manifest", nsmap={"manifest": _OPEN_DOCUMENT})
    root.set(f"{{{_OPEN_DOCUMENT}}}version", "1.2")
    for path, kind in [("/", container_type), *((name, media_type(name)) for name in names)]:
        entry = etree.SubElement(root, f"{{{_OPEN_DOCUMENT}}}file-entry")
        entry.set(f"{{{_OPEN_DOCUMENT}}}full-path", path)
        entry.set(f"{{{_OPEN_DOCUMENT}}}media-type", kind)
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8")


def _reference(entry: xml.Element) -> Reference:
    method, value = entry.find(f"{{{_DS}}}DigestMethod"), entry.findtext(f"{{{_DS}}}DigestValue") or ""
    algorithm = _HASHES.get(method.get("Algorithm", "") if method is not None else "")
    if algorithm is None:
        raise BrokenDocument("A manifest of the container uses an unknown or a weak digest algorithm.")
    try:
        digest = Digest(algorithm, base64.b64decode(value.strip(), validate=True))
    except binascii.Error:
        raise BrokenDocument("A manifest of the container cannot be read.") from None
    return Reference(unquote(entry.get("URI", "")), digest, entry.get("Rootfile") == "true")


_HASHES: dict[str, Hash] = {uri: algorithm for algorithm, uri in xml.DIGESTS.items()}
