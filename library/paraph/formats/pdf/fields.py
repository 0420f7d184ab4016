"""The fields of a form, with their full names and what they inherit (ISO 32000-2 §12.7.4)."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

import pikepdf

_MOST = 20_000
_INHERITED = ("/FT", "/Ff", "/DA", "/Q", "/MaxLen")


@dataclass(frozen=True, slots=True)
class Field:
    """A field as it lies in the file, with what it inherits from those above it."""

    name: str
    entries: pikepdf.Object
    inherited: Mapping[str, pikepdf.Object]

    def get(self, key: str) -> pikepdf.Object | None:
        return self.entries.get(key, self.inherited.get(key))

    @property
    def has_fields(self) -> bool:
        """Whether its kids are fields, not only widgets that show it (§12.7.4.1)."""
        return any("/T" in kid for kid in self.entries.get("/Kids", ()))


def walk(pdf: pikepdf.Pdf, wanted: Callable[[Field], bool]) -> Iterator[Field]:
    """Every field that is wanted, in the order of the form; those below one that is not are looked at in its place.

    pikepdf's exceptions pass through.

    Raises:
        ValueError: the form bites its tail, or is larger than anyone makes.
    """
    form = pdf.Root.get("/AcroForm")
    if form is not None and "/Fields" in form:
        above = {key: form[key] for key in ("/DA", "/Q") if key in form}
        yield from _below(form["/Fields"], Field("", form, above), wanted, set())


def _below(
    fields: pikepdf.Object, above: Field, wanted: Callable[[Field], bool], seen: set[tuple[int, int]]
) -> Iterator[Field]:
    for entries in fields:
        if entries.objgen in seen or len(seen) > _MOST:
            raise ValueError("a form that bites its tail, or larger than anyone makes")
        if entries.is_indirect:
            seen.add(entries.objgen)
        name = ".".join(part for part in (above.name, str(entries.get("/T", ""))) if part)
        inherited = {**above.inherited, **{key: entries[key] for key in _INHERITED if key in entries}}
        field = Field(name, entries, inherited)
        if wanted(field):
            yield field
        elif "/Kids" in entries:
            yield from _below(entries["/Kids"], field, wanted, seen)
