"""Alice saves a template, gives a spreadsheet, corrects it, sends it and watches: in English and in French."""

from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest
from paraph_testing import pdfs
from paraph_testing.demo import Platform
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser

ROWS = [["Durand", "Bob", "bob@example.org", "42"], ["Łukasiewicz", "Carol", "carol@example.org", "43"]]


@pytest.mark.parametrize(("width", "height", "language"), [(390, 844, "fr"), (1280, 800, "en")])
def test_from_template_to_workflows(
    width: int,
    height: int,
    language: str,
    platform: Platform,
    visit: Callable[..., Page],
    look: Callable[[Page, str], None],
    sign_in: Callable[[Page], None],
    tmp_path: Path,
) -> None:
    page = visit(width, height, {"en": "en-GB", "fr": "fr-FR"}[language])
    sign_in(page)
    page.goto(f"{platform.url}/templates/")
    look(page, f"no-templates-{language}")
    page.locator("a[href='/templates/new/']").click()
    make_template(page, tmp_path / "contrat.pdf", f"Contrat {language}")
    look(page, f"template-form-{language}")
    page.locator("form[enctype] > button").click()
    page.wait_for_url("**/templates/tpl_*/")
    page.locator("[name=f0]").fill("{Employee.lastName}, {reference}")
    page.locator(".paper form:has([name=f0]) button").click()
    page.wait_for_url("**/templates/tpl_*/")
    expect(page.locator("[name=f0]")).to_have_value("{Employee.lastName}, {reference}")
    look(page, f"template-{language}")

    page.locator("main a[href$='/bulk/']").click()
    look(page, f"bulk-new-{language}")
    with page.expect_download() as waiting:
        page.locator("a[href$='model.xlsx']").click()
    blank = tmp_path / "blank.xlsx"
    waiting.value.save_as(blank)
    give(page, filled(blank, [*ROWS, ["", "Mallory", "nowhere", ""]]))
    page.locator("form[action$='/start']").wait_for(timeout=90_000)
    look(page, f"bulk-checked-{language}")
    page.locator("form[action$='/start'] button").click()
    page.locator(".rows a").nth(1).wait_for(timeout=90_000)
    expect(page.locator(".status.finished")).to_be_visible(timeout=90_000)
    look(page, f"bulk-finished-{language}")
    page.goto(f"{platform.url}/bulk/")
    look(page, f"bulk-list-{language}")
    page.locator("h2 a").first.click()
    page.locator(".rows a").first.click()
    page.wait_for_url("**/workflows/wfl_*/")
    page.locator("a[href$='/template/']").click()
    look(page, f"save-as-{language}")
    page.locator("main form > button").click()
    page.wait_for_url("**/templates/tpl_*/")
    page.locator("main a[href$='/use/']").click()
    look(page, f"use-{language}")


def make_template(page: Page, document: Path, name: str) -> None:
    document.write_bytes(pdfs.form())
    page.locator("[name=name]").fill(name)
    page.locator("[name=documents]").set_input_files(document)
    page.locator("[name=workflow_name]").fill("Contrat {reference}")
    page.locator("#id_people-0-role").fill("Employee")


def filled(blank: Path, rows: list[list[str]]) -> Path:
    """The model, as somebody fills it in."""
    book = openpyxl.load_workbook(blank)
    for row in rows:
        book.worksheets[0].append(row)
    path = blank.with_name("people.xlsx")
    book.save(path)
    return path


def give(page: Page, spreadsheet: Path) -> None:
    page.locator("[name=file]").set_input_files(spreadsheet)
    page.locator("form[enctype] button").click()
