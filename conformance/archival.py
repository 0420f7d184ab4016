"""PDF/A, seen and unseen, at every level, by one and by two: it stays the PDF/A that it was (ISO 19005)."""

import io
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import get_args

import pikepdf
from paraph.pades import Block, Changes
from paraph.signatures import Level
from paraph_testing import pdfs
from paraph_testing.status import StatusService
from PIL import Image

from conformance import judges
from conformance.judges import Verdict
from conformance.pdfs import LONG_TERM, Office


def verdicts(folder: Path) -> Iterator[Verdict]:
    """Make everything in `folder` and have it judged."""
    folder.mkdir()
    with StatusService(datetime.now(UTC) - timedelta(minutes=1)) as service:
        office = Office(service.pki)
        documents = {
            folder / f"{name}.pdf": (document, standard.removeprefix("a-"))
            for standard in get_args(pdfs.Standard)
            for name, document in _signed(office, standard)
        }
    for path, (document, _) in documents.items():
        path.write_bytes(document)
        yield judges.qpdf(path)
    yield from judges.verapdf({path: standard for path, (_, standard) in documents.items()})
    yield from _control(folder)


def _signed(office: Office, standard: pdfs.Standard) -> Iterator[tuple[str, bytes]]:
    document = pdfs.archival(standard)
    place = Block(1, 60, 600, 200, 60, ("Bob Durand", "Łódź, été, naïveté"))
    blocks = {"unseen": None, "words": place, "drawing": Block(1, 60, 600, 200, 60, place.lines, _drawing())}
    yield standard, document
    for shown, block in blocks.items():
        for level in Level:
            yield f"{standard}-{shown}-{level}", office.sign(document, office.pki.bob, level, block=block)
        certified = office.sign(document, office.pki.bob, Level.T, block=block, certify=Changes.FORMS)
        both = office.sign(certified, office.pki.carol, Level.T)
        for level in LONG_TERM:
            yield f"{standard}-{shown}-certified-two-{level}", office.extend(both, level)


def _drawing() -> bytes:
    """A stroke that is pale at its edges, on nothing."""
    picture = Image.new("RGBA", (200, 80))
    for x in range(200):
        for y, opacity in enumerate((60, 255, 255, 60), 38):
            picture.putpixel((x, y), (20, 30, 120, opacity))
    output = io.BytesIO()
    picture.save(output, "PNG")
    return output.getvalue()


def _control(folder: Path) -> Iterator[Verdict]:
    """What must be refused, to know that the judge is awake: a claim that is not kept."""
    path = folder / "not-embedded.pdf"
    with pikepdf.open(io.BytesIO(pdfs.archival("a-2b"))) as pdf:
        del pdf.Root.OutputIntents
        pdf.pages[0].Contents = pdf.make_stream(b"/DeviceRGB cs 1 0 0 sc 10 10 20 20 re f")
        pdf.save(path)
    for verdict in judges.verapdf({path: "2b"}):
        yield Verdict(verdict.judge, verdict.artefact, not verdict.passed, f"must be refused: {verdict.says}")
