"""The general writer: pyHanko's, for every document that the lean one leaves alone.

Import it where it is needed: pyHanko takes a third of a second to load.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import pikepdf
from asn1crypto import crl as asn1_crl
from asn1crypto import ocsp as asn1_ocsp
from asn1crypto import x509 as asn1_x509
from pyhanko.pdf_utils import generic
from pyhanko.sign.fields import ensure_sig_flags, prepare_sig_field
from pyhanko.sign.validation.dss import DocumentSecurityStore

from paraph.certs import ValidationData
from paraph.errors import BrokenDocument, InputError, ModificationForbidden, ParaphError
from paraph.formats.mapped import Data
from paraph.formats.pdf import archival, gate
from paraph.pades import rules
from paraph.pades.block import NOTHING, Block, draw
from paraph.pades.draft import SIGNATURE, TIMESTAMP, Draft, Statement
from paraph.pades.incremental import Writer, Written

_DEEPEST_PAGE = 40


def append(
    document: Data,
    statement: Statement,
    *,
    reserve: int,
    block: Block | None = None,
    field: str = "",
    password: str = "",
) -> Draft:
    """A draft of the next revision of `document`.

    Raises:
        BrokenDocument: it is damaged, or no PDF at all.
        EncryptedDocument: a password stands in the way.
        ModificationForbidden: a certification or an earlier signature does not allow this one.
        InputError: the block does not lie on its page, or its image is not a PNG; no such field.
    """
    with gate.open_strictly(document, password) as pdf:
        if statement.subfilter == SIGNATURE:
            _check_permitted(pdf, existing=bool(field))
    hole = b"<%b>" % (b"0" * (2 * reserve))
    with _writing(document, password) as writer:
        signature = _put_signature(writer, statement, hole, field, block)
        added = writer.revision(len(document))
        _check_result(document, added, password)
    before, after = added[: signature.offset - len(document)], added[signature.offset - len(document) :]
    opening, _, rest = after.partition(hole)
    return Draft.close(len(document), before + opening, rest, reserve)


def append_store(document: Data, data: ValidationData, *, password: str = "") -> bytes:
    """A revision that adds validation data, and nothing else.

    Raises:
        BrokenDocument: it is damaged, or no PDF at all.
        EncryptedDocument: a password stands in the way.
    """
    gate.open_strictly(document, password).close()
    with _writing(document, password) as writer:
        DocumentSecurityStore.supply_dss_in_writer(
            writer,
            None,
            certs=[asn1_x509.Certificate.load(each) for each in data.certificates],
            crls=[asn1_crl.CertificateList.load(each) for each in data.crls],
            ocsps=[asn1_ocsp.OCSPResponse.load(each) for each in data.ocsps],
        )
        added = writer.revision(len(document))
        _check_result(document, added, password)
    return added


@contextmanager
def _writing(document: Data, password: str) -> Iterator[Writer]:
    try:
        yield Writer.open(document, password)
    except ParaphError:
        raise
    except Exception as error:  # hostile input: pyHanko answers it with almost any exception
        raise BrokenDocument(gate.DAMAGED) from error


def _put_signature(writer: Writer, statement: Statement, hole: bytes, field: str, block: Block | None) -> Written:
    number = int(writer.allocate_placeholder().idnum)
    name = field or _name(writer, number)
    if statement.subfilter == SIGNATURE:
        rules.check(writer.prev, name, certify=statement.certify is not None)
    entries = _field(writer, name, block, existing=bool(field), timestamp=statement.subfilter == TIMESTAMP)
    string = writer.strings(number)
    opening = statement.opening(rules.references(statement.certify, entries, writer.root_ref, string), string)
    signature = Written(b"%b%b>>" % (opening, hole))
    entries["/V"] = writer.add_object(signature, idnum=number)
    if statement.certify:
        rules.certify(writer, number)
    ensure_sig_flags(writer)
    return signature


def _check_permitted(pdf: pikepdf.Pdf, *, existing: bool) -> None:
    """Whether the password is the owner's, or the owner lets others sign (ISO 32000-2 Table 22)."""
    allowed = pdf.allow.modify_form if existing else pdf.allow.modify_annotation and pdf.allow.modify_other
    if pdf.is_encrypted and not (pdf.owner_password_matched or allowed):
        raise ModificationForbidden("The owner of this PDF does not allow signing with this password.")


def _check_result(document: Data, added: bytes, password: str) -> None:
    """What comes out must be sound without repair: pyHanko reads leniently and may have built on sand."""
    with gate.open_strictly(document, password, added=added) as pdf:
        if not len(pdf.pages):
            raise BrokenDocument(gate.DAMAGED)
        gate.check(pdf)


def _field(
    writer: Writer, name: str, block: Block | None, *, existing: bool, timestamp: bool
) -> generic.DictionaryObject:
    """The field of the signature, its appearance drawn, marked to be written."""
    if existing:
        _, reference = prepare_sig_field(name, writer.root, update_writer=writer, existing_fields_only=True)
        writer.mark_update(reference)
        entries: generic.DictionaryObject = reference.get_object()
        widget = entries if "/Rect" in entries or "/Kids" not in entries else entries["/Kids"][0]
        writer.update_container(widget)
        _fill(writer, widget, block)
        return entries
    page = (_page_of_signature(writer) if timestamp else None) or _page(writer, block.index if block else 0)
    _, created = prepare_sig_field(name, writer.root, update_writer=writer, include_on_page=page)
    entries = created.get_object()
    if block:
        place = block.place(*_boundaries(page.get_object()))
        entries["/Rect"] = generic.ArrayObject(map(generic.FloatObject, place.rectangle))
        entries["/AP"] = _appearance(writer, block, place.turn)
    elif archival.part(writer.metadata()) == 1:
        entries["/AP"] = generic.DictionaryObject({"/N": writer.add_object(Written(NOTHING))})
    return entries


def _fill(writer: Writer, widget: generic.DictionaryObject, block: Block | None) -> None:
    """Show the block in the rectangle of a field that is there already, if it has one."""
    if "/Rect" not in widget or block is None:
        return
    left, bottom, right, top = map(float, widget["/Rect"])
    across, up = abs(right - left), abs(top - bottom)
    if min(across, up) < 1:
        return
    turn = _boundaries(widget["/P"])[1] % 360 if "/P" in widget else 0
    width, height = (up, across) if turn in (90, 270) else (across, up)
    widget["/AP"] = _appearance(writer, replace(block, width=width, height=height), turn)


def _appearance(writer: Writer, block: Block, turn: int) -> generic.DictionaryObject:
    part = archival.part(writer.metadata()) if block.image else None
    form, objects = draw(block, turn, lambda: int(writer.allocate_placeholder().idnum), part)
    for number, body in objects:
        writer.put(body, number)
    return generic.DictionaryObject({"/N": generic.IndirectObject(form, 0, writer)})


def _page(writer: Writer, index: int) -> generic.IndirectObject:
    total = int(writer.root["/Pages"]["/Count"])
    if total < 1:
        raise BrokenDocument("The PDF has no pages.")
    if index >= total:
        raise InputError(f"The document has no page {index + 1}; it has {total}.")
    found: generic.IndirectObject = writer.find_page_for_modification(index)[0]  # type: ignore[no-untyped-call]  # pyHanko's
    return found


def _page_of_signature(writer: Writer) -> generic.IndirectObject | None:
    """A page that has annotations because somebody signed there.

    A first annotation on another page would be a change, and a certification may allow none but the time-stamp itself.
    """
    for earlier in writer.prev.embedded_regular_signatures:
        field = earlier.sig_field
        page = field.raw_get("/P") if "/P" in field else None
        if isinstance(page, generic.IndirectObject) and "/Annots" in page.get_object():
            return page
    return None


def _boundaries(page: generic.DictionaryObject) -> tuple[list[float], int]:
    """What is seen of a page, and how it is turned (ISO 32000-2 §7.7.3.4)."""
    found: dict[str, Any] = {}
    for _ in range(_DEEPEST_PAGE):
        found = {**{key: page[key] for key in ("/CropBox", "/MediaBox", "/Rotate") if key in page}, **found}
        if "/Parent" not in page:
            break
        page = page["/Parent"]
    box = found["/CropBox"] if "/CropBox" in found else found["/MediaBox"]
    return [float(edge) for edge in box], int(found.get("/Rotate", 0))


def _name(writer: Writer, number: int) -> str:
    """A field name that is not taken."""
    fields = writer.root["/AcroForm"]["/Fields"] if "/AcroForm" in writer.root else ()
    taken = {str(field.get_object().get("/T")) for field in fields}
    while f"Signature{number}" in taken:
        number += 1
    return f"Signature{number}"
