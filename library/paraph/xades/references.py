"""What a signature's references find: the reference processing model of XMLDSig (§4.4.3), as far as signatures need it.

XSLT and free XPath are programs of whoever wrote the document; they are not run. Of XPath, the forms that leave the
signatures out are known.
"""

import binascii
import re
from base64 import b64decode
from collections.abc import Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass, replace
from itertools import pairwise
from urllib.parse import unquote

from paraph.errors import BrokenDocument, InputError
from paraph.formats import xml
from paraph.formats.content import Content, chunks, whole
from paraph.formats.xml import Element
from paraph.xades.names import BASE64, ENVELOPED, FILTER, PATHS, SIGNATURE, XPATH

_LEFT_OUT = re.compile(r"(?:/descendant::|not\(ancestor-or-self::)(\w+):Signature\)?")
_BY_ID = re.compile(r"#(?:xpointer\(id\((['\"])(?P<pointed>[^'\"]+)\1\)\)|(?P<bare>[^()]+))")
_IDS = ("Id", "ID", "id", "{http://www.w3.org/XML/1998/namespace}id")
MOST = 256
"""References of one signature into its own document: each may cost a copy of it."""


def octets(reference: Element, contents: Mapping[str, Content], *, canonical: str = xml.INCLUSIVE) -> Iterator[bytes]:
    """What is digested, bit by bit.

    Args:
        reference: a `ds:Reference` in its document.
        contents: what lies outside of it, by name.
        canonical: the form of what no transform has brought into one.

    Raises:
        BrokenDocument: it leads nowhere, or to several things.
        InputError: what it leads to is not among `contents`, or a transform is not known here.
    """
    uri = reference.get("URI")
    if uri is None:
        raise InputError("A reference of the signature does not say what it signs.")
    transforms = reference.findall("ds:Transforms/ds:Transform", PATHS)
    if not uri or uri.startswith("#"):
        yield _processed(_within(reference, uri), transforms, canonical)
        return
    content = contents.get(unquote(uri))
    if content is None:
        raise InputError(f"The signature is over “{unquote(uri)}”, which is not given.")
    if transforms:
        yield _processed(whole(content), transforms, canonical)
    else:
        yield from chunks(content)


def is_within(reference: Element) -> bool:
    """Whether it is about something in the same document."""
    uri = reference.get("URI")
    return uri is not None and (not uri or uri.startswith("#"))


def by_id(root: Element, identifier: str) -> Element:
    """The one element with an identifier; were there two, one could be shown and the other be signed."""
    found = [each for each in root.iter("*") if any(each.get(name) == identifier for name in _IDS)]
    if len(found) != 1:
        raise BrokenDocument(
            f"The XML holds {len(found) or 'no'} elements “{identifier}”, where a reference needs one."
        )
    return found[0]


@dataclass(frozen=True, slots=True)
class _Nodes:
    """What a reference has found so far, as nodes."""

    top: Element
    signature: Element | None
    """Around the reference."""
    whole: bool
    """Whether the document is meant, with what stands around its root."""
    comments: bool

    def canonical(self, method: str, prefixes: list[str]) -> bytes:
        return xml.canonical(self.top, method, prefixes=prefixes, comments=self.comments, whole=self.whole)

    def without_signature(self) -> "_Nodes":
        if self.signature is None:
            raise InputError("A reference takes a signature away where none is.")
        copied = self._copied()
        _remove(copied.signature, copied.top)
        return replace(copied, signature=None)

    def without_signatures(self) -> "_Nodes":
        copied = self._copied()
        for each in [*copied.top.iter(SIGNATURE)]:
            _remove(each, copied.top)
        return replace(copied, signature=None)

    def _copied(self) -> "_Nodes":
        """In a document of its own, so that what is taken away stays in this one."""
        root = deepcopy(self.top.getroottree()).getroot()
        signature = None if self.signature is None else _at(root, _steps(self.signature))
        return replace(self, top=_at(root, _steps(self.top)), signature=signature)


def _within(reference: Element, uri: str) -> _Nodes:
    """XMLDSig §4.4.3.3: comments belong only to what a pointer names."""
    root = reference.getroottree().getroot()
    signature = next(reference.iterancestors(SIGNATURE), None)
    if uri in ("", "#xpointer(/)"):
        return _Nodes(root, signature, whole=True, comments=bool(uri))
    named = _BY_ID.fullmatch(uri)
    if named is None:
        raise InputError(f"The reference “{uri}” of the signature is of a kind that is not known here.")
    pointed = named["pointed"]
    return _Nodes(by_id(root, pointed or named["bare"]), signature, whole=False, comments=bool(pointed))


def _processed(found: _Nodes | bytes, transforms: list[Element], canonical: str) -> bytes:
    for transform in transforms:
        found = _transformed(found, transform)
    return found if isinstance(found, bytes) else found.canonical(canonical, [])


def _transformed(found: _Nodes | bytes, transform: Element) -> _Nodes | bytes:
    method = transform.get("Algorithm", "")
    if method == BASE64:
        return _decoded(found)
    nodes = _Nodes(xml.parse(found), None, whole=True, comments=True) if isinstance(found, bytes) else found
    if method in xml.CANONICAL:
        inclusive = transform.find(f"{{{xml.EXCLUSIVE}}}InclusiveNamespaces")
        return nodes.canonical(method, [] if inclusive is None else inclusive.get("PrefixList", "").split())
    if method == ENVELOPED:
        return nodes.without_signature()
    if method in (FILTER, XPATH) and _leaves_signatures_out(transform):
        return nodes.without_signatures()
    raise InputError(f"The signature uses the transform {method or 'without a name'}, which is not known here.")


def _leaves_signatures_out(transform: Element) -> bool:
    if len(transform) != 1 or transform[0].get("Filter", "subtract") != "subtract":
        return False
    expression = _LEFT_OUT.fullmatch((transform[0].text or "").strip())
    return expression is not None and transform[0].nsmap.get(expression[1]) == PATHS["ds"]


def _decoded(found: _Nodes | bytes) -> bytes:
    text = found if isinstance(found, bytes) else "".join(map(str, found.top.itertext()))
    try:
        return b64decode(text)
    except (binascii.Error, ValueError):
        raise BrokenDocument("What the signature encloses is no base64.") from None


def _steps(node: Element) -> list[int]:
    """The way from the root to it."""
    way = [node, *node.iterancestors()]
    return [parent.index(child) for child, parent in pairwise(way)][::-1]


def _at(root: Element, steps: list[int]) -> Element:
    for step in steps:
        root = root[step]
    return root


def _remove(node: Element | None, top: Element) -> None:
    """Take it away, and leave the text behind it."""
    parent = None if node is None or node is top else node.getparent()
    if node is None or parent is None:
        raise InputError("A reference takes away the very thing that it is about.")
    if node.tail:
        before = node.getprevious()
        if before is None:
            parent.text = (parent.text or "") + node.tail
        else:
            before.tail = (before.tail or "") + node.tail
    parent.remove(node)
