"""The gate: what a file is, before anybody spends time on signing it."""

from dataclasses import dataclass

import pikepdf

from paraph.errors import BrokenDocument
from paraph.formats.pdf import gate
from paraph.pades.fields import signatures

_MOST_PAGES = 20_000


@dataclass(frozen=True, slots=True)
class Facts:
    """What an acceptable PDF holds."""

    pages: int
    sizes: tuple[tuple[float, float], ...]
    """Width and height of each page as it is seen, in points."""
    signatures: int
    """How many are in it already, document time-stamps included."""


def inspect(document: bytes) -> Facts:
    """Open a PDF as a stranger's: strictly, within bounds, repairing nothing.

    Raises:
        EmptyDocument: not a byte.
        NotAPdf: something else.
        EncryptedDocument: protected by a password, or by restrictions.
        BrokenDocument: damaged, or without pages.
        TooLarge: it unpacks to far more than its size.
    """
    with gate.open_strictly(document) as pdf:
        try:
            sizes = tuple(_size(page) for page in pdf.pages)
            signed = len(signatures(pdf))
        except gate.SURPRISES as error:
            raise BrokenDocument(gate.DAMAGED) from error
        if not 0 < len(sizes) <= _MOST_PAGES or pdf.get_warnings():
            raise BrokenDocument(gate.DAMAGED)
    return Facts(len(sizes), sizes, signed)


def _size(page: pikepdf.Page) -> tuple[float, float]:
    left, bottom, right, top = (float(edge) for edge in page.cropbox)  # type: ignore[attr-defined]  arrays iterate
    width, height = abs(right - left), abs(top - bottom)
    turned = int(page.obj.get("/Rotate", 0)) % 180 == 90  # noqa: PLR2004  a quarter turn (ISO 32000-2 Table 31)
    return (height, width) if turned else (width, height)
