"""The fast writer: one revision with a signature field, made of the few objects it must touch.

It takes ordinary documents, also with forms and earlier signatures, and raises `Unsupported` for everything
that it would have to guess at.
"""

from paraph.formats.pdf import archival
from paraph.formats.pdf.document import Document, Page
from paraph.formats.pdf.grammar import Unsupported, array, is_reference, number, reference, write, write_array
from paraph.formats.pdf.revision import Revision
from paraph.pades.block import NOTHING, Block, draw
from paraph.pades.draft import Draft, Statement

_MOST_FIELDS = 200


def append(file: Document, statement: Statement, *, reserve: int, block: Block | None = None) -> Draft:
    """A draft of the next revision of a document.

    Raises:
        Unsupported: leave this document to the general writer.
        InputError: the block does not lie on its page, or its image is not a PNG.
    """
    page = file.page(block.index if block else 0)
    revision = Revision(file)
    signature, field = revision.allocate(), revision.allocate()
    head = revision.open(signature, statement.opening(), 2 * reserve + 2, b">>")
    name = b"(Signature%d)" % signature
    _put_form(revision, field, name)
    revision.put(
        field,
        b"<</Type/Annot/Subtype/Widget/FT/Sig/T%b/V %d 0 R/P %d 0 R/F 132%b>>"
        % (name, signature, page.number, _put_appearance(revision, page, block)),
    )
    _put_annotation(revision, page, field)
    return Draft.close(len(file.data), head, revision.finish(file.data[-1024:]), reserve)


def _put_appearance(revision: Revision, page: Page, block: Block | None) -> bytes:
    """Write what the block shows; returns the entries of the field that place it."""
    part = archival.part(revision.document.metadata())
    if block is None and part != 1:
        return b"/Rect[0 0 0 0]"
    if block is None:
        form = revision.allocate()
        revision.put(form, NOTHING)
        return b"/Rect[0 0 0 0]/AP<</N %d 0 R>>" % form
    box = page.inherited.get(b"/CropBox") or page.inherited.get(b"/MediaBox")
    edges = [number(edge) for edge in revision.document.array_of(box or b"")[1]]
    rotation = int(number(page.inherited.get(b"/Rotate", b"0")))
    if len(edges) != 4 or rotation % 90:  # noqa: PLR2004  the edges of a rectangle
        raise Unsupported("a page without sound boundaries")
    place = block.place(edges, rotation)
    form, objects = draw(block, place.turn, revision.allocate, part)
    for item, body in objects:
        revision.put(item, body)
    return place.entries(form)


def _put_form(revision: Revision, field: int, name: bytes) -> None:
    """Enter the field into the form, which is created when the document has none (ISO 32000-2 §12.7.3)."""
    file = revision.document
    catalog = file.catalog
    if b"/Perms" in catalog:
        raise Unsupported("certified or with usage rights")
    if b"/AcroForm" not in catalog:
        form = {b"/Fields": b"[%d 0 R]" % field, b"/SigFlags": b"3"}
        revision.put(file.catalog_number, write({**catalog, b"/AcroForm": write(form)}))
        return
    holder_of_form, found = file.dictionary_of(catalog[b"/AcroForm"])
    if b"/XFA" in found or b"/NeedAppearances" in found:
        raise Unsupported("an XFA form, or one that viewers must draw")
    holder, fields = file.array_of(found.get(b"/Fields", b"[]"))
    _check_fields(file, fields, name)
    fields = (*fields, b"%d 0 R" % field)
    form = {**found, b"/SigFlags": b"3"}
    if holder is None:
        form[b"/Fields"] = write_array(fields)
    else:
        revision.put(holder, write_array(fields))
    if form == found:
        return
    if holder_of_form is None:
        revision.put(file.catalog_number, write({**catalog, b"/AcroForm": write(form)}))
    else:
        revision.put(holder_of_form, write(form))


def _check_fields(file: Document, fields: tuple[bytes, ...], name: bytes) -> None:
    """The new name is free, and no earlier signature says what may change after it (§12.8.2)."""
    if len(fields) > _MOST_FIELDS:
        raise Unsupported("a large form")
    for item in fields:
        entries = file.dictionary(reference(item))
        if b"/Kids" in entries or b"/Lock" in entries:
            raise Unsupported("a form with hierarchy or locks")
        if not entries.get(b"/T", b"").startswith(b"(") or b"\\" in entries[b"/T"] or entries[b"/T"] == name:
            raise Unsupported("a field name that must be decoded or is taken")
        if (
            entries.get(b"/FT") == b"/Sig"
            and b"/V" in entries
            and b"/Reference" in file.dictionary_of(entries[b"/V"])[1]
        ):
            raise Unsupported("an earlier signature sets rules")


def _put_annotation(revision: Revision, page: Page, field: int) -> None:
    item = b"%d 0 R" % field
    annotations = page.entries.get(b"/Annots", b"[]")
    if is_reference(annotations):
        holder = reference(annotations)
        revision.put(holder, write_array([*revision.document.array(holder), item]))
        return
    revision.put(page.number, write({**page.entries, b"/Annots": write_array([*array(annotations), item])}))
