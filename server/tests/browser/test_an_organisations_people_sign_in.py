"""Alice connects her organisation's directory, signs in with it, and leaves it; a newcomer gets an account.

The directory is panva's `oidc-provider`, a process of its own.
"""

from collections.abc import Callable, Iterator

import pytest
from paraph_testing.cast import ALICE
from paraph_testing.demo import Platform
from paraph_testing.foreign import free_port
from paraph_testing.identity_provider import CLIENT_ID, CLIENT_SECRET, IdentityProvider, client
from playwright.sync_api import Page

pytestmark = pytest.mark.browser

Visit = Callable[..., Page]
Look = Callable[[Page, str], None]
SIZES = [(390, 844, "fr", "fr-FR"), (1280, 800, "en", "en-GB")]
DOMAIN = ALICE.email.partition("@")[2]
PEOPLE = {
    "alice": {"given_name": "Alice", "family_name": "Marchand", "email": ALICE.email, "email_verified": True},
    "mallory": {"given_name": "Mallory", "family_name": "Sauvage", "email": ALICE.email, "email_verified": False},
    **{
        f"zoe-{language}": {
            "given_name": "Zoé",
            "family_name": f"Lemoine-{language}",
            "email": f"zoe.new-{language}@{DOMAIN}",
            "email_verified": True,
            "amr": ["pwd", "mfa"],
        }
        for _width, _height, language, _locale in SIZES
    },
}


def sign_out(page: Page) -> None:
    page.locator(".menu summary").click()
    page.locator("form[action='/sign-out/'] button").click()


@pytest.fixture(params=SIZES, ids=lambda size: str(size[0]))
def size(request: pytest.FixtureRequest) -> tuple[int, int, str, str]:
    found: tuple[int, int, str, str] = request.param
    return found


@pytest.fixture
def alice(size: tuple[int, int, str, str], visit: Visit, sign_in: Callable[[Page], None]) -> Page:
    page = visit(size[0], size[1], size[3])
    sign_in(page)
    return page


@pytest.fixture
def directory(alice: Page, platform: Platform, size: tuple[int, int, str, str], look: Look) -> Iterator[None]:
    """Connected by Alice on its page, for as long as the test lasts."""
    language, port = size[2], free_port()
    alice.goto(f"{platform.url}/directories/")
    callback, farewell = alice.locator("main dl code").all_inner_texts()
    known = client(callback, after_logout=farewell, signed=False)
    with IdentityProvider([known], PEOPLE, port=port, strict=False) as running:
        look(alice, f"directories-none-{language}")
        facts = {
            "name": "Keycloak",
            "issuer": running.issuer,
            "client_id": CLIENT_ID,
            "secret": CLIENT_SECRET,
            "domains": f"{DOMAIN} example.com",
            "strong_values": "mfa",
        }
        for name, value in facts.items():
            alice.locator(f"[name={name}]").fill(value)
        alice.locator("[name=group]").select_option(index=1)
        alice.locator("main form button").last.click()
        alice.locator("ul.entries a").wait_for()
        look(alice, f"directories-{language}")
        alice.locator("ul.entries a").click()
        look(alice, f"directory-{language}")
        page = alice.url
        yield
        alice.goto(page)
        if "/sign-in/" in alice.url:  # a test left her signed out
            alice.goto(f"{platform.url}/sign-in/?password")
            for name, value in {"email": ALICE.email, "password": platform.account.password}.items():
                alice.locator(f"[name={name}]").fill(value)
            alice.locator("main form button").first.click()
            alice.wait_for_load_state()
            alice.goto(page)
        alice.locator("details.careful summary").click()
        alice.locator("button[name=remove]").click()
        alice.wait_for_url("**/directories/")


def enter(page: Page, platform: Platform, email: str, look: Look | None = None, name: str = "") -> None:
    page.goto(f"{platform.url}/sign-in/")
    if look:
        look(page, name)
    page.locator("[name=email]").fill(email)
    page.locator("main form button").first.click()


def test_an_address_leads_to_the_directory_and_back(
    directory: None,
    alice: Page,
    platform: Platform,
    size: tuple[int, int, str, str],
    look: Look,
) -> None:
    language = size[2]
    sign_out(alice)
    enter(alice, platform, ALICE.email, look, f"door-address-{language}")
    alice.get_by_role("link", name="Mallory Sauvage").click()
    alice.locator("main .fault").wait_for()
    look(alice, f"door-not-verified-{language}")
    enter(alice, platform, ALICE.email)
    alice.get_by_role("link", name="Alice Marchand").click()
    alice.wait_for_url(f"{platform.url}/")
    alice.goto(f"{platform.url}/account/security/")
    look(alice, f"security-linked-{language}")
    alice.goto(f"{platform.url}/confirm/?next=/account/")
    look(alice, f"confirm-with-a-directory-{language}")
    alice.locator("form[action='/confirm/directory'] button").click()
    alice.get_by_role("link", name="Alice Marchand").click()
    alice.wait_for_url("**/account/")
    sign_out(alice)
    alice.get_by_role("button", name="Se déconnecter").click()
    alice.wait_for_url("**/sign-in/**")
    alice.goto(f"{platform.url}/account/")
    assert "/sign-in/" in alice.url


def test_a_newcomer_has_an_account_at_the_first_sign_in(
    directory: None, platform: Platform, size: tuple[int, int, str, str], visit: Visit, look: Look
) -> None:
    width, height, language, locale = size
    zoe = visit(width, height, locale)
    enter(zoe, platform, f"zoe.new-{language}@{DOMAIN}")
    zoe.get_by_role("link", name="Zoé").filter(has_text=language).click()
    zoe.wait_for_url(f"{platform.url}/")
    assert zoe.locator(".menu .who").inner_text() == f"Zoé Lemoine-{language}" or width < 500
    look(zoe, f"newcomer-{language}")


def test_an_address_of_elsewhere_is_asked_for_its_password(
    directory: None, platform: Platform, size: tuple[int, int, str, str], visit: Visit, look: Look
) -> None:
    width, height, language, locale = size
    page = visit(width, height, locale)
    enter(page, platform, "somebody@elsewhere.example")
    page.locator("[name=password]").wait_for()
    assert page.locator("[name=email]").input_value() == "somebody@elsewhere.example"
    look(page, f"door-password-{language}")
