"""What could show or do something else later is refused before anybody signs, or taken out if one asks for it."""

import io
from collections.abc import Callable
from datetime import datetime

import pikepdf
import pypdfium2
import pytest
from paraph import pades
from paraph.errors import MisleadingDocument, ModificationForbidden
from paraph.formats.pdf import scan
from paraph.formats.pdf.document import Document
from paraph.keys.file import FileSigner
from paraph_testing import pdfs
from pikepdf import Array, Dictionary, Name, ObjectStreamMode, String

Change = Callable[[pikepdf.Pdf], None]
SCRIPT = "<</S/JavaScript/JS(app.beep\\(\\))>>"
WEB = "<</S/URI/URI(https://example.org/#terms)>>"


def saved(change: Change, **options: object) -> bytes:
    output = io.BytesIO()
    with pikepdf.open(io.BytesIO(pdfs.form())) as pdf:
        change(pdf)
        pdf.save(output, **options)  # type: ignore[arg-type]  # options go through
    return output.getvalue()


def made(text: str) -> pikepdf.Object:
    return pikepdf.Object.parse(text.encode())


def opening(action: str) -> Change:
    def change(pdf: pikepdf.Pdf) -> None:
        pdf.Root.OpenAction = pdf.make_indirect(made(action))

    return change


def link(action: str) -> Change:
    def change(pdf: pikepdf.Pdf) -> None:
        pdf.pages[1].obj.Annots = Array([Dictionary(Subtype=Name.Link, Rect=Array([0, 0, 9, 9]), A=made(action))])

    return change


def field_script(pdf: pikepdf.Pdf) -> None:
    pdf.Root.AcroForm.Fields[0].AA = Dictionary(K=made(SCRIPT))


def page_script(pdf: pikepdf.Pdf) -> None:
    pdf.pages[0].obj.AA = Dictionary(O=made(SCRIPT))


def named_script(pdf: pikepdf.Pdf) -> None:
    pdf.Root.Names = Dictionary(JavaScript=Dictionary(Names=Array([String("start"), pdf.make_indirect(made(SCRIPT))])))


def chained_script(pdf: pikepdf.Pdf) -> None:
    link(f"<</S/URI/URI(https://example.org)/Next[{SCRIPT}]>>")(pdf)


def bookmark(pdf: pikepdf.Pdf) -> None:
    item = pdf.make_indirect(Dictionary(Title=String("Annex"), A=Dictionary(S=Name.GoToR, F=String("annex.pdf"), D=0)))
    pdf.Root.Outlines = pdf.make_indirect(Dictionary(First=item, Last=item, Count=1))


def layer(pdf: pikepdf.Pdf, **entries: object) -> Dictionary:
    """An optional-content group, used on the first page."""
    group = pdf.make_indirect(Dictionary(Type=Name.OCG, Name=String("Discount"), **entries))
    pdf.pages[0].obj.Resources.Properties = Dictionary(L=group)
    return group


def hidden_layer(pdf: pikepdf.Pdf) -> None:
    group = layer(pdf)
    pdf.Root.OCProperties = Dictionary(OCGs=Array([group]), D=Dictionary(OFF=Array([group])))


def off_unless_asked(pdf: pikepdf.Pdf) -> None:
    group = layer(pdf)
    pdf.Root.OCProperties = Dictionary(OCGs=Array([group]), D=Dictionary(BaseState=Name.OFF))


def only_on_paper(pdf: pikepdf.Pdf) -> None:
    usage = Dictionary(View=Dictionary(ViewState=Name.OFF), Print=Dictionary(PrintState=Name.ON))
    group = layer(pdf, Usage=usage)
    automatic = Array([Dictionary(Event=Name.View, Category=Array([Name.View]), OCGs=Array([group]))])
    pdf.Root.OCProperties = Dictionary(OCGs=Array([group]), D=Dictionary(AS=automatic))


def inverse_layer(pdf: pikepdf.Pdf) -> None:
    group = layer(pdf)
    pdf.Root.OCProperties = Dictionary(OCGs=Array([group]), D=Dictionary())
    pdf.pages[0].obj.Resources.Properties = Dictionary(L=Dictionary(Type=Name.OCMD, OCGs=group, P=Name.AllOff))


def xfa(pdf: pikepdf.Pdf) -> None:
    pdf.Root.AcroForm.XFA = pdf.make_stream(b"<xdp/>")


def portfolio(pdf: pikepdf.Pdf) -> None:
    pdf.Root.Collection = Dictionary(D=String("other.pdf"))


def reference_form(pdf: pikepdf.Pdf) -> None:
    form = pdf.make_stream(b"", Type=Name.XObject, Subtype=Name.Form, Ref=Dictionary(F=String("other.pdf"), Page=0))
    pdf.pages[0].obj.Resources.XObject = Dictionary(X=form)


def image_elsewhere(pdf: pikepdf.Pdf) -> None:
    pdf.pages[0].obj.Contents.F = String("content.bin")


REMOVED: dict[str, Change] = {
    "the document runs JavaScript": opening(SCRIPT),
    "page 1 runs JavaScript": page_script,
    "the field city runs JavaScript": field_script,
    "page 2, a link runs JavaScript": chained_script,
    "page 2, a link starts a program": link("<</S/Launch/F(calc.exe)>>"),
    "page 2, a link opens another file": link("<</S/GoToE/T<</R/C/N(a.pdf)>>>>"),
    "page 2, a link brings in data": link("<</S/ImportData/F(data.fdf)>>"),
    "page 2, a link sends the form": link("<</S/SubmitForm/F(https://example.org)>>"),
    "page 2, a link shows or hides": link("<</S/Hide/T(city)>>"),
    "page 2, a link plays": link("<</S/Rendition/OP 0>>"),
    "a link opens another": link("<</S/URI/URI(file:///etc/passwd)>>"),
    "the document opens a web page by itself": opening(WEB),
    "a bookmark opens another file": bookmark,
    "the form is drawn from XML": xfa,
    "an attachment is shown instead": portfolio,
}
STAYS: dict[str, Change] = {
    "“Discount” is a layer": hidden_layer,
    "“Discount” is a layer that is not always seen": off_unless_asked,
    "“Discount” is a layer that": only_on_paper,
    "content of page 1 is a layer": inverse_layer,
    "a drawing on page 1 has its content": reference_form,
}


def attached(pdf: pikepdf.Pdf) -> None:
    pdf.attachments["factur-x.xml"] = b"<invoice/>"


def visible_layer(pdf: pikepdf.Pdf) -> None:
    group = layer(pdf, Usage=Dictionary(PageElement=Dictionary(Subtype=Name.HF)))
    pdf.Root.OCProperties = Dictionary(OCGs=Array([group]), D=Dictionary(ON=Array([group])))


HARMLESS: dict[str, Change] = {
    "a link to the web": link(WEB),
    "a link to an address": link("<</S/URI/URI(mailto:alice@example.org)>>"),
    "a link to a page": link("<</S/GoTo/D[0/Fit]>>"),
    "it opens at a page": opening("<</S/GoTo/D[0/Fit]>>"),
    "it opens the print dialogue": opening("<</S/Named/N/Print>>"),
    "an attachment": attached,
    "a layer that everybody sees": visible_layer,
    "an escaped name": lambda pdf: pdf.Root.__setitem__(Name("/Odd name"), 1),
}


def revised(document: bytes) -> bytes:
    """Another first page, saved behind the document as editors do."""
    from pyhanko.pdf_utils import generic  # noqa: PLC0415  loads slowly
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter  # noqa: PLC0415

    writer = IncrementalPdfFileWriter(io.BytesIO(document))
    page = writer.find_page_for_modification(0)[0]
    writer.mark_update(page)
    page.get_object()["/Contents"] = writer.add_object(generic.StreamObject(stream_data=b"0 0 m 9 9 l S"))
    output = io.BytesIO()
    writer.write(output)
    return output.getvalue()


def look(document: bytes) -> list[bytes]:
    pdf = pypdfium2.PdfDocument(document)
    return [bytes(page.render(scale=0.5).buffer) for page in pdf]


@pytest.mark.parametrize("said", [*REMOVED, *STAYS])
@pytest.mark.parametrize("mode", [ObjectStreamMode.disable, ObjectStreamMode.generate], ids=["classic", "compact"])
def test_what_could_mislead_is_refused_and_named(
    said: str, mode: ObjectStreamMode, bob: FileSigner, noon: datetime
) -> None:
    document = saved({**REMOVED, **STAYS}[said], object_stream_mode=mode)
    for verb in (
        lambda: pades.sign(document, bob, at=noon),
        lambda: pades.prepare(document, bob.certificate, at=noon),
        lambda: pades.sign(document, bob, at=noon, field="client"),
    ):
        with pytest.raises(MisleadingDocument, match=said):
            verb()
    assert any(said in str(finding) for finding in pades.inspect(document).misleading)


def test_a_script_by_name_is_found(bob: FileSigner, noon: datetime) -> None:
    with pytest.raises(MisleadingDocument, match="runs JavaScript"):
        pades.sign(saved(named_script), bob, at=noon)


def test_content_in_another_file_is_found(bob: FileSigner, noon: datetime) -> None:
    with pytest.raises(MisleadingDocument, match="content in another file"):
        pades.sign(saved(image_elsewhere), bob, at=noon)


def test_an_escaped_name_hides_nothing(bob: FileSigner, noon: datetime) -> None:
    document = pdfs._assemble(
        [
            b"<</Type/Catalog/Pages 2 0 R/OpenAction 4 0 R>>",
            b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
            b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 99 99]/Resources<<>>>>",
            b"<</#53/J#61vaScrip#74/J#53(app.beep())>>",
        ]
    )
    with pytest.raises(MisleadingDocument, match="runs JavaScript"):
        pades.sign(document, bob, at=noon)


@pytest.mark.parametrize("kind", HARMLESS)
def test_harmless_documents_pass(kind: str, bob: FileSigner, noon: datetime, judge: Callable[..., None]) -> None:
    document = saved(HARMLESS[kind])
    assert pades.inspect(document).misleading == ()
    judge(pades.sign(document, bob, at=noon))
    assert pades.normalise(document) == pades.Normalised(document, ())


@pytest.mark.parametrize("said", REMOVED)
def test_it_is_taken_out_on_request_and_reported(
    said: str, bob: FileSigner, noon: datetime, judge: Callable[..., None]
) -> None:
    document = saved(REMOVED[said])
    normalised = pades.normalise(document)
    assert any(said in str(finding) for finding in normalised.removed)
    assert look(normalised.document) == look(document)
    judge(pades.sign(normalised.document, bob, at=noon))


@pytest.mark.parametrize("said", STAYS)
def test_what_cannot_be_taken_out_stays_refused(said: str) -> None:
    with pytest.raises(MisleadingDocument, match=said):
        pades.normalise(saved(STAYS[said]))


def test_fields_and_attachments_survive(bob: FileSigner, noon: datetime) -> None:
    def change(pdf: pikepdf.Pdf) -> None:
        attached(pdf)
        field_script(pdf)
        pdf.Root.AcroForm.Fields[0].V = String("Lyon")

    with pikepdf.open(io.BytesIO(pades.normalise(saved(change)).document)) as pdf:
        assert str(pdf.Root.AcroForm.Fields[0].V) == "Lyon"
        assert pdf.attachments["factur-x.xml"].get_file().read_bytes() == b"<invoice/>"


def test_a_page_that_was_different_before_is_refused_or_forgotten(bob: FileSigner, noon: datetime) -> None:
    document = revised(pdfs.contract())
    with pytest.raises(MisleadingDocument, match="page 1 was different in an earlier version"):
        pades.sign(document, bob, at=noon)
    normalised = pades.normalise(document)
    assert normalised.document.count(b"%%EOF") == 1
    assert look(normalised.document) == look(document)
    pades.sign(normalised.document, bob, at=noon)


def test_a_filled_form_saved_again_is_no_other_document(bob: FileSigner, noon: datetime) -> None:
    from pyhanko.pdf_utils import generic  # noqa: PLC0415  loads slowly
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter  # noqa: PLC0415

    writer = IncrementalPdfFileWriter(io.BytesIO(pdfs.form()))
    field = writer.root["/AcroForm"]["/Fields"][0]
    field["/V"] = generic.pdf_string("Lyon")
    writer.update_container(field)
    output = io.BytesIO()
    writer.write(output)
    pades.sign(output.getvalue(), bob, at=noon)


def test_nothing_is_taken_out_of_a_signed_document(bob: FileSigner, noon: datetime) -> None:
    signed = pades.sign(saved(opening(SCRIPT)), bob, at=noon, allow_misleading=True)
    with pytest.raises(ModificationForbidden, match="is signed"):
        pades.normalise(signed)


def test_a_second_signer_is_protected_too(bob: FileSigner, carol: FileSigner, noon: datetime) -> None:
    signed = pades.sign(saved(opening(SCRIPT)), bob, at=noon, allow_misleading=True)
    with pytest.raises(MisleadingDocument):
        pades.sign(signed, carol, at=noon)


def test_signed_documents_are_not_told_that_they_have_a_history(
    bob: FileSigner, carol: FileSigner, noon: datetime
) -> None:
    once = pades.sign(pdfs.contract(), bob, at=noon, block=pades.Block(1, 300, 600, 200, 60, ("Bob",)))
    assert pades.inspect(once).misleading == ()
    pades.sign(once, carol, at=noon)


def test_encrypted_documents_are_looked_through(bob: FileSigner, noon: datetime) -> None:
    with pytest.raises(MisleadingDocument, match="runs JavaScript"):
        pades.sign(pdfs.locked(saved(opening(SCRIPT))), bob, at=noon, password="user")


@pytest.mark.parametrize(
    "hidden",
    [
        b"<</A(stream)/JS(x)>>",
        b"<</A<</B 1>>%stream\n/JS(x)>>",
        b"<</A<</B 1>>stream\n/JS(x)>>",
        b"<</X/#4a#53>>",
    ],
)
def test_the_quick_look_is_not_deceived_by_words_in_strings(hidden: bytes) -> None:
    document = pdfs._assemble(
        [
            b"<</Type/Catalog/Pages 2 0 R/OpenAction[3 0 R/Fit]>>",
            b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
            b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 99 99]/Resources<<>>>>",
            hidden,
        ]
    )
    assert not scan.is_plain(Document(document))


ORDINARY = [pdfs.invoice(), pdfs.contract(), pdfs.compact(pdfs.contract()), pdfs.form(), saved(attached)]


@pytest.mark.parametrize("document", ORDINARY)
def test_ordinary_documents_need_no_second_look(document: bytes, bob: FileSigner, noon: datetime) -> None:
    assert scan.is_plain(Document(document))
    assert scan.is_plain(Document(pades.sign(document, bob, at=noon)))
