"""The gate: what a file is, before anybody spends time on signing it."""

from dataclasses import dataclass

import pikepdf

from paraph.errors import BrokenDocument, ModificationForbidden
from paraph.formats.mapped import Data
from paraph.formats.pdf import gate
from paraph.pades import screening
from paraph.pades.draft import SIGNATURE, Statement
from paraph.pades.fields import empty, signatures
from paraph.pades.misleading import Finding
from paraph.pades.prepare import append

_MOST_PAGES = 20_000


@dataclass(frozen=True, slots=True)
class Facts:
    """What an acceptable PDF holds."""

    pages: int
    sizes: tuple[tuple[float, float], ...]
    """Width and height of each page as it is seen, in points."""
    signatures: int
    """How many are in it already, document time-stamps included."""
    fields: tuple[str, ...]
    """The names of the signature fields that nobody has signed, in the order of the form."""
    locked: bool
    """An earlier signature certifies the document and forbids any further one."""
    misleading: tuple[Finding, ...]
    """What could make it show later what its signer did not see, and is refused by those who sign."""


def inspect(document: Data, *, password: str = "") -> Facts:
    """Open a PDF as a stranger's: strictly, within bounds, repairing nothing.

    Raises:
        EmptyDocument: not a byte.
        NotAPdf: something else.
        EncryptedDocument: protected by a password, or by restrictions, and `password` does not open it.
        BrokenDocument: damaged, without pages, or of a make that cannot be signed.
        TooLarge: it unpacks to far more than its size.
    """
    with gate.open_strictly(document, password) as pdf:
        try:
            sizes = tuple(_size(page) for page in pdf.pages)
            signed = len(signatures(pdf))
            waiting = tuple(each.name for each in empty(pdf))
            found = screening.screen(pdf, document, password)
        except gate.SURPRISES as error:
            raise BrokenDocument(gate.DAMAGED) from error
        gate.check(pdf)
        if not 0 < len(sizes) <= _MOST_PAGES:
            raise BrokenDocument(gate.DAMAGED)
    return Facts(len(sizes), sizes, signed, waiting, _locked(document, password), screening.findings(found))


def _locked(document: Data, password: str) -> bool:
    """Rehearse a signature: what passes here can be signed, or is known to be locked."""
    try:
        append(document, Statement(SIGNATURE), reserve=0, password=password, allow_misleading=True)
    except ModificationForbidden:
        return True
    return False


def _size(page: pikepdf.Page) -> tuple[float, float]:
    left, bottom, right, top = (float(edge) for edge in page.cropbox)
    width, height = abs(right - left), abs(top - bottom)
    turned = int(page.obj.get("/Rotate", 0)) % 180 == 90  # noqa: PLR2004  a quarter turn (ISO 32000-2 Table 31)
    return (height, width) if turned else (width, height)
