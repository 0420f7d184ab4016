"""Text fields of a form (ISO 32000-2 §12.7): which there are, and filling them before anybody signs.

What is filled in is drawn here, with an embedded font, so that every reader shows the same; nothing is left to a
reader's own idea of an appearance (`NeedAppearances`).
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from io import BytesIO

import pikepdf
from pikepdf import Array, Dictionary, Name

from paraph.errors import BrokenDocument, InputError, ModificationForbidden
from paraph.formats.pdf import font, gate
from paraph.formats.pdf.fields import Field, walk
from paraph.formats.pdf.font import Objects

_MULTILINE, _PASSWORD, _FILE, _COMB = 1 << 12, 1 << 13, 1 << 20, 1 << 24
_PADDING, _LEADING, _LARGEST, _SMALLEST, _STEP = 2.0, 1.2, 12.0, 4.0, 0.5
_SIZE = re.compile(rb"/\S+\s+([0-9.]+)\s+Tf")
_COLOUR = re.compile(rb"((?:[0-9.]+\s+){1,4})(g|rg|k)(?=\s|$)")
_TURNS = {90: (0, 1, -1, 0, 0, 0), 180: (-1, 0, 0, -1, 0, 0), 270: (0, -1, 1, 0, 0, 0)}


@dataclass(frozen=True, slots=True)
class TextField:
    """A field for text, by its full name."""

    name: str
    value: str = ""
    multiline: bool = False
    max_length: int | None = None


def text_fields(document: bytes) -> tuple[TextField, ...]:
    """The text fields of a form, in its order; none where there is no form.

    Raises:
        EncryptedDocument, BrokenDocument, TooLarge: it cannot be opened.
    """
    with gate.open_strictly(document) as pdf:
        try:
            return tuple(_described(each) for each in _fields(pdf) if _is_text(each))
        except gate.SURPRISES as error:
            raise BrokenDocument(gate.DAMAGED) from error


def fill(document: bytes, values: Mapping[str, str]) -> bytes:
    """The document with text in its fields, written anew; the same values give the same bytes.

    Raises:
        InputError: there is no such field, or it has no room for the text, or our font no letter for it.
        ModificationForbidden: somebody has signed it.
        EncryptedDocument, BrokenDocument, TooLarge: it cannot be opened.
    """
    with gate.open_strictly(document) as pdf:
        try:
            _fill(pdf, values)
            output = BytesIO()
            pdf.save(output, deterministic_id=True)
        except gate.SURPRISES as error:
            raise BrokenDocument(gate.DAMAGED) from error
        return output.getvalue()


def unshowable(text: str) -> str:
    """The letters of a text that our font does not have, each once."""
    return font.default().missing("".join(text.split()))


def _check(field: TextField, value: str) -> None:
    if field.max_length is not None and len(value) > field.max_length:
        raise InputError(f"The field {field.name} has room for {field.max_length} characters, not {len(value)}.")
    if missing := unshowable(value):
        raise InputError(f"The field {field.name} cannot show {missing}.")


def _described(field: Field) -> TextField:
    value = field.get("/V")
    text = str(value) if isinstance(value, pikepdf.String) else ""
    return TextField(field.name, text, bool(_flags(field) & _MULTILINE), _max_length(field))


def _fields(pdf: pikepdf.Pdf) -> Iterator[Field]:
    return walk(pdf, lambda field: not field.has_fields)


def _is_text(field: Field) -> bool:
    return field.get("/FT") == Name.Tx and not _flags(field) & (_PASSWORD | _FILE)


def _flags(field: Field) -> int:
    return int(field.get("/Ff") or 0)


def _max_length(field: Field) -> int | None:
    longest = field.get("/MaxLen")
    return None if longest is None else int(longest)


def _fill(pdf: pikepdf.Pdf, values: Mapping[str, str]) -> None:
    found = {each.name: each for each in _fields(pdf)}
    if any(each.get("/FT") == Name.Sig and "/V" in each.entries for each in found.values()):
        raise ModificationForbidden("The document is signed; its fields can no longer be filled in.")
    for name, value in values.items():
        if name not in found or not _is_text(found[name]):
            raise InputError(f"The form has no text field {name}.")
        _check(_described(found[name]), value)
    shown = _imported(pdf, "".join(values.values()))
    for name, value in values.items():
        _write(pdf, found[name], value, shown)
    _remove(pdf.Root.AcroForm, "/NeedAppearances", "/XFA")


def _write(pdf: pikepdf.Pdf, field: Field, value: str, shown: pikepdf.Object) -> None:
    field.entries.V = pikepdf.String(value)
    _remove(field.entries, "/RV")
    for widget in field.entries.get("/Kids", [field.entries]):  # where it is shown
        widget.AP = Dictionary(N=_appearance(pdf, field, widget, value, shown))


def _remove(entries: pikepdf.Object, *keys: str) -> None:
    for key in keys:
        if key in entries:
            del entries[key]


# ---------------------------------------------------------------- what is seen


@dataclass(frozen=True, slots=True)
class _Look:
    """The room that a widget has, and how its field wants its text."""

    width: float
    height: float
    size: float  # 0: as large as fits
    colour: bytes
    alignment: int
    multiline: bool
    cells: int  # 0: not a comb


def _appearance(
    pdf: pikepdf.Pdf, field: Field, widget: pikepdf.Object, value: str, shown: pikepdf.Object
) -> pikepdf.Object:
    left, bottom, right, top = (float(edge) for edge in widget.Rect)
    style = widget.get("/MK", Dictionary())
    turn = int(style.get("/R", 0)) % 360
    width, height = abs(right - left), abs(top - bottom)
    if turn in (90, 270):
        width, height = height, width
    look = _look(field, widget, width, height)
    content = _ground(style, look) + b"/Tx BMC\nq\n%b re W n\n" % _numbers(0, 0, width, height)
    content += b"BT\n%b\nET\nQ\nEMC\n" % _text(value, look)
    form = pdf.make_stream(
        content,
        Type=Name.XObject,
        Subtype=Name.Form,
        BBox=Array([0, 0, round(width, 3), round(height, 3)]),
        Resources=Dictionary(Font=Dictionary(ParaphText=shown)),
    )
    if turn in _TURNS:
        form.Matrix = Array(_TURNS[turn])
    return form


def _look(field: Field, widget: pikepdf.Object, width: float, height: float) -> _Look:
    said = bytes(widget.get("/DA") or field.get("/DA") or b"")
    size, colour = _SIZE.search(said), _COLOUR.search(said)
    comb = _flags(field) & _COMB and not _flags(field) & _MULTILINE and _max_length(field)
    return _Look(
        width,
        height,
        float(size[1]) if size else 0.0,
        colour[0] if colour else b"0 g",
        int(field.get("/Q") or 0),
        bool(_flags(field) & _MULTILINE),
        int(comb or 0),
    )


def _ground(style: pikepdf.Object, look: _Look) -> bytes:
    """The background and the border that the widget asks for."""
    drawn = b""
    for key, operators in (("/BG", {1: b"g", 3: b"rg", 4: b"k"}), ("/BC", {1: b"G", 3: b"RG", 4: b"K"})):
        colour = [float(part) for part in style.get(key, [])]
        if len(colour) in operators:
            box = _numbers(0.5, 0.5, look.width - 1, look.height - 1)
            drawn += b"q %b %b %b re %b Q\n" % (
                _numbers(*colour), operators[len(colour)], box, b"f" if key == "/BG" else b"S"
            )  # fmt: skip
    return drawn


def _text(value: str, look: _Look) -> bytes:
    """The operators between BT and ET."""
    lines = [" ".join(line.split()) for line in value.splitlines()] if look.multiline else [" ".join(value.split())]
    look, lines = _fitting(lines or [""], look)
    start = b"%b\n/ParaphText %b Tf\n" % (look.colour, _numbers(look.size))
    if look.cells:
        return start + _combed(lines[0], look)
    leading = look.size * _LEADING
    first = look.height - _PADDING - look.size if look.multiline else (look.height - look.size * 0.72) / 2
    rows = []
    for number, line in enumerate(lines):
        spare = look.width - 2 * _PADDING - font.default().width(line) * look.size
        x = _PADDING + max(spare, 0) * {1: 0.5, 2: 1.0}.get(look.alignment, 0.0)
        rows.append(b"1 0 0 1 %b Tm %b Tj" % (_numbers(x, first - number * leading), font.default().show(line)))
    return start + b"\n".join(rows)


def _combed(text: str, look: _Look) -> bytes:
    cell, y = look.width / look.cells, (look.height - look.size * 0.72) / 2
    return b"\n".join(
        b"1 0 0 1 %b Tm %b Tj"
        % (
            _numbers(place * cell + (cell - font.default().width(letter) * look.size) / 2, y),
            font.default().show(letter),
        )
        for place, letter in enumerate(text[: look.cells])
    )


def _fitting(lines: list[str], look: _Look) -> tuple[_Look, list[str]]:
    """At the size that the form asks for, or the largest at which everything is seen."""
    chosen = look.size
    size = chosen or min(_LARGEST, max(look.height - 2 * _PADDING, _SMALLEST))
    room = max(look.width - 2 * _PADDING, 1.0)
    while True:
        wrapped = _wrapped(lines, room / size) if look.multiline else lines
        widest = max(font.default().width(line) for line in wrapped) * size
        fits = widest <= room and len(wrapped) * size * _LEADING <= look.height
        if look.cells or fits or size <= _SMALLEST:
            return replace(look, size=size), wrapped
        size = max(size - _STEP, _SMALLEST)


def _wrapped(lines: list[str], width: float) -> list[str]:
    """Lines broken between words; a word that is too long stands alone."""
    found: list[str] = []
    for line in lines:
        current = ""
        for word in line.split(" "):
            longer = f"{current} {word}" if current else word
            if current and font.default().width(longer) > width:
                found.append(current)
                longer = word
            current = longer
        found.append(current)
    return found


def _imported(pdf: pikepdf.Pdf, text: str) -> pikepdf.Object:
    """Our font, with the glyphs of a text, as an object of the document."""
    number, objects = font.default().embed("".join(text.split()) + " ", iter(range(3, 100)).__next__)
    with pikepdf.open(BytesIO(_file(objects))) as carrier:
        return pdf.copy_foreign(carrier.get_object(number, 0))


def _file(objects: Objects) -> bytes:
    """The smallest PDF that holds these."""
    held = [(1, b"<</Type/Catalog/Pages 2 0 R>>"), (2, b"<</Type/Pages/Kids[]/Count 0>>"), *objects]
    body, places = bytearray(b"%PDF-1.7\n"), {}
    for number, content in held:
        places[number] = len(body)
        body += b"%d 0 obj\n%b\nendobj\n" % (number, content)
    table = b"".join(b"%010d 00000 n \n" % places[number] for number, _ in sorted(held))
    end = b"xref\n0 %d\n0000000000 65535 f \n%btrailer\n<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n"
    return bytes(body) + end % (len(held) + 1, table, len(held) + 1, len(body))


def _numbers(*values: float) -> bytes:
    return b" ".join(f"{value:.3f}".rstrip("0").rstrip(".").encode() for value in values)
