"""What is a PDF/A stays one when it is signed (ISO 19005); `make conformance` asks veraPDF."""

import io
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime

import pikepdf
import pytest
from paraph import pades
from paraph.keys.file import FileSigner
from paraph.pades import Block, Changes
from paraph_testing import pdfs
from PIL import Image


def drawing() -> bytes:
    """A stroke, half of it pale, on nothing."""
    picture = Image.new("RGBA", (9, 2))
    for x in range(4):
        picture.putpixel((x, 0), (0, 0, 200, 255))
        picture.putpixel((x, 1), (0, 0, 200, 128))
    output = io.BytesIO()
    picture.save(output, "PNG")
    return output.getvalue()


BLOCK = Block(1, 300, 600, 200, 60, ("Bob Durand",), drawing())


@contextmanager
def field(document: bytes) -> Iterator[pikepdf.Object]:
    with pikepdf.open(io.BytesIO(document)) as pdf:
        yield pdf.Root.AcroForm.Fields[0]


@pytest.mark.parametrize("certify", [None, Changes.FORMS])
def test_in_the_first_part_every_field_has_an_appearance(
    certify: Changes | None, bob: FileSigner, noon: datetime, judge: Callable[..., None]
) -> None:
    """ISO 19005-1 §6.9; by the lean writer and by the general one."""
    signed = pades.sign(pdfs.archival("a-1b"), bob, at=noon, certify=certify)
    judge(signed)
    with field(signed) as found:
        assert found.AP.N.BBox == [0, 0, 0, 0]
    with field(pades.sign(pdfs.archival("a-2b"), bob, at=noon, certify=certify)) as found:
        assert "/AP" not in found


@pytest.mark.parametrize("certify", [None, Changes.FORMS])
@pytest.mark.parametrize("standard", ["a-1b", "a-2b"])
def test_nothing_is_transparent(
    standard: pdfs.Standard, certify: Changes | None, bob: FileSigner, noon: datetime, judge: Callable[..., None]
) -> None:
    signed = pades.sign(pdfs.archival(standard), bob, at=noon, certify=certify, block=BLOCK)
    judge(signed)
    with field(signed) as found:
        image = found.AP.N.Resources.XObject.I
        assert "/SMask" not in image
        assert image.read_bytes()[27:30] == bytes((127, 127, 227))
        assert image.Mask.read_bytes() == bytes([0b00001111, 0b10000000] * 2)


def test_elsewhere_the_page_shines_through(bob: FileSigner, noon: datetime, invoice: bytes) -> None:
    with field(pades.sign(invoice, bob, at=noon, block=BLOCK)) as found:
        image = found.AP.N.Resources.XObject.I
        assert image.SMask.read_bytes() == bytes([255] * 4 + [0] * 5 + [128] * 4 + [0] * 5)


def test_the_font_says_which_glyphs_it_has(bob: FileSigner, noon: datetime) -> None:
    """ISO 19005-1 §6.3.5: all numbers are there, most of them empty."""
    signed = pades.sign(pdfs.archival("a-1b"), bob, at=noon, block=BLOCK)
    with field(signed) as found:
        descriptor = found.AP.N.Resources.Font.F.DescendantFonts[0].FontDescriptor
        program, listed = descriptor.FontFile2.read_bytes(), int.from_bytes(descriptor.CIDSet.read_bytes())
    at = program.index(b"maxp")
    maximum = int.from_bytes(program[at + 8 : at + 12])
    glyphs = int.from_bytes(program[maximum + 4 : maximum + 6])
    assert listed.bit_count() == glyphs
    assert f"{listed:b}".rstrip("0") == "1" * glyphs
