"""The program that draws pages: `python -m paraph_server.documents.drawing`, a child of `renderer`.

It knows nothing but the document it is given: no settings, no database, no keys.
"""

import json
import resource
import sys
from io import BytesIO
from typing import IO, Any

import pypdfium2  # type: ignore[import-untyped] # it carries no types

MEMORY = 2 * 2**30  # bytes of address space
TALLEST = 4000  # pixels
LONGEST_TEXT = 100_000  # characters


def serve(requests: IO[bytes], answers: IO[bytes]) -> None:
    """Answer request after request until there are no more."""
    document: pypdfium2.PdfDocument | None = None
    for line in requests:
        request = json.loads(line)
        try:
            if size := request.get("bytes"):
                document = _open(requests.read(size))
            answer, content = _draw(document, request)
        except (pypdfium2.PdfiumError, MemoryError, ValueError) as error:
            answer, content = {"error": "unreadable", "reason": str(error)}, b""
        answers.write(json.dumps(answer | {"bytes": len(content)}).encode() + b"\n" + content)
        answers.flush()


def _open(content: bytes) -> pypdfium2.PdfDocument:
    document = pypdfium2.PdfDocument(content)
    document.init_forms()  # so that filled-in fields and signature blocks are drawn
    return document


def _draw(document: pypdfium2.PdfDocument | None, request: dict[str, Any]) -> tuple[dict[str, Any], bytes]:
    if document is None:
        raise ValueError("no document")
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


if __name__ == "__main__":
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    serve(sys.stdin.buffer, sys.stdout.buffer)
