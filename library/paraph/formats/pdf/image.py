"""A PNG as an image that a page can show (ISO 32000-2 §8.9.5)."""

import zlib
from collections.abc import Callable
from dataclasses import dataclass
from io import BytesIO
from typing import Self

from paraph.errors import InputError, TooLarge
from paraph.formats.pdf.font import Objects, stream

_MOST_BYTES = 4 << 20
_MOST_PIXELS = 4 << 20


@dataclass(frozen=True, slots=True)
class Image:
    """Pixels, and how much each hides of the page, deflated."""

    width: int
    height: int
    colours: bytes
    opacity: bytes
    """A byte each; when `cut_out`, a bit each: 1 for what is left out."""
    cut_out: bool

    @classmethod
    def from_png(cls, data: bytes, *, cut_out: bool = False) -> Self:
        """Decode a PNG.

        `cut_out` keeps what has any colour, as it looks on white paper, and leaves out the rest: no transparency.

        Raises:
            TooLarge: more bytes or pixels than a signature needs.
            InputError: not a PNG.
        """
        from PIL import Image as Pillow  # noqa: PLC0415  few signatures show an image, and it is slow to load
        from PIL import UnidentifiedImageError  # noqa: PLC0415  as above

        if len(data) > _MOST_BYTES:
            raise TooLarge("The image of a signature may have 4 MB at most.")
        try:
            with Pillow.open(BytesIO(data), formats=["PNG"]) as picture:
                if picture.width * picture.height > _MOST_PIXELS:
                    raise TooLarge("The image of a signature may have 4 million pixels at most.")
                pixels = picture.convert("RGBA")
        except (
            UnidentifiedImageError,
            OSError,
            SyntaxError,
            ValueError,
            EOFError,
            Pillow.DecompressionBombError,
        ) as error:
            raise InputError("The image of the signature is not a PNG, or it is damaged.") from error
        opacity = pixels.getchannel("A")
        if cut_out:
            paper = Pillow.new("RGB", pixels.size, "white")
            paper.paste(pixels, mask=opacity)
            pixels, opacity = paper, opacity.point(lambda value: 0 if value else 255).convert("1")
        colours = zlib.compress(pixels.convert("RGB").tobytes())
        return cls(pixels.width, pixels.height, colours, zlib.compress(opacity.tobytes()), cut_out)

    def embed(self, allocate: Callable[[], int]) -> tuple[int, Objects]:
        """The objects that let a page show the image; the number of the image comes first."""
        image, mask = allocate(), allocate()
        common = b"/Type/XObject/Subtype/Image/Width %d/Height %d/Filter/FlateDecode" % (self.width, self.height)
        key, kind = (
            (b"/Mask", b"/ImageMask true/BitsPerComponent 1")
            if self.cut_out
            else (b"/SMask", b"/ColorSpace/DeviceGray/BitsPerComponent 8")
        )
        return image, [
            (image, stream(self.colours, b"%b/ColorSpace/DeviceRGB/BitsPerComponent 8%b %d 0 R" % (common, key, mask))),
            (mask, stream(self.opacity, common + kind)),
        ]
