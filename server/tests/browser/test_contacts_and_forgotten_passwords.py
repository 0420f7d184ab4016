"""Alice takes in a list of contacts; when she has forgotten her password, a link leads her to another one."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from paraph_testing.demo import Platform
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser
LIST = "Prénom;Nom;E-mail\nZoé;Lemoine;zoe@example.org\nJean;;jean@example.org\n"
SCREENS = [(390, 844, "fr-FR"), (1280, 800, "en-GB")]


@pytest.mark.parametrize(("width", "height", "language"), SCREENS)
def test_a_list_is_taken_in(
    platform: Platform,
    visit: Callable[..., Page],
    sign_in: Callable[[Page], None],
    look: Callable[[Page, str], None],
    tmp_path: Path,
    width: int,
    height: int,
    language: str,
) -> None:
    (tmp_path / "list.csv").write_text(LIST)
    page = visit(width, height, language)
    sign_in(page)
    page.locator(".menu summary").click()
    page.locator("a[href='/contacts/']").click()
    look(page, "contacts-empty")
    page.locator("a[href='/contacts/import/']").click()
    look(page, "contacts-import")
    page.set_input_files("#id_file", tmp_path / "list.csv")
    page.locator("main form button").click()
    expect(page.locator(".rows li")).to_have_count(1)
    look(page, "contacts-imported")
    page.goto(f"{platform.url}/contacts/")
    look(page, "contacts")
    page.get_by_role("link", name="Zoé Lemoine").click()
    look(page, "contact")
    page.locator("button.danger").click()
    expect(page.locator("main")).not_to_contain_text("Zoé")


@pytest.mark.parametrize(("width", "height", "language"), SCREENS)
def test_a_forgotten_password_is_replaced(
    platform: Platform,
    visit: Callable[..., Page],
    look: Callable[[Page, str], None],
    inbox: Any,
    width: int,
    height: int,
    language: str,
) -> None:
    page, account = visit(width, height, language), platform.account
    page.goto(f"{platform.url}/sign-in/")
    look(page, "sign-in")
    page.locator("a[href='/password/']").click()
    look(page, "forgotten")
    before = inbox.last
    page.locator("[name=email]").fill(account.email)
    page.locator("main form button").click()
    look(page, "forgotten-asked")
    said = inbox.newest(account.email, "/password/", after=before)["text"]
    found = re.search(r"https?://\S+/password/\S+", said)
    assert found
    page.goto(found[0])
    look(page, "another-password")
    for name in ("password", "again"):
        page.locator(f"[name={name}]").fill(account.password)
    page.locator("main form button").click()
    page.locator("[name=email]").fill(account.email)
    page.locator("[name=password]").fill(account.password)
    page.locator("main form button").click()
    page.wait_for_url(f"{platform.url}/")
