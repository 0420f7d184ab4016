"""What people see on the page: where it stands, what it says, in every alphabet of Europe."""

import io
import subprocess
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pikepdf
import pypdfium2
import pytest
from paraph import pades
from paraph.errors import InputError, TooLarge
from paraph.keys.file import FileSigner
from paraph.pades import Block, general
from paraph.pades.draft import SIGNATURE, Statement
from paraph_testing import pdfs
from PIL import Image, ImageChops, ImageDraw

LINES = ("Signé par Žofia Łęcka-Ünal", "le 23 novembre 2026 — « lu et approuvé »", "Réf. wfl_8sKqW2dT7HnPzR4vXyB3mC5L")


def drawing() -> bytes:
    """A stroke on nothing, as a finger draws it."""
    picture = Image.new("RGBA", (400, 160))
    ImageDraw.Draw(picture).line([(10, 100), (100, 20), (200, 140), (390, 30)], fill=(20, 30, 120, 255), width=8)
    output = io.BytesIO()
    picture.save(output, "PNG")
    return output.getvalue()


def turned(document: bytes, rotation: int) -> bytes:
    output = io.BytesIO()
    with pikepdf.open(io.BytesIO(document)) as pdf:
        for page in pdf.pages:
            page.rotate(rotation, relative=False)
        pdf.save(output)
    return output.getvalue()


def text(document: bytes, tmp_path: Path) -> str:
    path = tmp_path / "shown.pdf"
    path.write_bytes(document)
    return subprocess.run(["pdftotext", "-layout", path, "-"], capture_output=True, text=True, check=True).stdout


def seen(document: bytes, page: int) -> Image.Image:
    """The page as PDFium shows it, one pixel a point, forms drawn."""
    pdf = pypdfium2.PdfDocument(document)
    pdf.init_forms()
    return pdf[page].render(scale=1, may_draw_forms=True).to_pil().convert("RGB")


def changed(before: bytes, after: bytes, page: int) -> tuple[int, int, int, int]:
    box = ImageChops.difference(seen(before, page), seen(after, page)).getbbox()
    assert box is not None
    return box


def test_the_words_can_be_read_and_searched(
    bob: FileSigner, noon: datetime, invoice: bytes, judge: Callable[..., None], tmp_path: Path
) -> None:
    signed = pades.sign(invoice, bob, at=noon, block=Block(1, 300, 600, 240, 60, LINES))
    judge(signed)
    for line in LINES:
        assert line in text(signed, tmp_path)


def test_a_block_without_words_says_who_when_and_why(
    bob: FileSigner, noon: datetime, invoice: bytes, tmp_path: Path
) -> None:
    signed = pades.sign(invoice, bob, at=noon, name="Bob Durand", reason="Approuvé", block=Block(1, 300, 600, 200, 60))
    shown = text(signed, tmp_path)
    assert "Bob Durand" in shown
    assert "2026-11-23 12:00 UTC" in shown
    assert "Approuvé" in shown


@pytest.mark.parametrize("rotation", [0, 90, 180, 270])
@pytest.mark.parametrize("writer", ["lean", "general"])
def test_the_block_stands_where_it_was_put_however_the_page_is_turned(
    rotation: int, writer: str, bob: FileSigner, noon: datetime, judge: Callable[..., None]
) -> None:
    document = turned(pdfs.contract(), rotation)
    if writer == "general":
        document += b"junk"
        document = document.removesuffix(b"junk") + b"%junk\n"
    block = Block(2, 200, 380, 180, 60, LINES, drawing())
    if writer == "general":
        draft = general.append(document, Statement(SIGNATURE), reserve=10, block=block)
        signed = document + draft.fill(bytes(10))
    else:
        signed = pades.sign(document, bob, at=noon, block=block)
        judge(signed)
    left, top, right, bottom = changed(document, signed, 1)
    assert (200 - 1 <= left <= 200 + 2, 380 - 1 <= top <= 380 + 2) == (True, True)
    assert (380 - 2 <= right <= 380 + 1, 440 - 2 <= bottom <= 440 + 1) == (True, True)


def test_the_last_page_can_be_meant(bob: FileSigner, noon: datetime) -> None:
    document = pdfs.contract()
    signed = pades.sign(document, bob, at=noon, block=Block(-1, 56, 660, 200, 60, LINES))
    assert seen(document, 0).tobytes() == seen(signed, 0).tobytes()
    assert changed(document, signed, 2)


def test_letters_beyond_the_font_leave_a_mark_and_no_error(
    bob: FileSigner, noon: datetime, invoice: bytes, judge: Callable[..., None]
) -> None:
    judge(pades.sign(invoice, bob, at=noon, block=Block(1, 300, 600, 200, 60, ("署名 😀",))))


def test_long_lines_are_wrapped_and_stay_inside(bob: FileSigner, noon: datetime, invoice: bytes) -> None:
    signed = pades.sign(invoice, bob, at=noon, block=Block(1, 300, 600, 120, 80, ("mot " * 60, "x" * 200)))
    left, top, right, bottom = changed(invoice, signed, 0)
    assert left >= 299
    assert top >= 599
    assert right <= 421
    assert bottom <= 681


def test_a_drawing_alone_is_enough(bob: FileSigner, noon: datetime, invoice: bytes, judge: Callable[..., None]) -> None:
    judge(pades.sign(invoice, bob, at=noon, block=Block(1, 300, 600, 120, 60, image=drawing())))


@pytest.mark.parametrize(
    "block",
    [
        Block(1, 500, 600, 200, 60, LINES),
        Block(1, -5, 600, 200, 60, LINES),
        Block(1, 100, 800, 200, 60, LINES),
        Block(1, 100, 100, 0, 60, LINES),
        Block(2, 100, 100, 200, 60, LINES),
        Block(0, 100, 100, 200, 60, LINES),
    ],
)
def test_a_block_beside_the_page_is_refused(block: Block, bob: FileSigner, noon: datetime, invoice: bytes) -> None:
    with pytest.raises(InputError):
        pades.sign(invoice, bob, at=noon, block=block)


@pytest.mark.parametrize("image", [b"GIF89a", drawing()[:200], b"\x89PNG\r\n\x1a\n" + bytes(50)])
def test_what_is_no_png_is_refused(image: bytes, bob: FileSigner, noon: datetime, invoice: bytes) -> None:
    with pytest.raises(InputError):
        pades.sign(invoice, bob, at=noon, block=Block(1, 300, 600, 120, 60, image=image))


def test_a_picture_that_unpacks_to_gigabytes_is_refused(bob: FileSigner, noon: datetime, invoice: bytes) -> None:
    output = io.BytesIO()
    Image.new("1", (30_000, 30_000)).save(output, "PNG")
    with pytest.raises((TooLarge, InputError)):
        pades.sign(invoice, bob, at=noon, block=Block(1, 300, 600, 120, 60, image=output.getvalue()))


def test_only_the_letters_shown_are_embedded(bob: FileSigner, noon: datetime, invoice: bytes) -> None:
    plain = pades.sign(invoice, bob, at=noon)
    visible = pades.sign(invoice, bob, at=noon, block=Block(1, 300, 600, 240, 60, LINES))
    assert len(visible) - len(plain) < 16_000
