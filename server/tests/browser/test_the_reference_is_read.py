"""The reference of the REST API in a browser."""

from collections.abc import Callable

import pytest
from paraph_testing.demo import Platform
from playwright.sync_api import Page

pytestmark = pytest.mark.browser


@pytest.mark.parametrize(("width", "height"), [(390, 844), (1280, 800)])
def test_it_is_searched_and_linked_to(
    platform: Platform, visit: Callable[..., Page], look: Callable[[Page, str], None], width: int, height: int
) -> None:
    page = visit(width, height, "fr-FR")
    page.goto(f"{platform.url}/api/reference/")
    look(page, "reference-fr")
    page.locator("#text").fill("webhook register")
    assert page.locator(".endpoint:visible").count() == 1
    page.goto(f"{platform.url}/api/reference/#workflows_create")
    page.locator("#workflows_create h3").first.wait_for()
    page.locator("#workflows_create .example summary").first.click()
    look(page, "reference-endpoint-fr")
