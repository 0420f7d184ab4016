"""Excel workbooks (.xlsx): the first sheet, as it was last shown. Formulas are not calculated."""

import io
import zipfile
from collections.abc import Iterator
from datetime import date, datetime, time
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from paraph_server.web.errors import BadSpreadsheet

MAGIC, OLD_MAGIC = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
MOST_ENTRIES, MOST_UNPACKED, MOST_TAGS = 2000, 64 * 2**20, 4_000_000
"""Files in the container; bytes of all of them; elements of one, for each takes memory however short it is."""
WIDEST = 250
LONGEST_CELL = 10_000
_PIECE = 2**16


def rows(content: bytes) -> Iterator[tuple[int, list[str]]]:
    """Each row with its number, as Excel counts; cells as texts.

    Raises:
        BadSpreadsheet: not a workbook, protected by a password, or far larger than it looks.
    """
    import openpyxl  # noqa: PLC0415 - a tenth of the time in which every program of the platform starts

    try:
        _weigh(content)
        book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=True, keep_links=False)
        sheet = book.worksheets[0]
        sheet.reset_dimensions()  # what it says of its size cannot be relied on
        for number, cells in enumerate(sheet.iter_rows(max_col=WIDEST, values_only=True), start=1):
            yield number, [_text(cell, number) for cell in cells]
    except (BadSpreadsheet, GeneratorExit):
        raise
    except Exception as error:  # a damaged workbook makes its reader raise whatever there is
        raise BadSpreadsheet(_("This Excel workbook cannot be read. Save it again, or save it as CSV.")) from error


def _weigh(content: bytes) -> None:
    """Unpack everything once, piece by piece, and count: what is declared cannot be relied on."""
    unpacked = 0
    with zipfile.ZipFile(io.BytesIO(content)) as container:
        if len(container.infolist()) > MOST_ENTRIES:
            raise _too_large()
        for entry in container.infolist():
            tags, before = 0, b""
            with container.open(entry) as file:
                while piece := file.read(_PIECE):
                    unpacked += len(piece)
                    tags += piece.count(b"<")
                    if unpacked > MOST_UNPACKED or tags > MOST_TAGS:
                        raise _too_large()
                    if b"<!DOCTYPE" in before + piece:
                        raise BadSpreadsheet(_("This Excel workbook cannot be read. Save it again, or save it as CSV."))
                    before = piece[-8:]


def _too_large() -> BadSpreadsheet:
    return BadSpreadsheet(_("This Excel workbook is too large. Save it as CSV, or send it in parts."))


def _text(value: Any, number: int) -> str:
    """What a cell shows: dates as the reader's country writes them, whole numbers without a point."""
    match value:
        case None:
            return ""
        case bool():
            return str(_("yes") if value else _("no"))
        case float() if value.is_integer():
            return str(int(value))
        case datetime() if value.time() != time():
            return date_format(value, "SHORT_DATETIME_FORMAT")
        case date():
            return date_format(value, "SHORT_DATE_FORMAT")
    text = str(value)
    if len(text) > LONGEST_CELL:
        raise BadSpreadsheet(_("A cell in line %(line)s is too long.") % {"line": number})
    return text
