"""Where the sender wants the signature blocks: `pdfSignatureFields`, as the REST API writes them."""

from dataclasses import dataclass

from paraph_server.workflows.models import Document


@dataclass(frozen=True, slots=True)
class Place:
    """A rectangle on a page, in points from its top left corner; pages count from 1, -1 is the last."""

    page: int
    x: float
    y: float
    width: float
    height: float

    def fits(self, sizes: tuple[tuple[float, float], ...]) -> bool:
        """Whether it lies on one of the pages of these sizes."""
        if not 1 <= self.page <= len(sizes):
            return False
        width, height = sizes[self.page - 1]
        return self.x + self.width <= width + 1 and self.y + self.height <= height + 1


def place(document: Document, position: int) -> Place | None:
    """The place for one recipient: the n-th field is the n-th recipient's."""
    return _place(document, position) if position < len(document.signature_fields) else None


def places(document: Document) -> list[Place]:
    return [_place(document, position) for position in range(len(document.signature_fields))]


def _place(document: Document, position: int) -> Place:
    field = document.signature_fields[position]
    page = int(field["imagePage"])
    counted = page if page > 0 else (document.current.pages or 0) + 1 + page
    x, y, width, height = (float(field[f"image{name}"]) for name in ("X", "Y", "Width", "Height"))
    return Place(counted, x, y, width, height)
