"""The signature fields of a document, as qpdf sees them (ISO 32000-2 §12.7.5.5)."""

from collections.abc import Iterator
from dataclasses import dataclass

import pikepdf

_MOST = 20_000


@dataclass(frozen=True, slots=True)
class Filled:
    """A field with a signature in it."""

    name: str
    value: pikepdf.Object


def signatures(pdf: pikepdf.Pdf) -> list[Filled]:
    """Every filled signature field, in the order of the form; pikepdf's exceptions pass through."""
    form = pdf.Root.get("/AcroForm")
    if form is None or "/Fields" not in form:
        return []
    return list(_below(form["/Fields"], "", None, set()))


def _below(
    fields: pikepdf.Object, prefix: str, kind: pikepdf.Object | None, seen: set[tuple[int, int]]
) -> Iterator[Filled]:
    for field in fields:
        if field.objgen in seen or len(seen) > _MOST:
            raise ValueError("a form that bites its tail, or larger than anyone makes")
        if field.is_indirect:
            seen.add(field.objgen)
        name = ".".join(part for part in (prefix, str(field.get("/T", ""))) if part)
        own = field.get("/FT", kind)
        if own == pikepdf.Name.Sig and isinstance(field.get("/V"), pikepdf.Dictionary):
            yield Filled(name, field["/V"])
        elif "/Kids" in field:
            yield from _below(field["/Kids"], name, own, seen)
