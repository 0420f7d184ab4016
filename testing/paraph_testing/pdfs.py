"""Sample documents, the same bytes every time, and hostile ones, each named for its defect."""

import io
import re
import struct
import zlib
from collections.abc import Callable, Sequence
from typing import Literal

import pikepdf
from pikepdf import Array, Dictionary, Name, String
from pyhanko.pdf_utils.generic import pdf_string
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.pdf_utils.writer import PdfFileWriter
from reportlab.lib.pagesizes import A4
from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.pdfgen.canvas import Canvas

WIDTH, HEIGHT = A4
MARGIN = 56
PLAIN = (
    b"<< /Type /Catalog /Pages 2 0 R >>",
    b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
    b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Resources << >> >>",
)
"""The objects of an empty page."""


def invoice(number: int = 1, *, lines: int = 12) -> bytes:
    """One page, as a business application prints it: classic cross-reference table, compressed content."""
    output, canvas = _canvas(f"Invoice {number:06}")
    _heading(canvas, f"Invoice {number:06}", "Atelier Marchand, 12 rue des Lilas, 69003 Lyon")
    y = HEIGHT - 190
    for line in range(1, lines + 1):
        amount = (number * 37 + line * 113) % 9000 / 10
        canvas.drawString(MARGIN, y, f"{line}. Mission, week {line}: 35 hours")
        canvas.drawRightString(WIDTH - MARGIN, y, f"{amount:.2f} EUR")
        y -= 18
    canvas.showPage()
    canvas.save()
    return output.getvalue()


def contract(pages: int = 3) -> bytes:
    """Several pages of clauses, with room for signatures at the foot of the last one."""
    output, canvas = _canvas("Services agreement")
    for page in range(1, pages + 1):
        _heading(canvas, "Services agreement", f"Page {page} of {pages}")
        text = canvas.beginText(MARGIN, HEIGHT - 190)
        for article in range(1, 9):
            text.textLine(
                f"Article {page}.{article}. The parties agree on what this article says, and on nothing more."
            )
            text.textLine("")
        canvas.drawText(text)
        if page == pages:
            canvas.drawString(MARGIN, 200, "For the client:")
            canvas.drawString(WIDTH / 2, 200, "For the provider:")
        canvas.showPage()
    canvas.save()
    return output.getvalue()


def tagged(*tags: tuple[float, float, str], page: int = 1, white: bool = False) -> bytes:
    """Pages of which the last says something at places counted from its top left corner, for people or not."""
    output, canvas = _canvas("Tagged")
    for number in range(1, page + 1):
        _heading(canvas, "Tagged", f"Page {number}")
        if number == page:
            canvas.setFillGray(1.0 if white else 0.0)
            for x, y, text in tags:
                canvas.drawString(x, HEIGHT - y, text)
        canvas.showPage()
    canvas.save()
    return output.getvalue()


def compact(document: bytes) -> bytes:
    """The same pages with object streams and a cross-reference stream, as PDF 1.5 and later write them; a new /ID."""
    writer = PdfFileWriter(stream_xrefs=True, init_page_tree=False)
    pages = PdfFileReader(io.BytesIO(document)).root.raw_get("/Pages")
    writer.root["/Pages"] = writer.import_object(pages, obj_stream=writer.prepare_object_stream())
    output = io.BytesIO()
    writer.write(output)
    return output.getvalue()


def linearised(document: bytes) -> bytes:
    """The same pages in the order in which a viewer on the web wants them (ISO 32000-2 annex F)."""
    with pikepdf.open(io.BytesIO(document)) as pdf:
        return _saved(pdf, linearize=True)


Standard = Literal["a-1a", "a-1b", "a-2b", "a-2u", "a-3b", "a-4"]


def archival(standard: Standard) -> bytes:
    """A lease as PDF/A, such as `a-2b` (ISO 19005)."""
    import typst  # noqa: PLC0415  few need it

    lease = (
        '#set document(title: "Lease", date: datetime(year: 2026, month: 11, day: 23))\n= Lease\nBetween Alice and Bob.'
    )
    return typst.compile(lease.encode(), format="pdf", pdf_standards=standard)


def form(*, lock: Dictionary | None = None, seed: Dictionary | None = None) -> bytes:
    """The contract with a text field `city` and two signature fields: `client`, visible, and `provider`, invisible."""
    with pikepdf.open(io.BytesIO(contract())) as pdf:
        page = pdf.pages[-1]
        city = _widget(pdf, page, "city", Name.Tx, (MARGIN, 230, 200, 250))
        client = _widget(pdf, page, "client", Name.Sig, (MARGIN, 110, 250, 190))
        provider = _widget(pdf, page, "provider", Name.Sig, (0, 0, 0, 0))
        if lock is not None:
            client.Lock = lock
        if seed is not None:
            client.SV = seed
        page.obj.Annots = Array([city, client, provider])
        pdf.Root.AcroForm = pdf.make_indirect(Dictionary(Fields=Array([city, client, provider])))
        return _saved(pdf)


def filled(document: bytes, city: str) -> bytes:
    """The form with its text field filled in by another program."""
    writer = IncrementalPdfFileWriter(io.BytesIO(document))
    entries = writer.root["/AcroForm"]["/Fields"][0]
    entries["/V"] = pdf_string(city)
    writer.update_container(entries)
    output = io.BytesIO()
    writer.write(output)
    return output.getvalue()


def locked(document: bytes, *, revision: Literal[3, 4, 6] = 6, sign: bool = True) -> bytes:
    """The document under the passwords `owner` and `user`; with the latter one may sign, or not."""
    modern = revision > 3
    encryption = pikepdf.Encryption(
        owner="owner",
        user="user",
        R=revision,
        allow=pikepdf.Permissions(modify_annotation=sign, modify_form=sign, modify_other=sign),
        aes=modern,
        metadata=modern,
    )
    with pikepdf.open(io.BytesIO(document)) as pdf:
        return _saved(pdf, encryption=encryption)


def hybrid() -> bytes:
    """A hybrid-reference file (ISO 32000-2 §7.5.8.4): old readers do not see where its information lies."""
    document = re.sub(rb"/Size \d+", b"/Size 30", invoice())
    head, table = document.rsplit(b"xref\n0 ", 1)
    information = zlib.compress(b"28 0 << /Title (Seen by readers of PDF 1.5) >>")
    container = _stream_object(27, b"/Type/ObjStm/N 1/First 5/Filter/FlateDecode", information)
    extra = len(head) + len(container)
    rows = b"".join(struct.pack(">BIB", *row) for row in ((1, len(head), 0), (2, 27, 0), (1, extra, 0)))
    hidden = _stream_object(29, b"/Type/XRef/Size 30/W[1 4 1]/Index[27 3]", rows)
    table = re.sub(rb"/Info \d+ 0 R", b"/Info 28 0 R/XRefStm %d" % extra, table)
    start = b"%d\n%%%%EOF\n" % (extra + len(hidden))
    return head + container + hidden + b"xref\n0 " + _after_last(table, b"startxref\n", start)


# ---------------------------------------------------------------- common faults, without harm


def cross_reference_stream_without_itself() -> bytes:
    """The only object that is not listed is the list, as PDFBox wrote it for years (ISO 32000-2 §7.5.8.1)."""
    document, offsets = _numbered(PLAIN)
    rows = b"".join(struct.pack(">BIB", 1, offset, 0) for offset in offsets)
    number, start = len(PLAIN) + 1, len(document)
    entries = b"/Type/XRef/Root 1 0 R/Size %d/W[1 4 1]/Index[1 %d]" % (number + 1, len(PLAIN))
    return document + _stream_object(number, entries, rows) + b"startxref\n%d\n%%%%EOF\n" % start


def blanks_before_the_cross_reference() -> bytes:
    """`startxref` points to a line too early."""
    head, table = invoice().rsplit(b"xref\n0 ", 1)
    return head + b"\nxref\n0 " + table


def page_without_resources() -> bytes:
    """An empty page that does not say that it needs nothing."""
    return _assemble([PLAIN[0], PLAIN[1], PLAIN[2].replace(b"/Resources << >>", b"")])


def object_listed_at_the_very_beginning() -> bytes:
    """One that is nowhere, and should have been listed as free."""
    document = _assemble(PLAIN)
    row = b"0000000000 00000 n \n"
    return (
        document.replace(b"xref\n0 4\n", b"xref\n0 5\n")
        .replace(b"trailer", row + b"trailer")
        .replace(b"/Size 4", b"/Size 5")
    )


HARMLESS: dict[str, Callable[[], bytes]] = {
    fault.__name__: fault
    for fault in (
        cross_reference_stream_without_itself,
        blanks_before_the_cross_reference,
        page_without_resources,
        object_listed_at_the_very_beginning,
    )
}


# ---------------------------------------------------------------- hostile files


def empty() -> bytes:
    return b""


def not_a_pdf() -> bytes:
    return b"PK\x03\x04 an archive that calls itself invoice.pdf"


def header_only() -> bytes:
    return b"%PDF-1.7\n%%EOF\n"


def encrypted() -> bytes:
    """Opens with the password `secret` only."""
    output, canvas = _canvas("Encrypted", encrypt=StandardEncryption("secret", strength=128))
    canvas.drawString(MARGIN, HEIGHT / 2, "You know the password.")
    canvas.save()
    return output.getvalue()


def cut_in_half() -> bytes:
    document = invoice()
    return document[: len(document) // 2]


def cross_reference_points_past_the_end() -> bytes:
    return _after_last(invoice(), b"startxref\n", b"99999999\n%%EOF\n")


def cross_reference_is_shifted() -> bytes:
    """Each offset in the table is wrong by the length of a comment slipped in after the header."""
    header, rest = invoice().split(b"\n", 1)
    return header + b"\n% slipped in\n" + rest


def cross_reference_refers_to_itself() -> bytes:
    document = invoice()
    table = document.rsplit(b"startxref\n", 1)[1].split()[0]
    return document.replace(b"trailer\n<<", b"trailer\n<<\n/Prev " + table, 1)


def counts_too_few_objects() -> bytes:
    """Objects beyond /Size are missing (ISO 32000-2 §7.5.5), though viewers show them; new ones would hide them."""
    return re.sub(rb"/Size \d+", b"/Size 3", invoice())


def page_tree_refers_to_itself() -> bytes:
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [2 0 R] /Count 1 >>",
    ]
    return _assemble(objects)


def no_pages() -> bytes:
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [] /Count 0 >>",
    ]
    return _assemble(objects)


def nested_ten_thousand_deep() -> bytes:
    """Arrays in arrays: a reader that recurses without counting falls over."""
    depth = 10_000
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R /Deep " + b"[" * depth + b"]" * depth + b" >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] >>",
    ]
    return _assemble(objects)


def oversized(size: int = 100 * 2**20 + 1) -> bytes:
    """A valid document with a long tail of padding in front of its cross-reference."""
    return invoice() + b"%" + b" " * size + b"\n"


HOSTILE: dict[str, Callable[[], bytes]] = {
    defect.__name__: defect
    for defect in (
        empty,
        not_a_pdf,
        header_only,
        encrypted,
        cut_in_half,
        cross_reference_points_past_the_end,
        cross_reference_is_shifted,
        cross_reference_refers_to_itself,
        counts_too_few_objects,
        page_tree_refers_to_itself,
        no_pages,
        nested_ten_thousand_deep,
    )
}


# ---------------------------------------------------------------- drawing and assembling


def _canvas(title: str, **options: StandardEncryption) -> tuple[io.BytesIO, Canvas]:
    output = io.BytesIO()
    canvas = Canvas(output, pagesize=A4, invariant=True, pageCompression=1, **options)
    canvas.setTitle(title)
    canvas.setAuthor("Paraph sample documents")
    return output, canvas


def _heading(canvas: Canvas, title: str, line: str) -> None:
    canvas.setFont("Helvetica-Bold", 20)
    canvas.drawString(MARGIN, HEIGHT - 90, title)
    canvas.setFont("Helvetica", 11)
    canvas.drawString(MARGIN, HEIGHT - 120, line)


def _widget(
    pdf: pikepdf.Pdf, page: pikepdf.Page, name: str, kind: Name, rectangle: tuple[float, ...]
) -> pikepdf.Object:
    """A field and the widget that shows it, in one."""
    return pdf.make_indirect(
        Dictionary(
            Type=Name.Annot, Subtype=Name.Widget, FT=kind, T=String(name), Rect=Array(rectangle), F=4, P=page.obj
        )
    )


def _saved(pdf: pikepdf.Pdf, **options: object) -> bytes:
    output = io.BytesIO()
    pdf.save(output, deterministic_id="encryption" not in options, **options)  # type: ignore[arg-type]  # options go through
    return output.getvalue()


def _stream_object(number: int, entries: bytes, content: bytes) -> bytes:
    return b"%d 0 obj\n<<%b/Length %d>>\nstream\n%b\nendstream\nendobj\n" % (number, entries, len(content), content)


def _after_last(document: bytes, mark: bytes, replacement: bytes) -> bytes:
    return document.rsplit(mark, 1)[0] + mark + replacement


def _assemble(objects: Sequence[bytes]) -> bytes:
    """A file with a right cross-reference table around objects that may be wrong."""
    document, offsets = _numbered(objects)
    table = b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    table += b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    trailer = b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, len(document))
    return document + table + trailer


def _numbered(objects: Sequence[bytes]) -> tuple[bytes, list[int]]:
    """The objects behind a header, and where each begins."""
    document, offsets = b"%PDF-1.7\n", []
    for number, content in enumerate(objects, 1):
        offsets.append(len(document))
        document += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    return document, offsets
