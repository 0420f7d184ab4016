"""XML as signatures need it: read without surprises, and brought into its canonical forms."""

from collections.abc import Sequence
from copy import deepcopy

from lxml import etree

from paraph.algorithms import Hash
from paraph.errors import BrokenDocument

Element = etree._Element  # noqa: SLF001  the class has no other name
EXCLUSIVE = "http://www.w3.org/2001/10/xml-exc-c14n#"
INCLUSIVE = "http://www.w3.org/TR/2001/REC-xml-c14n-20010315"
_INCLUSIVE_11 = "http://www.w3.org/2006/12/xml-c14n11"
CANONICAL = frozenset(
    name + comments
    for name, comments in (
        (EXCLUSIVE, ""),
        (EXCLUSIVE, "WithComments"),
        (INCLUSIVE, ""),
        (INCLUSIVE, "#WithComments"),
        (_INCLUSIVE_11, ""),
        (_INCLUSIVE_11, "#WithComments"),
    )
)
"""The canonical forms that are known here, by their URIs (EN 319 132-1 §4.5)."""

DIGESTS = {
    Hash.SHA256: "http://www.w3.org/2001/04/xmlenc#sha256",
    Hash.SHA384: "http://www.w3.org/2001/04/xmldsig-more#sha384",
    Hash.SHA512: "http://www.w3.org/2001/04/xmlenc#sha512",
}
"""How XML names a digest algorithm (RFC 6931 §2.1)."""

_XML = "{http://www.w3.org/XML/1998/namespace}"


def parse(data: bytes) -> Element:
    """The root of a document. Nothing is fetched, no entity is resolved.

    Raises:
        BrokenDocument: this is no well-formed XML; or it has a document type declaration, by which what it says
            depends on who reads it; or it holds more than 256 levels, or a text above 10 MB.
    """
    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False, strip_cdata=False)
    try:
        root = etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise BrokenDocument(f"The XML cannot be read: {error}") from None
    if root.getroottree().docinfo.doctype:
        raise BrokenDocument("The XML has a document type declaration, which can change what it says; remove it.")
    return root


def to_bytes(root: Element) -> bytes:
    """The whole document, in the encoding in which it came."""
    document = root.getroottree()
    encoding, standalone = document.docinfo.encoding or "UTF-8", document.docinfo.standalone or None
    return etree.tostring(document, xml_declaration=True, encoding=encoding, standalone=standalone)


def canonical(
    node: Element, method: str = EXCLUSIVE, *, prefixes: Sequence[str] = (), comments: bool = True, whole: bool = False
) -> bytes:
    """An element, or the `whole` document around it, in one of the `CANONICAL` forms.

    Args:
        node: where it stands in its document.
        method: the URI of the form.
        prefixes: those whose declarations the exclusive form treats as the inclusive one does.
        comments: whether they belong to what is brought into form; `method` may drop them all the same.
        whole: with the instructions and comments around the root.

    Raises:
        BrokenDocument: it has no canonical form (XML-C14N §1.3).
    """
    exclusive = method.startswith(EXCLUSIVE)
    if not whole and (prefixes or not exclusive):
        node = _in_scope(node, inherited=() if exclusive else _inherited(method))
    try:
        return etree.tostring(
            node.getroottree() if whole else node,
            method="c14n",
            exclusive=exclusive,
            with_comments=comments and method.endswith("WithComments"),
            inclusive_ns_prefixes=list(prefixes) if exclusive else None,
        )
    except etree.C14NError:
        raise BrokenDocument("The XML has no canonical form: a namespace in it is a relative address.") from None


def _in_scope(node: Element, inherited: Sequence[str]) -> Element:
    """A copy that declares and carries what it had from its ancestors (XML-C14N §2.4)."""
    bare = etree.Element(node.tag, nsmap=node.nsmap)
    for name in inherited:
        for ancestor in node.iterancestors():
            if name in ancestor.attrib:
                bare.set(name, ancestor.attrib[name])
                break
    for name, value in node.attrib.items():
        bare.set(name, value)
    bare.text = node.text
    bare.extend(deepcopy(list(node)))
    return bare


def _inherited(method: str) -> tuple[str, ...]:
    """Attributes that count for descendants: version 1.1 no longer says so of identifiers (§2.4)."""
    common = (f"{_XML}lang", f"{_XML}space", f"{_XML}base")
    return common if method.startswith(_INCLUSIVE_11) else (*common, f"{_XML}id")
