"""Whatever is in a file: rows, or a sentence that says why not, in bounded time and memory."""

import io
import re
import resource
import zipfile
from collections.abc import Callable, Iterator
from typing import Any

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from paraph_server.bulk import tables, workbooks
from paraph_server.templates.columns import Column, Columns
from paraph_server.web.errors import BadSpreadsheet

COLUMNS = Columns([Column("reference"), Column("city", required=False)])


def read(content: bytes) -> list[tuple[int, dict[str, str]]]:
    return list(tables.read(content, COLUMNS).rows)


@given(st.binary(max_size=2000))
def test_any_bytes_are_read_or_refused(content: bytes) -> None:
    or_refused(lambda: read(content))


@given(st.text(max_size=500), st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "cp1252"]), st.sampled_from(";,\t|"))
def test_any_text_below_the_headings_is_read_or_refused(text: str, encoding: str, delimiter: str) -> None:
    content = f"reference{delimiter}city\r\n{text}".encode(encoding, errors="ignore")
    for number, row in or_refused(lambda: read(content)) or []:
        assert number >= 2
        assert set(row) == {"reference", "city"}


@given(st.lists(st.text(st.characters(exclude_categories=["C", "Z"]), min_size=1, max_size=30), min_size=1))
def test_what_csv_says_is_what_is_read(cells: list[str]) -> None:
    quoted = "".join('"{}"\r\n'.format(cell.replace('"', '""')) for cell in cells)
    assert [row["reference"] for _, row in read(f"reference\r\n{quoted}".encode())] == cells


def or_refused(reading: Callable[[], Any]) -> Any:
    try:
        return reading()
    except BadSpreadsheet:
        return None


# ---------------------------------------------------------------- named for their defects


def workbook(**entries: bytes) -> bytes:
    """A workbook with one sheet, in which some files are replaced."""
    book, output = openpyxl.Workbook(), io.BytesIO()
    book.worksheets[0].append(["reference"])
    book.worksheets[0].append(["one"])
    book.save(output)
    changed = io.BytesIO()
    with zipfile.ZipFile(output) as source, zipfile.ZipFile(changed, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            key = re.sub(r"\W", "_", name.rpartition("/")[2])
            target.writestr(name, entries.get(key, source.read(name)))
    return changed.getvalue()


SHEET = b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>%b</sheetData></worksheet>'
HEADING = b'<row r="1"><c r="A1" t="inlineStr"><is><t>reference</t></is></c></row>'


def zip_bomb() -> bytes:
    return workbook(sheet1_xml=b" " * (workbooks.MOST_UNPACKED + 1))


def a_million_million_elements() -> bytes:
    return workbook(sheet1_xml=SHEET % (b"<row/>" * workbooks.MOST_TAGS))


def entities_that_grow() -> bytes:
    return workbook(sheet1_xml=b'<!DOCTYPE a [<!ENTITY b "bbbb"><!ENTITY c "&b;&b;">]>' + SHEET % b"")


def a_cell_far_away() -> bytes:
    return workbook(sheet1_xml=SHEET % (HEADING + b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'))


def a_row_without_number() -> bytes:
    return workbook(sheet1_xml=SHEET % b'<row r="many"><c r="A1"><v>1</v></c></row>')


def not_xml() -> bytes:
    return workbook(sheet1_xml=b"<worksheet")


def a_zip_of_something_else() -> bytes:
    output = io.BytesIO()
    with zipfile.ZipFile(output, "w") as container:
        container.writestr("readme.txt", "hello")
    return output.getvalue()


def cut_in_half() -> bytes:
    whole = workbook()
    return whole[: len(whole) // 2]


def protected_or_old() -> bytes:
    return workbooks.OLD_MAGIC + bytes(5000)


def too_many_rows() -> bytes:
    return b"reference\n" + b"x\n" * (tables.MOST_ROWS + 1)


def too_large() -> bytes:
    return bytes(tables.LARGEST + 1)


def an_endless_cell() -> bytes:
    return b'reference\n"' + b"x" * 200_000


def no_headings() -> bytes:
    return b"\n\n\n"


def a_column_twice() -> bytes:
    return b"reference;R\xc3\xa9f\xc3\xa9rence\n1;2\n"


HOSTILE = [
    zip_bomb,
    a_million_million_elements,
    entities_that_grow,
    a_row_without_number,
    not_xml,
    a_zip_of_something_else,
    cut_in_half,
    protected_or_old,
    too_many_rows,
    too_large,
    an_endless_cell,
    no_headings,
    a_column_twice,
]


@pytest.fixture
def bounded() -> Iterator[None]:
    """No test of this file may take half a gigabyte more."""
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    yield
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 512 * 1024


@pytest.mark.parametrize("defect", HOSTILE, ids=lambda defect: defect.__name__)
def test_it_is_refused_with_a_sentence(defect: Callable[[], bytes], bounded: None) -> None:
    with pytest.raises(BadSpreadsheet, match=r"\w+ \w+"):
        read(defect())


def test_a_formatted_column_does_not_make_a_million_rows() -> None:
    assert read(a_cell_far_away()) == []


def test_a_formula_is_not_calculated() -> None:
    cells = b'<row r="2"><c r="A2"><f>1+1</f><v>7</v></c></row>'
    assert read(workbook(sheet1_xml=SHEET % (HEADING + cells))) == [(2, {"reference": "7"})]
