"""A cross-reference is believed only when all of it is true; each case here once slipped through or nearly."""

import io

import pikepdf
import pytest
from paraph.formats.pdf.document import Document
from paraph.formats.pdf.grammar import Unsupported
from paraph_testing import pdfs
from pikepdf import ObjectStreamMode

CLASSIC = pdfs.invoice()


def _compact() -> bytes:
    output = io.BytesIO()
    with pikepdf.open(io.BytesIO(CLASSIC)) as pdf:
        pdf.save(output, object_stream_mode=ObjectStreamMode.generate)
    return output.getvalue()


COMPACT = _compact()


@pytest.mark.parametrize("document", [CLASSIC, COMPACT, pdfs.compact(CLASSIC)])
def test_sound_documents_are_read(document: bytes) -> None:
    assert Document(document).page(0).entries[b"/Type"] == b"/Page"
    assert Document(document).page(-1).number == Document(document).page(0).number


@pytest.mark.parametrize(
    ("found", "replaced"),
    [
        (b" 00000 n", b" 00030 n"),
        (b"00000 n \n000", b"00000 x \n000"),
        (b"xref\n0 9", b"xref\n0 8"),
        (b"xref\n0 9", b"xref\n1 9"),
        (b"endobj\n", b"endobjX"),
        (b"/Size 9", b"/Size 8"),
        (b"/Size 9", b"/Sise 9"),
        (b"/Size 9", b"/Size 9/XRefStm 9"),
        (b"/Size 9", b"/Size 9/Encrypt 9 0 R"),
        (b"/Size 9", b"/Size 9/Prev 1476"),
        (b"/Size 9", b"/Size 9/Prev 3"),
        (b"%PDF-1.3", b"%PDG-1.3"),
        (b"%PDF-1.3", b"%PDF-x.3"),
        (b"%%EOF\n", b"%%EOF\nmore"),
        (b"5 0 obj", b"5 1 obj"),
        (b"/Type /Catalog", b"/Type /Katalog"),
        (b"/MediaBox [ 0 0 595.2756", b"/MediaBox [ 0 0 59 .2756"),
    ],
)
def test_a_table_with_one_lie_is_not_used(found: bytes, replaced: bytes) -> None:
    damaged = CLASSIC.replace(found, replaced)
    assert damaged != CLASSIC
    with pytest.raises(Unsupported):
        Document(damaged).page(0)


@pytest.mark.parametrize(
    ("found", "replaced"),
    [
        (b"/Predictor 12 ", b"/Predictor 120"),
        (b"/Type /XRef", b"/Type /XReg"),
        (b"/W [ 1 2 1 ]", b"/W [ 0 3 1 ]"),
        (b"/W [ 1 2 1 ]", b"/W [ 1 2 2 ]"),
        (b"/W [ 1 2 1 ]", b"/W [ 1 2 1 ]/Index[0 5 3 9]"),
        (b"/W [ 1 2 1 ]", b"/W [ 1 2 1 ]/Index[0]"),
        (b"/W [ 1 2 1 ]", b"/W [ 1 2 1 ]/Index[0 999999999999]"),
        (b"/Type /ObjStm", b"/Type /ObjStn"),
        (b"/Filter /FlateDecode", b"/Filter /FlateDekode"),
    ],
)
def test_a_stream_with_one_lie_is_not_used(found: bytes, replaced: bytes) -> None:
    damaged = COMPACT.replace(found, replaced)
    assert damaged != COMPACT
    with pytest.raises(Unsupported):
        Document(damaged).page(0)
