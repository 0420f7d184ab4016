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
    """Pixels and their transparency, deflated."""

    width: int
    height: int
    colours: bytes
    opacity: bytes

    @classmethod
    def from_png(cls, data: bytes) -> Self:
        """Decode a PNG.

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
        return cls(
            pixels.width,
            pixels.height,
            zlib.compress(pixels.convert("RGB").tobytes()),
            zlib.compress(pixels.getchannel("A").tobytes()),
        )

    def embed(self, allocate: Callable[[], int]) -> tuple[int, Objects]:
        """The objects that let a page show the image; the number of the image comes first."""
        image, mask = allocate(), allocate()
        common = b"/Type/XObject/Subtype/Image/Width %d/Height %d/BitsPerComponent 8/Filter/FlateDecode" % (
            self.width,
            self.height,
        )
        return image, [
            (image, stream(self.colours, common + b"/ColorSpace/DeviceRGB/SMask %d 0 R" % mask)),
            (mask, stream(self.opacity, common + b"/ColorSpace/DeviceGray")),
        ]
