"""Where the signature blocks stand: `pdfSignatureFields`, as the REST API writes them."""

from dataclasses import dataclass
from typing import Any

from paraph_server.workflows.models import Document

EDGES = ("X", "Y", "Width", "Height")


@dataclass(frozen=True, slots=True)
class Place:
    """A rectangle on a page, in points from its top left corner; pages count from 1.

    Or a signature field of the file, by its name: then page and rectangle are the field's own.
    """

    page: int = 0
    x: float = 0
    y: float = 0
    width: float = 0
    height: float = 0
    field: str = ""

    def fits(self, sizes: tuple[tuple[float, float], ...]) -> bool:
        """Whether it lies on one of the pages of these sizes."""
        if not 1 <= self.page <= len(sizes):
            return False
        width, height = sizes[self.page - 1]
        inside = self.x >= 0 <= self.y
        return inside and self.x + self.width <= width + 1 and self.y + self.height <= height + 1

    def meets(self, other: "Place") -> bool:
        """Whether the two lie over each other."""
        beside = self.x + self.width <= other.x or other.x + other.width <= self.x
        below = self.y + self.height <= other.y or other.y + other.height <= self.y
        return self.page == other.page and not (beside or below)

    def written(self, signer: int) -> dict[str, Any]:
        """As the API writes it."""
        if self.field:
            return {"signer": signer, "fieldName": self.field}
        edges = (self.x, self.y, self.width, self.height)
        return {"signer": signer, "imagePage": self.page} | {f"image{n}": v for n, v in zip(EDGES, edges, strict=True)}


def place(document: Document, signer: int) -> Place | None:
    """The place for the n-th signer, from 1, if there is one."""
    return places(document).get(signer)


def places(document: Document) -> dict[int, Place]:
    """The places by signer: the one that a field names, else that of its place in the list; the last word counts."""
    return {
        field.get("signer") or number: _place(document, field)
        for number, field in enumerate(document.signature_fields, start=1)
    }


def _place(document: Document, field: dict[str, Any]) -> Place:
    if name := field.get("fieldName"):
        return Place(field=name)
    page = int(field["imagePage"])
    counted = page if page > 0 else (document.current.pages or 0) + 1 + page
    x, y, width, height = (float(field[f"image{edge}"]) for edge in EDGES)
    return Place(counted, x, y, width, height)
