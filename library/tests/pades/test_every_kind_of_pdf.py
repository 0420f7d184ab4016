"""Whatever comes in: a valid signature goes out, or a clear refusal; nothing else."""

import io
from collections.abc import Callable
from datetime import datetime

import pikepdf
import pytest
from paraph import pades
from paraph.errors import BrokenDocument, EmptyDocument, EncryptedDocument, NotAPdf, ParaphError
from paraph.formats.pdf.document import Document
from paraph.formats.pdf.grammar import Unsupported
from paraph.keys.file import FileSigner
from paraph.pades import Block, lean
from paraph.pades.draft import SIGNATURE, Statement
from paraph_testing import pdfs
from pikepdf import Array, Dictionary, Name, ObjectStreamMode, String

COMPACT = {"object_stream_mode": ObjectStreamMode.generate}


def saved(change: Callable[[pikepdf.Pdf], None] = lambda _: None, **options: object) -> bytes:
    """The contract, changed and written again by qpdf."""
    output = io.BytesIO()
    with pikepdf.open(io.BytesIO(pdfs.contract())) as pdf:
        change(pdf)
        pdf.save(output, **options)  # type: ignore[arg-type]  # options go through
    return output.getvalue()


def form(pdf: pikepdf.Pdf, *, direct: bool = False, **entries: object) -> None:
    """A text field on the first page."""
    field = pdf.make_indirect(
        Dictionary(
            Type=Name.Annot, Subtype=Name.Widget, FT=Name.Tx, T=String("city"), Rect=Array([50, 50, 150, 70]), F=4
        )
    )
    pdf.pages[0].obj.Annots = Array([field])
    made = Dictionary(Fields=Array([field]), DA=String("/Helv 0 Tf 0 g"), **entries)
    pdf.Root.AcroForm = made if direct else pdf.make_indirect(made)


def indirect_fields(pdf: pikepdf.Pdf) -> None:
    form(pdf)
    pdf.Root.AcroForm.Fields = pdf.make_indirect(pdf.Root.AcroForm.Fields)


def indirect_annotations(pdf: pikepdf.Pdf) -> None:
    form(pdf)
    pdf.pages[0].obj.Annots = pdf.make_indirect(pdf.pages[0].obj.Annots)


def nested_fields(pdf: pikepdf.Pdf) -> None:
    form(pdf)
    field = pdf.Root.AcroForm.Fields[0]
    parent = pdf.make_indirect(Dictionary(T=String("address"), Kids=Array([field])))
    field.Parent = parent
    pdf.Root.AcroForm.Fields = Array([parent])


def taken_names(pdf: pikepdf.Pdf) -> None:
    """Somebody else's fields carry the names we would choose."""
    form(pdf)
    for number in range(60, 120):
        field = pdf.make_indirect(Dictionary(FT=Name.Tx, T=String(f"Signature{number}")))
        pdf.Root.AcroForm.Fields.append(field)


def escaped_names(pdf: pikepdf.Pdf) -> None:
    pdf.Root[Name("/Odd name")] = True


def linked(pdf: pikepdf.Pdf) -> None:
    """A direct link annotation."""
    action = Dictionary(S=Name.URI, URI=String("https://example.org/a(b)c"))
    pdf.pages[0].obj.Annots = Array(
        [Dictionary(Type=Name.Annot, Subtype=Name.Link, Rect=Array([0, 0, 9, 9]), A=action)]
    )


def updated(document: bytes) -> bytes:
    """One earlier incremental revision, by another library."""
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter  # noqa: PLC0415  loads slowly

    writer = IncrementalPdfFileWriter(io.BytesIO(document))
    writer.root["/Lang"] = __import__("pyhanko.pdf_utils.generic", fromlist=["generic"]).pdf_string("fr-FR")
    writer.update_root()
    output = io.BytesIO()
    writer.write(output)
    return output.getvalue()


LEAN = {
    "an invoice": pdfs.invoice,
    "a contract": pdfs.contract,
    "object streams": lambda: saved(**COMPACT),
    "object streams of another library": lambda: pdfs.compact(pdfs.contract()),
    "linearized": lambda: saved(linearize=True),
    "linearized with object streams": lambda: saved(linearize=True, **COMPACT),
    "no object streams": lambda: saved(object_stream_mode=ObjectStreamMode.disable),
    "an earlier revision": lambda: updated(pdfs.invoice()),
    "an earlier revision over object streams": lambda: updated(saved(**COMPACT)),
    "a form behind a reference": lambda: saved(form),
    "a form in the catalog": lambda: saved(lambda pdf: form(pdf, direct=True)),
    "a form in an object stream": lambda: saved(form, **COMPACT),
    "fields behind a reference": lambda: saved(indirect_fields),
    "annotations behind a reference": lambda: saved(indirect_annotations),
    "annotations behind a reference in an object stream": lambda: saved(indirect_annotations, **COMPACT),
    "a link with nested parentheses": lambda: saved(linked),
    "blanks behind the end": lambda: pdfs.invoice() + b"\n \r\n",
}
GENERAL = {
    "nested fields": lambda: saved(nested_fields),
    "field names that are taken": lambda: saved(taken_names),
    "escaped names": lambda: saved(escaped_names),
    "an XFA form": lambda: saved(
        lambda pdf: form(pdf, XFA=Array([String("template"), pdf.make_stream(b"<template/>")]))
    ),
    "a form that viewers must draw": lambda: saved(lambda pdf: form(pdf, NeedAppearances=True)),
    "junk behind the end": lambda: pdfs.invoice() + b"junk\n",
    "junk before the header": lambda: b"\n\n" + pdfs.invoice(),
}


def is_lean(document: bytes) -> bool:
    try:
        lean.append(Document(document), Statement(SIGNATURE), reserve=100)
    except Unsupported:
        return False
    return True


@pytest.mark.parametrize("name", LEAN)
def test_ordinary_documents_are_signed_by_the_lean_writer(
    name: str, bob: FileSigner, noon: datetime, judge: Callable[..., None]
) -> None:
    document = LEAN[name]()
    assert is_lean(document)
    judge(pades.sign(document, bob, at=noon))


@pytest.mark.parametrize("name", GENERAL)
def test_the_others_are_signed_by_the_general_writer_or_refused(
    name: str, bob: FileSigner, noon: datetime, judge: Callable[..., None]
) -> None:
    document = GENERAL[name]()
    assert not is_lean(document)
    try:
        signed = pades.sign(document, bob, at=noon)
    except ParaphError:
        return
    judge(signed)


def test_a_hybrid_reference_file_is_signed_with_what_old_readers_do_not_see(
    bob: FileSigner, carol: FileSigner, noon: datetime, judge: Callable[..., None]
) -> None:
    document = pdfs.hybrid()
    assert not is_lean(document)
    signed = pades.sign(pades.sign(document, bob, at=noon), carol, at=noon)
    judge(signed, signatures=2)
    with pikepdf.open(io.BytesIO(signed)) as pdf:
        assert str(pdf.docinfo.Title) == "Seen by readers of PDF 1.5"


@pytest.mark.parametrize("kind", ["escaped names", "nested fields"])
def test_the_general_writer_leaves_version_and_metadata_alone(kind: str, bob: FileSigner, noon: datetime) -> None:
    document = GENERAL[kind]()
    with (
        pikepdf.open(io.BytesIO(document)) as before,
        pikepdf.open(io.BytesIO(pades.sign(document, bob, at=noon))) as after,
    ):
        assert dict(before.docinfo) == dict(after.docinfo)
        assert "/Version" not in after.Root


@pytest.mark.parametrize("defect", pdfs.HOSTILE)
def test_hostile_documents_are_refused_clearly(defect: str, bob: FileSigner, noon: datetime) -> None:
    expected = {"empty": EmptyDocument, "not_a_pdf": NotAPdf, "encrypted": EncryptedDocument}.get(
        defect, BrokenDocument
    )
    for verb in (lambda document: pades.sign(document, bob, at=noon), pades.inspect):
        with pytest.raises(expected):
            verb(pdfs.HOSTILE[defect]())


def test_a_restricted_document_that_opens_without_password_counts_as_encrypted(bob: FileSigner, noon: datetime) -> None:
    document = saved(encryption=pikepdf.Encryption(owner="secret", user=""))
    with pytest.raises(EncryptedDocument):
        pades.sign(document, bob, at=noon)


@pytest.mark.parametrize("name", [*LEAN, *GENERAL])
def test_what_the_gate_lets_in_can_be_signed(name: str, bob: FileSigner, noon: datetime) -> None:
    document = {**LEAN, **GENERAL}[name]()
    try:
        facts = pades.inspect(document)
    except BrokenDocument:
        assert name in GENERAL
        return
    assert facts.pages >= 1
    assert not facts.locked
    pades.sign(document, bob, at=noon, allow_misleading=bool(facts.misleading))


def test_a_signed_document_begins_with_the_original_bytes(bob: FileSigner, noon: datetime, invoice: bytes) -> None:
    assert pades.sign(invoice, bob, at=noon).startswith(invoice)


def test_the_claimed_time_is_an_argument(bob: FileSigner, invoice: bytes) -> None:
    at = datetime.fromisoformat("2026-07-01T18:30:00+02:00")
    assert pades.read(pades.sign(invoice, bob, at=at))[0].claimed_at == at


@pytest.mark.parametrize("fault", pdfs.HARMLESS)
def test_common_faults_do_no_harm(fault: str, bob: FileSigner, noon: datetime, judge: Callable[..., None]) -> None:
    """Every reader gets over them in the same way; nothing is repaired, and what is added has none of them."""
    document = pdfs.HARMLESS[fault]()
    signed = pades.sign(document, bob, at=noon, block=Block(1, 100, 100, 200, 60, ("Bob",)))
    assert signed.startswith(document)
    judge(signed, faulty=True)
    assert pades.inspect(signed).signatures == 1
