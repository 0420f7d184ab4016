"""A signature in its place, complete but for its value."""

import hashlib
from collections import Counter
from collections.abc import Mapping

from paraph.errors import BrokenDocument, ModificationForbidden
from paraph.formats import xml
from paraph.formats.content import Content
from paraph.formats.xml import Element
from paraph.xades import references
from paraph.xades.data import Signable, around, beside, enclosed
from paraph.xades.names import PATHS, SIGNATURE, base64
from paraph.xades.statement import Statement

_LARGEST = 7 << 20
"""Of what is enclosed: in base64, that is a text as long as XML readers take without being told to."""


def draft(statement: Statement, content: Signable) -> Element:
    """A `ds:Signature` with all digests, in its document: the one that is signed, or one of its own.

    Raises:
        BrokenDocument: what is signed is no XML, or too large to be enclosed.
        ModificationForbidden: a signature that is there does not allow a further one.
        InputError: one that is there cannot be followed.
    """
    if not isinstance(content, bytes):
        return filled(statement.signature(beside(list(content))), statement, content)
    if statement.enveloping:
        if len(content) > _LARGEST:
            raise BrokenDocument("The file is too large to be enclosed in XML; sign it detached.")
        return filled(statement.signature([enclosed(content, f"o-{statement.id}")]), statement, {})
    root = xml.parse(content)
    if root.tag == SIGNATURE:
        raise ModificationForbidden("This is a signature, with no room in it for another; countersign it instead.")
    before = found(root)
    signature = statement.signature([around()])
    root.append(signature)
    unchanged(before, root)
    return filled(signature, statement, {})


def signed_info(signature: Element) -> bytes:
    """What the key signs (XMLDSig §4.4): the canonical form of `ds:SignedInfo`."""
    stated = signature.find("ds:SignedInfo", PATHS)
    method = None if stated is None else stated.find("ds:CanonicalizationMethod", PATHS)
    form = "" if method is None else method.get("Algorithm", "")
    if stated is None or form not in xml.CANONICAL:
        raise BrokenDocument("The signature does not say what it signs, or in which form.")
    return xml.canonical(stated, form)


def found(root: Element) -> Counter[bytes]:
    """One mark for each signature of a document: what is signed, and what its references find in the document."""
    return Counter(map(_mark, root.iter(SIGNATURE)))


def _mark(signature: Element) -> bytes:
    within = [each for each in _references(signature) if references.is_within(each)]
    if len(within) > references.MOST:
        raise BrokenDocument(f"The signature has more than {references.MOST} references.")
    parts = (signed_info(signature), *(_digest(each, {}, "sha256") for each in within))
    return b"".join(hashlib.sha256(part).digest() for part in parts)


def unchanged(before: Counter[bytes], root: Element) -> Element:
    """The document, where every signature that was there finds what it found before.

    Raises:
        ModificationForbidden: one does not.
    """
    if not before <= found(root):
        raise ModificationForbidden(
            "A signature in the document covers all of it and allows nothing to be added; countersign it instead."
        )
    return root


def to_bytes(root: Element) -> bytes:
    """The document, where every signature finds the same when it is read again."""
    written = xml.to_bytes(root)
    unchanged(found(root), xml.parse(written))
    return written


def filled(signature: Element, statement: Statement, contents: Mapping[str, Content]) -> Element:
    """It, with what each of its references finds."""
    for reference in _references(signature):
        value = reference.find("ds:DigestValue", PATHS)
        if value is not None:
            value.text = base64(_digest(reference, contents, statement.algorithm.hash.value))
    return signature


def _references(signature: Element) -> list[Element]:
    return signature.findall("ds:SignedInfo/ds:Reference", PATHS)


def _digest(reference: Element, contents: Mapping[str, Content], algorithm: str) -> bytes:
    state = hashlib.new(algorithm)
    for piece in references.octets(reference, contents):
        state.update(piece)
    return state.digest()
