"""A small file that unpacks to gigabytes is refused before any library sees it."""

import time
import zlib

import pytest
from paraph import pades
from paraph.errors import BrokenDocument, InputError, TooLarge
from paraph.formats.pdf import bounds
from paraph.formats.pdf.document import Document
from paraph.formats.pdf.grammar import Unsupported
from paraph_testing import pdfs


def bomb(size: int = 300 << 20) -> bytes:
    compressor = zlib.compressobj(9)
    piece = bytes(1 << 20)
    return b"".join([compressor.compress(piece) for _ in range(size >> 20)]) + compressor.flush()


def with_cross_reference(entries: bytes, content: bytes) -> bytes:
    head = b"%PDF-1.5\n"
    return head + (
        b"1 0 obj\n<<%b/W[1 4 1]/Size 5/Root 2 0 R/Length %d>>\nstream\n%b\nendstream\nendobj\nstartxref\n%d\n%%%%EOF\n"
        % (entries, len(content), content, len(head))
    )


FLATE = b"/Filter/FlateDecode"


@pytest.mark.parametrize(
    "entries",
    [
        b"/Type/XRef" + FLATE,
        b"/Type/XRef/Filter [ /FlateDecode ]",
        b"/Type/ObjStm" + FLATE,
        b"/T#79pe/XR#65f" + FLATE,
        b"/Type/XRef/DecodeParms<</Columns 5>>/Note(\\(a(b))" + FLATE,
    ],
)
def test_structure_that_unpacks_without_end_is_refused(entries: bytes) -> None:
    document = with_cross_reference(entries, bomb())
    began = time.perf_counter()
    with pytest.raises(TooLarge):
        bounds.check(document)
    with pytest.raises(InputError):
        pades.inspect(document)
    assert time.perf_counter() - began < 5


@pytest.mark.parametrize(
    "entries",
    [
        b"/Type/XRef/Filter[/FlateDecode/FlateDecode]",
        b"/Type/XRef/Filter 7 0 R",
        b"/Type/XRef/Filter/LZWDecode",
        b"/Type/XRef/Filter/FlateDecode/Filter/LZWDecode",
        b"/Type/XRef/F#69lter/LZWDecode",
    ],
)
def test_structure_packed_in_a_way_that_cannot_be_measured_is_refused(entries: bytes) -> None:
    with pytest.raises(BrokenDocument):
        bounds.check(with_cross_reference(entries, zlib.compress(bytes(100))))


@pytest.mark.parametrize(
    "entries",
    [
        b"/Note(obj)",
        b"/Note(\n7 0 obj<<)",
        b"/Note(\n7 0 obj<</A\\()/B 1",
        b"%\n",
        b"% 7 0 obj<<\n",
        b"%" + b" " * 2000 + b"7 0 obj<<\n",
        b"/Note(\n7 0 obj<<>>\nstream\n)",
        b"/K [\n7 0 obj<<>>]",
        b"\n7 0 obj<</A 1>>",
    ],
)
def test_structure_cannot_be_hidden_behind_a_false_beginning(entries: bytes) -> None:
    with pytest.raises(InputError):
        bounds.check(with_cross_reference(b"/Type/XRef" + FLATE + entries, bomb()))


def test_structure_cannot_be_hidden_in_other_structure() -> None:
    inner = with_cross_reference(b"/Type/XRef" + FLATE, bomb())
    outer = zlib.compress(inner, 0)  # as it is, only framed
    with pytest.raises(TooLarge):
        bounds.check(with_cross_reference(b"/Type/ObjStm" + FLATE, outer))


def test_many_false_beginnings_do_not_cost_hours() -> None:
    with pytest.raises(BrokenDocument):
        bounds.check(b"%PDF-1.5\n" + b"(obj stream\n" * 1_000_000)


def test_structure_cut_off_is_refused() -> None:
    with pytest.raises(BrokenDocument):
        bounds.check(with_cross_reference(b"/Type/XRef" + FLATE, zlib.compress(bytes(100))[:-4])[:-40])


def test_many_small_bombs_count_together() -> None:
    part = bomb(60 << 20)
    document = b"%PDF-1.5\n" + b"".join(
        b"%d 0 obj\n<</Type/ObjStm/Filter/FlateDecode/Length %d>>\nstream\n%b\nendstream\nendobj\n"
        % (n, len(part), part)
        for n in range(6)
    )
    with pytest.raises(TooLarge):
        bounds.check(document)


def test_pictures_and_pages_may_be_as_large_as_they_like() -> None:
    part = bomb(100 << 20)
    bounds.check(
        b"%%PDF-1.5\n1 0 obj\n<</Subtype/Image/Filter/FlateDecode/Length %d>>\nstream\n%b\nendstream\nendobj\n"
        % (len(part), part)
    )


def test_ordinary_documents_stay_within_bounds() -> None:
    bounds.check(pdfs.invoice())
    bounds.check(pdfs.compact(pdfs.contract()))


def test_the_lean_reader_inflates_no_bomb_either() -> None:
    with pytest.raises(Unsupported):
        Document(with_cross_reference(b"/Type/XRef" + FLATE, bomb()))
