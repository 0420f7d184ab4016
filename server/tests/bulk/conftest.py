"""A template of Alice, and spreadsheets for it."""

import csv
import io
from collections.abc import Callable, Sequence
from typing import Any

import openpyxl
import pytest
from paraph_testing import pdfs
from paraph_testing.program import Program

HEADINGS = ("Salarié : nom", "Salarié : prénom", "Salarié : adresse e-mail", "Référence")
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@pytest.fixture
def template(api: Program) -> str:
    """An employee signs a contract with a reference."""
    steps = [{"recipients": [{"role": "Salarié"}]}]
    made = api("POST", "templates", {"name": "Contrat", "workflowName": "Contrat {référence}", "steps": steps})
    path = f"templates/{made.json()['id']}"
    profile = api("GET", "signatureProfiles").json()["items"][0]["id"]
    disposition = {"HTTP_CONTENT_DISPOSITION": 'attachment; filename="contrat.pdf"'}
    kind = {"content_type": "application/pdf"}
    sent = api.send("POST", f"{path}/parts?signatureProfileId={profile}", pdfs.form(), **kind | disposition)
    assert sent.status_code == 200
    return str(made.json()["id"])


def people(count: int) -> list[list[str]]:
    return [[f"Durand{n}", "Bob", f"bob{n}@example.org", f"n° {n}"] for n in range(1, count + 1)]


@pytest.fixture
def as_csv() -> Callable[..., bytes]:
    """As Excel in France writes it."""

    def as_csv(rows: Sequence[Sequence[str]], *, delimiter: str = ";", encoding: str = "cp1252") -> bytes:
        output = io.StringIO()
        csv.writer(output, delimiter=delimiter).writerows([HEADINGS, *rows])
        return output.getvalue().encode(encoding)

    return as_csv


@pytest.fixture
def as_xlsx() -> Callable[..., bytes]:
    def as_xlsx(rows: Sequence[Sequence[Any]]) -> bytes:
        book = openpyxl.Workbook()
        for row in (HEADINGS, *rows):
            book.worksheets[0].append(list(row))
        output = io.BytesIO()
        book.save(output)
        return output.getvalue()

    return as_xlsx


@pytest.fixture
def give(api: Program, template: str) -> Callable[..., Any]:
    """Alice's program gives a spreadsheet."""

    def give(content: bytes, query: str = "", kind: str = "text/csv", **options: Any) -> Any:
        path = f"templates/{template}/bulkSends?{query}"
        return api.send("POST", path, content, content_type=kind, HTTP_ACCEPT_LANGUAGE="en", **options)

    return give


@pytest.fixture
def checked(api: Program, give: Callable[..., Any], run_jobs: Callable[[], int]) -> Callable[..., dict[str, Any]]:
    """A bulk send, after the worker has checked it."""

    def checked(content: bytes, query: str = "", **options: Any) -> dict[str, Any]:
        given = give(content, query, **options)
        assert given.status_code == 200, given.content
        run_jobs()
        return dict(api("GET", f"bulkSends/{given.json()['id']}").json())

    return checked
