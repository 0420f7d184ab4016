"""The visible block of a signature: where it stands and what it shows."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from paraph.errors import InputError
from paraph.formats.pdf import font
from paraph.formats.pdf.font import Objects, stream
from paraph.formats.pdf.image import Image

_PADDING = 4.0
_LARGEST, _LEGIBLE, _SMALLEST, _STEP = 10.0, 6.5, 4.0, 0.5
_ROUNDING = 1e-6
_LEADING = 1.22
_BASELINE = 0.93
_FRAME = b"0.72 0.75 0.80 RG 0.75 w %b re S\n"
_INK = b"0.10 0.12 0.18 rg\n"
_COLOURS = b"/ColorSpace<</DefaultRGB[/CalRGB<</WhitePoint[0.9505 1 1.089]/Gamma[2.2 2.2 2.2]%b>>]>>" % (
    b"/Matrix[0.4124 0.2126 0.0193 0.3576 0.7152 0.1192 0.1805 0.0722 0.9505]"
)
"""What red, green and blue are (ISO 32000-2 §8.6.5.6), for a PDF/A without an output intent that says it."""
_TURNS = {90: b"[0 1 -1 0 0 0]", 180: b"[-1 0 0 -1 0 0]", 270: b"[0 -1 1 0 0 0]"}


@dataclass(frozen=True, slots=True)
class Block:
    """A rectangle on a page, in points from the top left corner of the page as it is seen.

    `page` counts from 1; -1 is the last one. `lines` are shown below each other and shrink to fit; `image` is a PNG,
    the signature that somebody drew, and stands left of them, or above when the block is high. With neither, the
    block says who signed, when and why.
    """

    page: int
    x: float
    y: float
    width: float
    height: float
    lines: tuple[str, ...] = ()
    image: bytes | None = None

    @property
    def index(self) -> int:
        """The page as Python counts.

        Raises:
            InputError: pages count from 1.
        """
        if self.page < 1 and self.page != -1:
            raise InputError("Pages count from 1; -1 is the last one.")
        return self.page - (self.page > 0)

    def saying(self, name: str, at: datetime, reason: str) -> "Block":
        """With words of its own, when it was given nothing to show."""
        if self.lines or self.image:
            return self
        return replace(self, lines=(name, f"{at.astimezone(UTC):%Y-%m-%d %H:%M} UTC", reason))

    def place(self, box: Sequence[float], rotation: int) -> "Place":
        """Where the block lies in the page's own coordinates; `box` is what is seen of the page.

        Raises:
            InputError: it does not lie on the page.
        """
        left, bottom, right, top = min(box[0], box[2]), min(box[1], box[3]), max(box[0], box[2]), max(box[1], box[3])
        turn = rotation % 360
        seen = (top - bottom, right - left) if turn in (90, 270) else (right - left, top - bottom)
        inside = self.x >= 0 <= self.y and self.x + self.width <= seen[0] + 1 and self.y + self.height <= seen[1] + 1
        if not (inside and min(self.width, self.height) >= 1):
            raise InputError(
                f"The signature block does not lie on the page, which is {seen[0]:g} x {seen[1]:g} points."
            )
        x, y, width, height = self.x, self.y, self.width, self.height
        corner = {
            0: (left + x, top - y - height),
            90: (left + y, bottom + x),
            180: (right - x - width, bottom + y),
            270: (right - y - height, top - x - width),
        }[turn]
        across, up = (height, width) if turn in (90, 270) else (width, height)
        return Place((*corner, corner[0] + across, corner[1] + up), turn)


@dataclass(frozen=True, slots=True)
class Place:
    """A rectangle in the coordinates of a page, and how the page is turned."""

    rectangle: tuple[float, float, float, float]
    turn: int

    def entries(self, form: int) -> bytes:
        """The entries of a widget that shows the form here."""
        return b"/Rect[%b]/AP<</N %d 0 R>>" % (_numbers(*self.rectangle), form)


NOTHING = stream(b"", b"/Type/XObject/Subtype/Form/BBox[0 0 0 0]")
"""The appearance of what has no block: in PDF/A-1, every field has one (ISO 19005-1 §6.9)."""


def draw(block: Block, turn: int, allocate: Callable[[], int], part: int | None) -> tuple[int, Objects]:
    """The appearance of the block as a form (ISO 32000-2 §8.10, §12.5.5); its number comes first.

    In PDF/A, of whatever `part`, nothing is transparent: the first forbids it (ISO 19005-1 §6.4), the others want to
    know then in which colours the page is mixed (ISO 19005-2 §6.2.10).

    Raises:
        InputError: the image is not a PNG.
    """
    form, objects, resources = allocate(), Objects(), _COLOURS
    content = _FRAME % _numbers(0.375, 0.375, block.width - 0.75, block.height - 0.75)
    image_area, text_area = _areas(block)
    if block.image:
        image = Image.from_png(block.image, cut_out=part is not None)
        number, parts = image.embed(allocate)
        objects += parts
        resources += b"/XObject<</I %d 0 R>>" % number
        content += _picture(image, image_area)
    lines = [line for line in block.lines if line.strip()]
    if lines:
        number, parts = font.default().embed("".join(lines), allocate)
        objects += parts
        resources += b"/Font<</F %d 0 R>>" % number
        content += _text(lines, text_area)
    matrix = b"/Matrix" + _TURNS[turn] if turn else b""
    head = b"/Type/XObject/Subtype/Form/BBox[%b]%b/Resources<<%b>>" % (
        _numbers(0, 0, block.width, block.height),
        matrix,
        resources,
    )
    return form, [(form, stream(content, head)), *objects]


@dataclass(frozen=True, slots=True)
class _Area:
    x: float
    y: float
    width: float
    height: float


def _areas(block: Block) -> tuple[_Area, _Area]:
    """Room for the image and for the text, beside or above each other."""
    whole = _Area(_PADDING, _PADDING, max(block.width - 2 * _PADDING, 1), max(block.height - 2 * _PADDING, 1))
    if not (block.image and block.lines):
        return whole, whole
    if block.width >= 1.6 * block.height:
        part = whole.width * 0.42
        return (
            _Area(whole.x, whole.y, part, whole.height),
            _Area(whole.x + part + _PADDING, whole.y, whole.width - part - _PADDING, whole.height),
        )
    part = whole.height * 0.5
    return (
        _Area(whole.x, whole.y + whole.height - part, whole.width, part),
        _Area(whole.x, whole.y, whole.width, whole.height - part - _PADDING / 2),
    )


def _picture(image: Image, area: _Area) -> bytes:
    scale = min(area.width / image.width, area.height / image.height)
    width, height = image.width * scale, image.height * scale
    x, y = area.x + (area.width - width) / 2, area.y + (area.height - height) / 2
    return b"q %b cm /I Do Q\n" % _numbers(width, 0, 0, height, x, y)


def _text(lines: list[str], area: _Area) -> bytes:
    """The lines at the largest size at which they fit, wrapped where they must, centred in height."""
    widest = max(font.default().width(line) for line in lines)
    unbroken = min(area.width / widest, area.height / (len(lines) * _LEADING), _LARGEST)
    size = unbroken if unbroken >= _LEGIBLE else _LARGEST
    wrapped = _wrap(lines, area.width / size + _ROUNDING)
    while len(wrapped) * size * _LEADING > area.height + _ROUNDING and size > _SMALLEST:
        size -= _STEP
        wrapped = _wrap(lines, area.width / size)
    wrapped = wrapped[: max(1, int(area.height / (size * _LEADING) + _ROUNDING))]
    top = area.y + (area.height + len(wrapped) * size * _LEADING) / 2
    shown = font.default().show
    rows = b" T*\n".join(b"%b Tj" % shown(line) for line in wrapped)
    start = _numbers(area.x, top - size * _BASELINE)
    return b"%bBT /F %b Tf %b TL %b Td\n%b ET\n" % (_INK, _numbers(size), _numbers(size * _LEADING), start, rows)


def _wrap(lines: list[str], width: float) -> list[str]:
    """Break lines between words, and inside a word that is too long by itself."""
    measure = font.default().width
    wrapped: list[str] = []
    for line in lines:
        current = ""
        for word in line.split(" "):
            candidate = f"{current} {word}" if current else word
            if measure(candidate) <= width:
                current = candidate
                continue
            if current:
                wrapped.append(current)
            while len(word) > 1 and measure(word) > width:
                fitting = next((end for end in range(len(word) - 1, 1, -1) if measure(word[:end]) <= width), 1)
                wrapped.append(word[:fitting])
                word = word[fitting:]  # noqa: PLW2901  the rest of the word goes on
            current = word
        wrapped.append(current)
    return wrapped


def _numbers(*values: float) -> bytes:
    return b" ".join(b"%b" % f"{value:.3f}".rstrip("0").rstrip(".").encode() for value in values)
