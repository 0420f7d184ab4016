"""What a signature is over: each thing as its reference names it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import quote

from lxml import etree

from paraph.errors import InputError
from paraph.formats import xml
from paraph.formats.content import Content
from paraph.formats.media import UNKNOWN, media_type
from paraph.formats.xml import Element
from paraph.xades.names import BASE64, FILTER, base64, ds

Signable = bytes | Mapping[str, Content]
"""An XML document, or any file to be enclosed; or files that stay where they are, by name."""


@dataclass(frozen=True, slots=True)
class DataObject:
    """One thing that is signed."""

    uri: str
    media_type: str
    kind: str | None = None
    """What it is, for those that are not just data: a URI."""
    transforms: tuple[str, ...] = ()
    enclosed: Element | None = None
    """The `ds:Object` with it."""

    def reference(self, identifier: str | None) -> Element:
        """A `ds:Reference` that lacks its digest."""
        reference = ds.Reference(URI=self.uri)
        for name, value in (("Id", identifier), ("Type", self.kind)):
            if value:
                reference.set(name, value)
        if self.transforms:
            reference.append(ds.Transforms(*map(_transform, self.transforms)))
        return reference


def around(media_type: str = "text/xml") -> DataObject:
    """The XML document around the signature.

    All signatures are left out of it, not only this one: whoever signs later must not break who signed before.
    """
    return DataObject("", media_type, transforms=(FILTER, xml.EXCLUSIVE))


def enclosed(content: bytes, identifier: str) -> DataObject:
    """A file in the signature, byte for byte."""
    inside = ds.Object(base64(content), Id=identifier, Encoding=BASE64)
    kind = "http://www.w3.org/2000/09/xmldsig#Object"
    return DataObject(f"#{identifier}", UNKNOWN, kind, (BASE64,), inside)


def beside(names: Sequence[str]) -> list[DataObject]:
    """Files that stay where they are, in the order of their names."""
    if not names:
        raise InputError("There is nothing to sign.")
    return [DataObject(quote(name), media_type(name)) for name in sorted(names)]


def _transform(method: str) -> Element:
    transform = ds.Transform(Algorithm=method)
    if method == FILTER:
        leave_out = etree.SubElement(transform, f"{{{FILTER}}}XPath", nsmap={None: FILTER}, Filter="subtract")
        leave_out.text = "/descendant::ds:Signature"
    return transform
