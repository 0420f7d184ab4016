"""Alice asks the adviser, writes a policy and meets it: on a phone and on a desk, in both languages, read by axe."""

from collections.abc import Callable

import pytest
from paraph_testing import pdfs
from paraph_testing.demo import Platform
from playwright.sync_api import Page

pytestmark = pytest.mark.browser


def withdraw(alice: Page, url: str) -> None:
    """Put an empty table into force: other tests send what they like."""
    alice.goto(f"{url}/policy/")
    alice.locator("details.card > summary").click()
    alice.locator("details.card button").click()
    for rows in ("rules", "examples"):
        while (each := alice.locator(f"a[href^='/policy/draft/{rows}/']:not([href$='new/'])")).count():
            each.first.click()
            alice.locator("details.careful summary").click()
            alice.locator("details.careful button").click()
            alice.wait_for_url("**/policy/draft/")
    alice.locator("form[action='/policy/draft/enforce'] button").click()
    alice.wait_for_url("**/policy/")


@pytest.mark.parametrize(
    ("width", "height", "language", "locale"), [(390, 844, "fr", "fr-FR"), (1280, 800, "en", "en-GB")]
)
def test_from_advice_to_a_policy_that_refuses(
    width: int,
    height: int,
    language: str,
    locale: str,
    platform: Platform,
    visit: Callable[..., Page],
    look: Callable[[Page, str], None],
    sign_in: Callable[[Page], None],
) -> None:
    alice = visit(width, height, locale)
    sign_in(alice)
    alice.locator(".menu summary").click()
    alice.locator(".menu a[href='/adviser/']").click()
    look(alice, f"adviser-{language}")
    alice.locator("[name=document_kind]").select_option("employment")
    alice.locator("[name=amount]").fill("0")
    alice.locator("main form button").last.click()
    assert alice.locator("#advice h2").is_visible()
    look(alice, f"advice-{language}")

    alice.goto(f"{platform.url}/policy/")
    if not alice.locator("[name=source]").first.is_visible():
        alice.locator("details.card > summary").click()
    look(alice, f"policy-none-{language}")
    alice.locator("[name=source][value=purchasing]").check()
    alice.locator("details.card button").click()
    alice.wait_for_url("**/policy/draft/")
    look(alice, f"policy-draft-{language}")
    alice.locator("a[href='/policy/draft/rules/0/']").click()
    look(alice, f"policy-rule-{language}")
    alice.goto(f"{platform.url}/policy/draft/examples/new/")
    alice.locator("[name=try]").click()
    look(alice, f"policy-example-{language}")
    alice.goto(f"{platform.url}/policy/draft/")
    alice.locator("form[action='/policy/draft/enforce'] button").click()
    alice.wait_for_url("**/policy/")
    look(alice, f"policy-{language}")

    alice.goto(f"{platform.url}/workflows/new/")
    file = {"name": "order.pdf", "mimeType": "application/pdf", "buffer": pdfs.invoice()}
    alice.locator("[name=documents]").set_input_files(file)
    alice.locator("[name=name]").fill("Order 42")
    for name, value in {"first_name": "Bob", "last_name": "Durand", "email": "bob@example.org"}.items():
        alice.locator(f"[name=people-0-{name}]").fill(value)
    look(alice, f"new-below-{language}")
    alice.locator("main form button[data-once]").click()
    alice.wait_for_url("**/workflows/wfl_*/")
    look(alice, f"refused-{language}")
    withdraw(alice, platform.url)
