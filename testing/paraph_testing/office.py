"""Office files and pictures, small and real, made here."""

import io
import zipfile
from typing import Any

from PIL import Image

_RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_TYPES = (
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/>'
    '<Override PartName="/word/document.xml" '
    'ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>'
)
_OPEN_TEXT = "application/vnd.oasis.opendocument.text"


def word(text: str) -> bytes:
    """A Word document of one paragraph."""
    main = f'<Relationship Id="main" Type="{_OFFICE}/officeDocument" Target="word/document.xml"/>'
    paragraph = f"<w:p><w:r><w:t>{text}</w:t></w:r></w:p>"
    return _zipped(
        {
            "[Content_Types].xml": _TYPES,
            "_rels/.rels": f'<Relationships xmlns="{_RELATIONS}">{main}</Relationships>',
            "word/document.xml": f'<w:document xmlns:w="{_WORD}"><w:body>{paragraph}</w:body></w:document>',
        }
    )


def open_text(text: str, *, picture: str = "") -> bytes:
    """An OpenDocument text of one paragraph; with the address of a picture that it shows and does not hold."""
    office = "urn:oasis:names:tc:opendocument:xmlns"
    frame = (
        '<draw:frame text:anchor-type="paragraph" svg:width="5cm" svg:height="5cm">'
        f'<draw:image xlink:href="{picture}" xlink:type="simple" xlink:show="embed" xlink:actuate="onLoad"/>'
        "</draw:frame>"
    )
    spaces = {"office": "office:1.0", "text": "text:1.0", "draw": "drawing:1.0", "svg": "svg-compatible:1.0"}
    declared = " ".join(f'xmlns:{name}="{office}:{path}"' for name, path in spaces.items())
    content = (
        f'<office:document-content {declared} xmlns:xlink="http://www.w3.org/1999/xlink" '
        'office:version="1.3"><office:body><office:text>'
        f"<text:p>{frame if picture else ''}{text}</text:p></office:text></office:body></office:document-content>"
    )
    entry = '<manifest:file-entry manifest:full-path="{}" manifest:media-type="{}"/>'
    manifest = (
        f'<manifest:manifest xmlns:manifest="{office}:manifest:1.0" manifest:version="1.3">'
        + entry.format("/", _OPEN_TEXT)
        + entry.format("content.xml", "text/xml")
        + "</manifest:manifest>"
    )
    return _zipped({"mimetype": _OPEN_TEXT, "content.xml": content, "META-INF/manifest.xml": manifest})


def rich_text(text: str) -> bytes:
    return f"{{\\rtf1\\ansi {text}}}".encode("ascii")


def picture(kind: str, size: tuple[int, int] = (320, 200), *, mode: str = "RGB", pages: int = 1) -> bytes:
    """A picture as `JPEG`, `PNG`, `TIFF` or `WEBP`."""
    image, target = Image.new(mode, size, "navy" if mode == "RGB" else 0), io.BytesIO()
    more: dict[str, Any] = {"save_all": True, "append_images": [image] * (pages - 1)} if pages > 1 else {}
    image.save(target, kind, **more)
    return target.getvalue()


def _zipped(files: dict[str, str]) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return target.getvalue()
