"""The signature fields of a document, as qpdf sees them (ISO 32000-2 §12.7.5.5)."""

from dataclasses import dataclass

import pikepdf

from paraph.formats.pdf.fields import Field, walk


@dataclass(frozen=True, slots=True)
class Filled:
    """A field with a signature in it."""

    name: str
    value: pikepdf.Object


def signatures(pdf: pikepdf.Pdf) -> list[Filled]:
    """Every filled signature field, in the order of the form; pikepdf's exceptions pass through."""
    return [Filled(each.name, each.entries["/V"]) for each in walk(pdf, _is_for_a_signature) if _is_filled(each)]


def empty(pdf: pikepdf.Pdf) -> list[Field]:
    """Every signature field that nobody has signed, in the order of the form; pikepdf's exceptions pass through."""
    return [each for each in walk(pdf, _is_for_a_signature) if not _is_filled(each)]


def _is_filled(field: Field) -> bool:
    return isinstance(field.entries.get("/V"), pikepdf.Dictionary)


def _is_for_a_signature(field: Field) -> bool:
    return field.get("/FT") == pikepdf.Name.Sig and (_is_filled(field) or not field.has_fields)
