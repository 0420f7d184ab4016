"""Where the visible block of a signer, or of a seal, stands in a document."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice, product

from paraph import pades
from paraph.pades import Block

from paraph_server.workflows import fields, queries
from paraph_server.workflows.fields import Place
from paraph_server.workflows.models import Document, Recipient
from paraph_server.workflows.placement import HEIGHT, WIDTH

GAP, MARGIN = 10.0, 36.0  # points


@dataclass(frozen=True, slots=True)
class Look:
    """How a signature shows in a document: the block, and the field of the file that it fills, if it fills one."""

    block: Block | None = None
    field: str = ""


def look(
    recipient: Recipient, document: Document, content: bytes, lines: tuple[str, ...], image: bytes | None = None
) -> Look:
    """Somebody's block on a document: where it was settled, else in the next free place on the last page.

    When that page is full, further signatures are invisible there; the evidence file names everybody.
    """
    if document.signature_profile is None or not document.signature_profile.visible:
        return Look()
    asked = [each.pk for each in queries.signers(recipient.workflow)]
    number = asked.index(recipient.pk) + 1
    place = fields.place(document, number) or _automatic(document, content, number)
    if place is None:
        return Look()
    if place.field:  # page and rectangle are the field's own
        return Look(Block(1, 0, 0, 1, 1, lines, image), place.field)
    return Look(Block(place.page, place.x, place.y, place.width, place.height, lines, image))


def _automatic(document: Document, content: bytes, number: int) -> Place | None:
    """The free place for the n-th signer: each who has no place of their own takes one."""
    settled = fields.places(document)
    before = sum(signer not in settled for signer in range(1, number))
    free = _free(pades.inspect(content).sizes, list(settled.values()))
    return next(islice(free, before, None), None)


def _free(sizes: Sequence[tuple[float, float]], taken: Sequence[Place]) -> Iterator[Place]:
    """Rows of places from the foot of the last page upwards, as many beside each other as fit, where nothing stands."""
    page_width, page_height = sizes[-1]
    width, height = min(WIDTH, page_width), min(HEIGHT, page_height)
    margin = min(MARGIN, (page_width - width) / 2, (page_height - height) / 2)
    columns = 1 + int((page_width - 2 * margin - width) // (width + GAP))
    rows = 1 + int((page_height - 2 * margin - height) // (height + GAP))
    for row, column in product(range(rows), range(columns)):
        x, y = margin + column * (width + GAP), page_height - margin - height - row * (height + GAP)
        place = Place(len(sizes), x, y, width, height)
        if not any(place.meets(other) for other in taken):
            yield place
