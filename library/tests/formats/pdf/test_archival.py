"""Which part of PDF/A a document claims, however its metadata are written."""

import pytest
from paraph.formats.pdf import archival
from paraph.formats.pdf.document import Document
from paraph_testing import pdfs

ELEMENT = '<rdf:Description xmlns:{0}="http://www.aiim.org/pdfa/ns/id/"><{0}:part>{1}</{0}:part>'
ATTRIBUTE = "<rdf:Description {0}:part='{1}' {0}:conformance='B' xmlns:{0}='http://www.aiim.org/pdfa/ns/id/'/>"


@pytest.mark.parametrize("written", [ELEMENT, ATTRIBUTE])
@pytest.mark.parametrize("prefix", ["pdfaid", "x.y-z"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "utf-16-be", "utf-32"])
def test_however_it_is_written(written: str, prefix: str, encoding: str) -> None:
    assert archival.part(written.format(prefix, 2).encode(encoding)) == 2


@pytest.mark.parametrize(
    "metadata",
    [
        b"",
        b"http://www.aiim.org/pdfa/ns/id/ pdfaid:part>1<",
        b"xmlns:pdfaid='http://www.aiim.org/pdfa/ns/id/' other:part='1'",
        b"xmlns:pdfaid='http://www.aiim.org/pdfa/ns/id/' pdfaid:parts='1'",
        b"xmlns:(='http://www.aiim.org/pdfa/ns/id/' (:part='1'",
    ],
)
def test_where_nothing_is_claimed_nothing_is_found(metadata: bytes) -> None:
    assert archival.part(metadata) is None


@pytest.mark.parametrize(("standard", "part"), [("a-1b", 1), ("a-2b", 2), ("a-3b", 3), ("a-4", 4)])
def test_of_a_document(standard: pdfs.Standard, part: int) -> None:
    assert archival.part(Document(pdfs.archival(standard)).metadata()) == part
    assert archival.part(Document(pdfs.invoice()).metadata()) is None
