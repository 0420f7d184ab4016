"""Spreadsheets of ours: the one to fill in for a template, and the rows that went wrong."""

import csv
import io
from collections.abc import Iterable, Iterator

from django.utils.translation import get_language

from paraph_server.templates.columns import Column

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CSV = "text/csv; charset=utf-8"
_FORMULA = ("=", "+", "-", "@", "\t")


def headings(columns: Iterable[Column]) -> list[str]:
    """What is asked for; what may be left out comes last."""
    return [each.label for each in sorted(columns, key=lambda each: not each.required)]


def workbook(columns: Iterable[Column]) -> bytes:
    """An Excel workbook with nothing but the headings."""
    # A tenth of the time in which every program of the platform starts.
    from openpyxl import Workbook  # noqa: PLC0415
    from openpyxl.cell import WriteOnlyCell  # noqa: PLC0415
    from openpyxl.styles import Font  # noqa: PLC0415
    from openpyxl.utils import get_column_letter  # noqa: PLC0415

    book = Workbook(write_only=True)
    sheet = book.create_sheet("Paraph")
    cells = []
    for place, heading in enumerate(headings(columns)):
        cell = WriteOnlyCell(sheet, value=heading)
        cell.font = Font(bold=True)
        cells.append(cell)
        sheet.column_dimensions[get_column_letter(place + 1)].width = max(12, len(heading) + 2)
    sheet.append(cells)
    output = io.BytesIO()
    book.save(output)
    return output.getvalue()


def separated(rows: Iterable[Iterable[str]]) -> Iterator[str]:
    """CSV as Excel opens it by a double click: a mark before UTF-8, and semicolons where the comma is decimal."""
    delimiter = ";" if (get_language() or "").startswith("fr") else ","
    yield "\ufeff"
    for row in rows:
        line = io.StringIO()
        csv.writer(line, delimiter=delimiter).writerow([_harmless(cell) for cell in row])
        yield line.getvalue()


def _harmless(cell: str) -> str:
    """No cell becomes a formula in the reader's Excel."""
    return f"'{cell}" if cell.startswith(_FORMULA) else cell
