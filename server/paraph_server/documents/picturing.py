"""The program that puts pictures on pages: `python -m paraph_server.documents.picturing source result`.

Each picture, or each page of a TIFF, becomes a page of A4, upright or across as the picture is, never enlarged beyond
`COARSEST`. A JPEG is taken over as it is, unless it must be turned or has colours that PDF writes otherwise.
"""

import sys
import zlib
from pathlib import Path

import pikepdf
from pikepdf import Array, Dictionary, Name
from PIL import Image, ImageOps

A4 = (595.276, 841.89)  # points
MARGIN = 28.346  # points: one centimetre
COARSEST = 96  # pixels to the inch
MOST_PAGES = 200
MOST_PIXELS = 80_000_000  # of one picture
KEPT = {"L": Name.DeviceGray, "RGB": Name.DeviceRGB}
TURNED = 0x0112  # EXIF: orientation


def convert(source: Path, result: Path) -> None:
    """Make a PDF of a picture.

    Raises:
        ValueError: it has more pages or more pixels than anyone looks at.
    """
    Image.MAX_IMAGE_PIXELS = MOST_PIXELS
    with pikepdf.new() as pdf, Image.open(source, formats=["JPEG", "PNG", "TIFF", "WEBP"]) as picture:
        frames = getattr(picture, "n_frames", 1) if picture.format == "TIFF" else 1
        if frames > MOST_PAGES:
            raise ValueError("too many pages")
        for frame in range(frames):
            picture.seek(frame)
            if picture.width * picture.height > MOST_PIXELS:
                raise ValueError("too many pixels")
            _add_page(pdf, *_embedded(pdf, picture, source))
        pdf.save(result)


def _embedded(pdf: pikepdf.Pdf, picture: Image.Image, source: Path) -> tuple[pikepdf.Object, int, int]:
    untouched = picture.format == "JPEG" and picture.mode in KEPT and picture.getexif().get(TURNED, 1) == 1
    if untouched:
        picture.load()  # so that what is damaged is found now
        return _stream(pdf, source.read_bytes(), Name.DCTDecode, picture), *picture.size
    drawn = _flat(ImageOps.exif_transpose(picture))
    return _stream(pdf, zlib.compress(drawn.tobytes()), Name.FlateDecode, drawn), *drawn.size


def _flat(picture: Image.Image) -> Image.Image:
    """Grey or in colour, and on white where it was transparent."""
    if picture.mode in {"RGBA", "LA", "PA", "P"} or "transparency" in picture.info:
        whole = picture.convert("RGBA")
        ground = Image.new("RGBA", whole.size, "white")
        return Image.alpha_composite(ground, whole).convert("RGB")
    return picture.convert("L" if picture.mode in {"1", "L"} else "RGB")


def _stream(pdf: pikepdf.Pdf, content: bytes, packed: pikepdf.Object, picture: Image.Image) -> pikepdf.Object:
    stream = pikepdf.Stream(pdf, content)
    stream.stream_dict = Dictionary(
        Type=Name.XObject,
        Subtype=Name.Image,
        Width=picture.width,
        Height=picture.height,
        BitsPerComponent=8,
        ColorSpace=KEPT[picture.mode],
        Filter=packed,
    )
    return pdf.make_indirect(stream)


def _add_page(pdf: pikepdf.Pdf, image: pikepdf.Object, width: int, height: int) -> None:
    page_width, page_height = A4 if height >= width else A4[::-1]
    scale = min((page_width - 2 * MARGIN) / width, (page_height - 2 * MARGIN) / height, 72 / COARSEST)
    shown = (width * scale, height * scale)
    corner = ((page_width - shown[0]) / 2, (page_height - shown[1]) / 2)
    drawing = f"q {shown[0]:.3f} 0 0 {shown[1]:.3f} {corner[0]:.3f} {corner[1]:.3f} cm /I Do Q"
    pdf.pages.append(
        pikepdf.Page(
            Dictionary(
                Type=Name.Page,
                MediaBox=Array([0, 0, page_width, page_height]),
                Resources=Dictionary(XObject=Dictionary(I=image)),
                Contents=pdf.make_indirect(pikepdf.Stream(pdf, drawing.encode())),
            )
        )
    )


if __name__ == "__main__":
    convert(Path(sys.argv[1]), Path(sys.argv[2]))
