"""A spreadsheet as rows of named cells, whatever it was written with. It is a stranger's: everything has a bound."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _

from paraph_server.bulk import workbooks
from paraph_server.templates.columns import Column, Columns
from paraph_server.web import separated
from paraph_server.web.errors import BadSpreadsheet

LARGEST = 20 * 2**20  # bytes
MOST_ROWS = 50_000
MOST_BLANKS = 1000
"""Empty rows in sequence after which nothing more is expected: formatted columns reach down to row 1 048 576."""


@dataclass(frozen=True, slots=True)
class Table:
    """The columns that a spreadsheet has, by their place, and its rows."""

    columns: Mapping[int, Column]
    ignored: tuple[str, ...]
    """Headings that the template does not ask for."""
    rows: Iterator[tuple[int, dict[str, str]]]
    """The number that people see, and what stands in each column, by its key."""


def read(content: bytes, columns: Columns) -> Table:
    """What a file holds for a template; the rows are read as they are asked for, and raise then.

    Raises:
        BadSpreadsheet: it cannot be read, is empty, or lacks columns.
    """
    records = _records(content)
    _number, heading = next(records, (0, []))
    places: dict[int, Column] = {}
    ignored = []
    for place, cell in enumerate(heading):
        column = columns.find(cell)
        if column is None:
            ignored += [cell.strip()] if cell.strip() else []
        elif column in places.values():
            raise BadSpreadsheet(_("The column %(name)s is there twice.") % {"name": column.label})
        else:
            places[place] = column
    missing = [each.label for each in columns if each.required and each not in places.values()]
    if missing:
        raise BadSpreadsheet(_("These columns are missing: %(names)s") % {"names": ", ".join(missing)})
    return Table(places, tuple(ignored), _rows(records, places))


def _records(content: bytes) -> Iterator[tuple[int, list[str]]]:
    """Rows that are not blank."""
    if len(content) > LARGEST:
        raise BadSpreadsheet(_("This file is larger than 20 MB."))
    if content.startswith(workbooks.OLD_MAGIC):
        raise BadSpreadsheet(_("This workbook is protected, or of an old kind. Save it as .xlsx without a password."))
    reader = workbooks.rows if content.startswith(workbooks.MAGIC) else separated.rows
    blanks = 0
    for number, record in reader(content):
        if any(cell.strip() for cell in record):
            blanks = 0
            yield number, [cell.replace("\0", "") for cell in record]
        elif (blanks := blanks + 1) > MOST_BLANKS:
            return


def _rows(
    records: Iterator[tuple[int, list[str]]], places: Mapping[int, Column]
) -> Iterator[tuple[int, dict[str, str]]]:
    for count, (number, record) in enumerate(records, start=1):
        if count > MOST_ROWS:
            raise BadSpreadsheet(_("This file has more than %(most)d rows. Send it in parts.") % {"most": MOST_ROWS})
        yield number, {column.key: _cell(record, place) for place, column in places.items()}


def _cell(record: list[str], place: int) -> str:
    return record[place].strip() if place < len(record) else ""
