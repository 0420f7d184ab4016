"""The general writer: pyHanko's incremental writer, for every document that the lean one leaves alone.

Import it where it is needed: pyHanko takes a third of a second to load.
"""

from io import BytesIO
from typing import IO, Any

from asn1crypto import crl as asn1_crl
from asn1crypto import ocsp as asn1_ocsp
from asn1crypto import x509 as asn1_x509
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.fields import MDPPerm, ensure_sig_flags, prepare_sig_field
from pyhanko.sign.validation.dss import DocumentSecurityStore

from paraph.certs import ValidationData
from paraph.errors import BrokenDocument, InputError, ModificationForbidden, ParaphError
from paraph.formats.pdf import gate
from paraph.pades.block import Block, draw
from paraph.pades.draft import SIGNATURE, Draft, Statement

_DEEPEST_PAGE = 40


class _Written(generic.PdfObject):
    """An object whose bytes are already there; it remembers where it was written."""

    def __init__(self, body: bytes) -> None:
        self.body = body
        self.offset = 0

    def write_to_stream(self, stream: IO[bytes], handler: Any = None, container_ref: Any = None) -> None:  # noqa: ARG002  pyHanko's signature
        self.offset = stream.tell()
        stream.write(self.body)


def append(document: bytes, statement: Statement, *, reserve: int, block: Block | None = None) -> Draft:
    """A draft of the next revision of `document`.

    Raises:
        BrokenDocument: it is damaged, or no PDF at all.
        EncryptedDocument: a password stands in the way.
        ModificationForbidden: a certification or an earlier signature allows no further signature.
        InputError: the block does not lie on its page, or its image is not a PNG.
    """
    gate.open_strictly(document).close()
    try:
        return _append(document, statement, reserve, block)
    except ParaphError:
        raise
    except Exception as error:  # hostile input: pyHanko answers it with almost any exception
        raise BrokenDocument(gate.DAMAGED) from error


def append_store(document: bytes, data: ValidationData) -> bytes:
    """A revision that adds validation data, and nothing else.

    Raises:
        BrokenDocument: it is damaged, or no PDF at all.
        EncryptedDocument: a password stands in the way.
    """
    gate.open_strictly(document).close()
    try:
        writer = IncrementalPdfFileWriter(BytesIO(document), strict=False)
        DocumentSecurityStore.supply_dss_in_writer(
            writer,
            None,
            certs=[asn1_x509.Certificate.load(each) for each in data.certificates],
            crls=[asn1_crl.CertificateList.load(each) for each in data.crls],
            ocsps=[asn1_ocsp.OCSPResponse.load(each) for each in data.ocsps],
        )
        return _written(writer, document)[len(document) :]
    except ParaphError:
        raise
    except Exception as error:  # hostile input: pyHanko answers it with almost any exception
        raise BrokenDocument(gate.DAMAGED) from error


def _written(writer: IncrementalPdfFileWriter, document: bytes) -> bytes:
    output = BytesIO()
    writer.write(output)
    result = output.getvalue()
    if not result.startswith(document):
        raise ParaphError("The general writer changed the document; nothing was signed.")
    _check_result(result)
    return result


def _append(document: bytes, statement: Statement, reserve: int, block: Block | None) -> Draft:
    reader = PdfFileReader(BytesIO(document), strict=False)
    if statement.subfilter == SIGNATURE:
        _check_permissions(reader)
    writer = IncrementalPdfFileWriter.from_reader(reader)
    opening = statement.opening()
    hole = b"<%b>" % (b"0" * (2 * reserve))
    signature = _Written(b"%b%b>>" % (opening, hole))
    _put_field(writer, signature, block)
    result = _written(writer, document)
    start = signature.offset + len(opening)
    return Draft.close(len(document), result[len(document) : start], result[start + len(hole) :], reserve)


def _check_result(result: bytes) -> None:
    """What comes out must be sound without repair: pyHanko reads leniently and may have built on sand."""
    with gate.open_strictly(result) as pdf:
        if not len(pdf.pages):
            raise BrokenDocument(gate.DAMAGED)
        gate.check(pdf)


def _put_field(writer: IncrementalPdfFileWriter, signature: _Written, block: Block | None) -> None:
    reference = writer.add_object(signature)
    page = _page(writer, block.index if block else 0)
    name = _name(writer, reference.idnum)
    _, created = prepare_sig_field(name, writer.root, update_writer=writer, include_on_page=page)
    field = created.get_object()
    field["/V"] = reference
    if block:
        place = block.place(*_boundaries(page.get_object()))
        form, objects = draw(block, place.turn, lambda: int(writer.allocate_placeholder().idnum))
        for number, body in objects:
            writer.add_object(_Written(body), idnum=number)
        field["/Rect"] = generic.ArrayObject(map(generic.FloatObject, place.rectangle))
        field["/AP"] = generic.DictionaryObject({"/N": generic.IndirectObject(form, 0, writer)})
    ensure_sig_flags(writer)


def _page(writer: IncrementalPdfFileWriter, index: int) -> generic.IndirectObject:
    total = int(writer.root["/Pages"]["/Count"])
    if total < 1:
        raise BrokenDocument("The PDF has no pages.")
    if index >= total:
        raise InputError(f"The document has no page {index + 1}; it has {total}.")
    found: generic.IndirectObject = writer.find_page_for_modification(index)[0]
    return found


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


def _name(writer: IncrementalPdfFileWriter, number: int) -> str:
    """A field name that is not taken."""
    fields = writer.root["/AcroForm"]["/Fields"] if "/AcroForm" in writer.root else ()
    taken = {str(field.get_object().get("/T")) for field in fields}
    while f"Signature{number}" in taken:
        number += 1
    return f"Signature{number}"


def _check_permissions(reader: PdfFileReader) -> None:
    """Whether what was signed before lets another signature in (ISO 32000-2 §12.8.2.2, §12.8.2.4)."""
    for earlier in reader.embedded_regular_signatures:
        locked = earlier.fieldmdp is not None and earlier.fieldmdp.is_locked("Signature")
        if locked or earlier.docmdp_level == MDPPerm.NO_CHANGES:
            raise ModificationForbidden("An earlier signature certifies this PDF and forbids any further change.")
