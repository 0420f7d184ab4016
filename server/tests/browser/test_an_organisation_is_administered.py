"""Alice invites Zoé, Zoé stands in for Alice: on a phone and on a desk, in both languages, read by axe."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from paraph_testing.demo import Platform
from playwright.sync_api import Page

pytestmark = pytest.mark.browser
PASSWORD = "a sentence that nobody guesses"


@pytest.mark.parametrize(
    ("width", "height", "language", "locale"), [(390, 844, "fr", "fr-FR"), (1280, 800, "en", "en-GB")]
)
def test_from_an_invitation_to_a_delegation(
    width: int,
    height: int,
    language: str,
    locale: str,
    platform: Platform,
    inbox: Any,
    visit: Callable[..., Page],
    look: Callable[[Page, str], None],
    sign_in: Callable[[Page], None],
) -> None:
    email = f"zoe-{language}@example.org"
    alice = visit(width, height, locale)
    sign_in(alice)
    alice.locator(".menu summary").click()
    look(alice, f"menu-{language}")
    alice.locator(".menu a[href='/people/']").click()
    alice.locator("a[href='/people/new/']").click()
    for name, value in {"first_name": "Zoé", "last_name": "Lemoine", "email": email}.items():
        alice.locator(f"[name={name}]").fill(value)
    look(alice, f"invite-{language}")
    alice.locator("main form button[data-once]").click()
    alice.wait_for_url("**/people/")
    look(alice, f"people-{language}")
    alice.goto(f"{platform.url}/people/?text=zoe")
    alice.locator(f"li:has-text('{email}') a").click()
    look(alice, f"person-{language}")
    alice.goto(f"{platform.url}/groups/")
    look(alice, f"groups-{language}")
    alice.locator(".entries a").first.click()
    look(alice, f"group-{language}")

    zoe = visit(width, height, locale)
    welcome = inbox.newest(email, "Paraph")["text"]
    zoe.goto(re.findall(r"https?://\S+/welcome/\S+", welcome)[0])
    look(zoe, f"welcome-{language}")
    for name in ("password", "again"):
        zoe.locator(f"[name={name}]").fill(PASSWORD)
    zoe.locator("main form button").click()
    zoe.locator("[name=email]").fill(email)
    zoe.locator("[name=password]").fill(PASSWORD)
    zoe.locator("main form button").click()
    zoe.wait_for_url(f"{platform.url}/")
    zoe.goto(f"{platform.url}/account/")
    look(zoe, f"account-{language}")

    alice.goto(f"{platform.url}/delegations/new/")
    alice.locator("[name=deputy]").fill(email)
    alice.locator("[name=filing_classes]").fill("RH/Contrats")
    alice.locator("[name=max_amount]").fill("5000")
    look(alice, f"delegate-{language}")
    alice.locator("main form button[data-once]").click()
    alice.wait_for_url("**/delegations/")
    look(alice, f"delegations-{language}")
    zoe.goto(f"{platform.url}/turns/")
    look(zoe, f"turns-{language}")

    alice.goto(f"{platform.url}/tokens/")
    alice.locator("details.card > summary").click()
    alice.locator("[name=name]").fill("Archive")
    look(alice, f"new-token-{language}")
    alice.locator("details.card button").click()
    assert alice.locator("code.secret").inner_text().startswith("act_")
    look(alice, f"tokens-{language}")
