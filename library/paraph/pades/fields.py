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


@dataclass(frozen=True, slots=True)
class Empty:
    """A field that waits for its signature."""

    name: str
    entries: pikepdf.Object


def signatures(pdf: pikepdf.Pdf) -> list[Filled]:
    """Every filled signature field, in the order of the form; pikepdf's exceptions pass through."""
    return [Filled(each.name, each.entries["/V"]) for each in _all(pdf) if _is_filled(each)]


def empty(pdf: pikepdf.Pdf) -> list[Empty]:
    """Every signature field that nobody has signed, in the order of the form; pikepdf's exceptions pass through."""
    return [each for each in _all(pdf) if not _is_filled(each)]


def _is_filled(field: Empty) -> bool:
    return isinstance(field.entries.get("/V"), pikepdf.Dictionary)


def _all(pdf: pikepdf.Pdf) -> Iterator[Empty]:
    form = pdf.Root.get("/AcroForm")
    if form is not None and "/Fields" in form:
        yield from _below(form["/Fields"], "", None, set())


def _below(
    fields: pikepdf.Object, prefix: str, kind: pikepdf.Object | None, seen: set[tuple[int, int]]
) -> Iterator[Empty]:
    for field in fields:
        if field.objgen in seen or len(seen) > _MOST:
            raise ValueError("a form that bites its tail, or larger than anyone makes")
        if field.is_indirect:
            seen.add(field.objgen)
        name = ".".join(part for part in (prefix, str(field.get("/T", ""))) if part)
        own = field.get("/FT", kind)
        if own == pikepdf.Name.Sig and (isinstance(field.get("/V"), pikepdf.Dictionary) or not _has_fields(field)):
            yield Empty(name, field)
        elif "/Kids" in field:
            yield from _below(field["/Kids"], name, own, seen)


def _has_fields(field: pikepdf.Object) -> bool:
    """Whether its kids are fields, not only widgets that show it (§12.7.4.1)."""
    return any("/T" in kid for kid in field.get("/Kids", ()))
