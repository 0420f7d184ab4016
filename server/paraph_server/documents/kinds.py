"""What a file is: its content says so, never its name."""

from codecs import getincrementaldecoder
from dataclasses import dataclass
from enum import Enum
from typing import BinaryIO
from zipfile import BadZipFile, ZipFile

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

_HEAD = 64 * 1024
_HEADER_WITHIN = 1024
"""Bytes among which readers look for `%PDF-` (ISO 32000-1 annex H, note 13)."""


class Way(Enum):
    """How a file becomes a PDF."""

    IS = "it is one"
    OFFICE = "by an office program"
    IMAGE = "as a picture on a page"
    NONE = "not at all"


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of file, as messages call it."""

    content_type: str
    extension: str
    way: Way
    name: str | Promise


PDF = Kind("application/pdf", "pdf", Way.IS, _("a PDF"))
ZIP = Kind("application/zip", "zip", Way.NONE, _("a ZIP file"))
OTHER = Kind("application/octet-stream", "bin", Way.NONE, _("a file of unknown kind"))
TEXT = Kind("text/plain", "txt", Way.OFFICE, _("a text file"))
HTML = Kind("text/html", "html", Way.NONE, _("a web page"))
XML = Kind("application/xml", "xml", Way.NONE, _("an XML file"))
HEIC = Kind("image/heic", "heic", Way.NONE, _("an HEIC picture"))
RTF = Kind("application/rtf", "rtf", Way.OFFICE, _("an RTF document"))

_OPEN_XML = "application/vnd.openxmlformats-officedocument"
_OFFICE_ARCHIVES = {
    "word/document.xml": Kind(f"{_OPEN_XML}.wordprocessingml.document", "docx", Way.OFFICE, _("a Word document")),
    "xl/workbook.xml": Kind(f"{_OPEN_XML}.spreadsheetml.sheet", "xlsx", Way.OFFICE, _("an Excel workbook")),
    "ppt/presentation.xml": Kind(
        f"{_OPEN_XML}.presentationml.presentation", "pptx", Way.OFFICE, _("a PowerPoint presentation")
    ),
}
_OPEN_DOCUMENT = "application/vnd.oasis.opendocument"
_OPEN_DOCUMENTS = (
    Kind(f"{_OPEN_DOCUMENT}.text", "odt", Way.OFFICE, _("an OpenDocument text")),
    Kind(f"{_OPEN_DOCUMENT}.spreadsheet", "ods", Way.OFFICE, _("an OpenDocument spreadsheet")),
    Kind(f"{_OPEN_DOCUMENT}.presentation", "odp", Way.OFFICE, _("an OpenDocument presentation")),
)
_OLD_OFFICE = {
    "WordDocument": Kind("application/msword", "doc", Way.OFFICE, _("a Word document")),
    "Workbook": Kind("application/vnd.ms-excel", "xls", Way.OFFICE, _("an Excel workbook")),
    "PowerPoint Document": Kind("application/vnd.ms-powerpoint", "ppt", Way.OFFICE, _("a PowerPoint presentation")),
}
_IMAGES = (
    (b"\xff\xd8\xff", Kind("image/jpeg", "jpg", Way.IMAGE, _("a JPEG picture"))),
    (b"\x89PNG\r\n\x1a\n", Kind("image/png", "png", Way.IMAGE, _("a PNG picture"))),
    (b"II*\x00", Kind("image/tiff", "tiff", Way.IMAGE, _("a TIFF picture"))),
    (b"MM\x00*", Kind("image/tiff", "tiff", Way.IMAGE, _("a TIFF picture"))),
)
_WEBP = Kind("image/webp", "webp", Way.IMAGE, _("a WebP picture"))
_HEIF_BRANDS = (b"heic", b"heix", b"hevc", b"mif1", b"msf1", b"heif")


def of(file: BinaryIO) -> Kind:
    """What an open file holds."""
    file.seek(0)
    head = file.read(_HEAD)
    if b"%PDF-" in head[:_HEADER_WITHIN]:
        return PDF
    if head.startswith(b"PK\x03\x04"):
        return _archive(file, head)
    if head.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        return _old_office(file)
    return _image(head) or _text(head) or OTHER


def _archive(file: BinaryIO, head: bytes) -> Kind:
    """OpenDocument states its type in its first entry (ODF 1.3 part 2 §3.3), Open XML by what it holds."""
    for kind in _OPEN_DOCUMENTS:
        if head[30:].startswith(b"mimetype" + kind.content_type.encode()):
            return kind
    try:
        with ZipFile(file) as archive:
            names = set(archive.namelist())
    except (BadZipFile, ValueError, OSError, NotImplementedError):
        return ZIP
    if "[Content_Types].xml" not in names:
        return ZIP
    return next((kind for name, kind in _OFFICE_ARCHIVES.items() if name in names), ZIP)


def _old_office(file: BinaryIO) -> Kind:
    """Compound files of before 2007, by the streams that their directory names (MS-CFB §2.6)."""
    marks = {name.encode("utf-16-le"): kind for name, kind in _OLD_OFFICE.items()}
    longest = max(map(len, marks))
    file.seek(0)
    seen = b""
    while chunk := file.read(2**20):
        seen = seen[-longest:] + chunk
        for mark, kind in marks.items():
            if mark in seen:
                return kind
    return OTHER


def _image(head: bytes) -> Kind | None:
    if head.startswith(b"RIFF") and head[8:12] == b"WEBP":
        return _WEBP
    if head[4:8] == b"ftyp" and head[8:12] in _HEIF_BRANDS:
        return HEIC
    return next((kind for magic, kind in _IMAGES if head.startswith(magic)), None)


def _text(head: bytes) -> Kind | None:
    if head.startswith(b"{\\rtf"):
        return RTF
    try:
        words = getincrementaldecoder("utf-8")().decode(head, final=len(head) < _HEAD)
    except UnicodeDecodeError:
        return None
    if any(ord(character) < ord(" ") and character not in "\t\r\n\f" for character in words):
        return None
    start = words.lstrip("\ufeff \t\r\n").lower()
    if start.startswith(("<!doctype html", "<html")):
        return HTML
    return XML if start.startswith("<?xml") else TEXT
