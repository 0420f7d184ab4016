"""Values separated by something: CSV, as Excel writes it in any country."""

import codecs
import csv
import io
from collections.abc import Iterator

from django.utils.translation import gettext as _

from paraph_server.web.errors import BadSpreadsheet

DELIMITERS = ";,\t|"
LONGEST_CELL = 10_000
_MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))


def rows(content: bytes) -> Iterator[tuple[int, list[str]]]:
    """Each record with the number of its first line, as a text editor counts.

    Raises:
        BadSpreadsheet: not text, or a quotation mark that never ends.
    """
    text = _decoded(content)
    declared = text.startswith("sep=")  # Excel's own way of naming the delimiter
    head, _end, rest = text.partition("\n")
    delimiter = head[4:5] if declared else _delimiter(text)
    lines = io.StringIO(rest if declared else text, newline="")
    reader = csv.reader(lines, delimiter=delimiter if delimiter and delimiter not in '"\r\n' else ";", strict=True)
    number = first = 1 + declared
    try:
        for record in reader:
            if any(len(cell) > LONGEST_CELL for cell in record):
                raise BadSpreadsheet(_("A cell in line %(line)s is too long.") % {"line": number})
            yield number, record
            number = first + reader.line_num
    except csv.Error:
        line = first + reader.line_num - 1
        raise BadSpreadsheet(_("Line %(line)s cannot be read; is a quotation mark missing?") % {"line": line}) from None


def _decoded(content: bytes) -> str:
    """The text in the encoding that it has: by its mark, else UTF-8, else what Windows writes in Western Europe."""
    encodings = [name for mark, name in _MARKS if content.startswith(mark)][:1] or ["utf-8", "cp1252"]
    for encoding in encodings:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    raise BadSpreadsheet(_("This is neither a CSV file nor an Excel workbook (.xlsx)."))


def _delimiter(text: str) -> str:
    """What cuts the first line into the most pieces."""
    head = next(iter(text.splitlines()), "")

    def pieces(delimiter: str) -> int:
        try:
            return len(next(csv.reader([head], delimiter=delimiter), []))
        except csv.Error:
            return 0

    return max(DELIMITERS, key=pieces)
