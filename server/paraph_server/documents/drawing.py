"""The program that draws pages: `python -m paraph_server.documents.drawing`, a child of `renderer`.

It knows nothing but the document it is given: no settings, no database, no keys.
"""

import ctypes
import json
import sys
from collections.abc import Iterator
from io import BytesIO
from typing import IO, Any

import pypdfium2  # type: ignore[import-untyped] # it carries no types
import pypdfium2.raw as pdfium  # type: ignore[import-untyped]
from PIL import Image, WebPImagePlugin  # noqa: F401  they are loaded before no file can be read any more

from paraph_server.documents.confinement import confine

MEMORY = 2 * 2**30  # bytes of address space
TALLEST = 4000  # pixels
LONGEST_TEXT = 100_000  # characters
LONGEST_TAG, MOST_TAGS = 48, 1000  # characters; in a document
FINENESS = 100  # PDFium says places in whole numbers: of hundredths of a point


def serve(requests: IO[bytes], answers: IO[bytes]) -> None:
    """Answer request after request until there are no more."""
    document: pypdfium2.PdfDocument | None = None
    for line in requests:
        request = json.loads(line)
        try:
            if size := request.get("bytes"):
                document = _open(requests.read(size))
            answer, content = _answer(document, request)
        except (pypdfium2.PdfiumError, MemoryError, ValueError) as error:
            answer, content = {"error": "unreadable", "reason": str(error)}, b""
        answers.write(json.dumps(answer | {"bytes": len(content)}).encode() + b"\n" + content)
        answers.flush()


def _open(content: bytes) -> pypdfium2.PdfDocument:
    document = pypdfium2.PdfDocument(content)
    document.init_forms()  # so that filled-in fields and signature blocks are drawn
    return document


def _answer(document: pypdfium2.PdfDocument | None, request: dict[str, Any]) -> tuple[dict[str, Any], bytes]:
    if document is None:
        raise ValueError("no document")
    if "tags" in request:
        return {}, json.dumps(
            [tag for page in range(len(document)) for tag in _tags(document, page)][:MOST_TAGS]
        ).encode()
    return _draw(document, request)


def _draw(document: pypdfium2.PdfDocument, request: dict[str, Any]) -> tuple[dict[str, Any], bytes]:
    if not 1 <= request["page"] <= len(document):
        return {"error": "no such page"}, b""
    page = document[request["page"] - 1]
    if "width" not in request:
        return {}, page.get_textpage().get_text_bounded()[:LONGEST_TEXT].encode(errors="replace")
    width, height = page.get_size()
    scale = min(request["width"] / max(width, 1), TALLEST / max(height, 1))
    image = page.render(scale=scale).to_pil().convert("RGB")
    file = BytesIO()
    image.save(file, "WEBP", quality=80, method=2)
    return {}, file.getvalue()


def _tags(document: pypdfium2.PdfDocument, index: int) -> Iterator[dict[str, Any]]:
    """What stands between double braces on a page, and where it begins as the page is seen."""
    page = document[index]
    text = page.get_textpage()
    search = text.search("{{")
    while (found := search.get_next()) is not None:
        written, closed, _ = text.get_text_range(found[0], LONGEST_TAG).partition("}}")
        if closed:
            corners = [
                _seen(page, *corner)
                for place in range(found[0], found[0] + len(written) + 2)
                for corner in _corners(text, place)
            ]
            if corners:
                yield {
                    "text": written + closed,
                    "page": index + 1,
                    "x": min(x for x, _ in corners),
                    "y": min(y for _, y in corners),
                }


def _corners(text: Any, place: int) -> list[tuple[float, float]]:
    """Two corners of a character; none of a blank that PDFium added."""
    try:
        left, bottom, right, top = text.get_charbox(place)
    except pypdfium2.PdfiumError:
        return []
    return [(left, bottom), (right, top)] if right > left else []


def _seen(page: Any, x: float, y: float) -> tuple[float, float]:
    """A place on a page as it is seen: cropped and turned, from its top left corner."""
    width, height = (round(side * FINENESS) for side in page.get_size())
    across, down = ctypes.c_int(), ctypes.c_int()
    pdfium.FPDF_PageToDevice(page, 0, 0, width, height, 0, x, y, across, down)
    return across.value / FINENESS, down.value / FINENESS


if __name__ == "__main__":
    confine(memory=MEMORY, seconds=0)
    serve(sys.stdin.buffer, sys.stdout.buffer)
