"""Alice adds a passkey and an authenticator app, and signs in with each; on a phone and on a desk, read by axe.

The passkey lies in Chromium's virtual authenticator, which speaks CTAP2 like a real one.
"""

import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from paraph_server.authentication import totp
from paraph_testing.demo import Platform, Ports
from playwright.sync_api import Page

pytestmark = pytest.mark.browser
DEVICE = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


class OnLocalhost(Platform):
    """Passkeys belong to names, not to IP addresses."""

    @property
    def url(self) -> str:
        return f"http://localhost:{self.ports.server}"


@pytest.fixture(scope="module")
def platform(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Platform]:
    with OnLocalhost(tmp_path_factory.mktemp("localhost"), Ports.free()) as running:
        yield running


@pytest.fixture
def device() -> Callable[[Page], tuple[Any, str]]:
    """A device that holds passkeys and knows its owner's finger."""

    def plugged(page: Page) -> tuple[Any, str]:
        tools = page.context.new_cdp_session(page)
        tools.send("WebAuthn.enable")
        added = tools.send("WebAuthn.addVirtualAuthenticator", {"options": DEVICE})
        return tools, added["authenticatorId"]

    return plugged


def code_of(secret: str, *, after: str = "") -> str:
    """What an app shows, once it shows another code than before."""
    while (code := totp.code(secret, totp.step(datetime.now(UTC)))) == after:
        time.sleep(0.5)
    return code


def give_password(page: Page, platform: Platform) -> None:
    for name, value in {"email": platform.account.email, "password": platform.account.password}.items():
        page.locator(f"[name={name}]").fill(value)
    page.locator("main form button").first.click()


def remove_everything(page: Page, platform: Platform) -> None:
    page.goto(f"{platform.url}/account/security/")
    while page.locator("form[action$='/remove'] button").count():
        page.locator("form[action$='/remove'] button").first.click()
        page.wait_for_load_state("networkidle")


def sign_out(page: Page) -> None:
    page.locator(".menu summary").click()
    page.locator("form[action='/sign-out/'] button").click()


@pytest.mark.parametrize(
    ("width", "height", "language", "locale"), [(390, 844, "fr", "fr-FR"), (1280, 800, "en", "en-GB")]
)
def test_a_passkey_and_an_app_open_the_door(
    width: int,
    height: int,
    language: str,
    locale: str,
    platform: Platform,
    device: Callable[[Page], tuple[Any, str]],
    visit: Callable[..., Page],
    look: Callable[[Page, str], None],
    sign_in: Callable[[Page], None],
) -> None:
    alice = visit(width, height, locale)
    tools, authenticator = device(alice)
    sign_in(alice)
    alice.goto(f"{platform.url}/account/security/")
    look(alice, f"security-bare-{language}")

    alice.goto(f"{platform.url}/account/security/passkeys/new/")
    look(alice, f"new-passkey-{language}")
    alice.locator("main form button").click()
    alice.locator("ol.recovery, form[action$='/recovery']").wait_for()
    if not alice.locator("ol.recovery").count():  # the codes of another passkey are still good
        alice.locator("form[action$='/recovery'] button").click()
    look(alice, f"recovery-codes-{language}")
    recovery = alice.locator("ol.recovery code").first.inner_text()
    alice.locator("main a.button").click()

    alice.goto(f"{platform.url}/account/security/authenticator/")
    look(alice, f"authenticator-{language}")
    assert alice.locator("img.qr").evaluate("image => image.naturalWidth") > 100
    alice.locator("main details summary").click()
    secret = alice.locator("code.secret").inner_text().replace(" ", "")
    first = code_of(secret)
    alice.locator("[name=code]").fill(first)
    alice.locator("main form button").click()
    alice.wait_for_url("**/account/security/")
    look(alice, f"security-{language}")
    sign_out(alice)

    look(alice, f"door-{language}")
    alice.locator("main a[href^='/sign-in/passkey/']").click()
    look(alice, f"sign-in-with-a-passkey-{language}")
    alice.locator("main form button").click()
    alice.wait_for_url(f"{platform.url}/")
    sign_out(alice)

    give_password(alice, platform)
    alice.wait_for_url("**/sign-in/second/")
    look(alice, f"second-factor-{language}")
    alice.locator("input.code").fill(first)
    alice.locator("input.code").press("Enter")
    look(alice, f"second-factor-refused-{language}")
    alice.locator("input.code").fill(code_of(secret, after=first))
    alice.locator("input.code").press("Enter")
    alice.wait_for_url(f"{platform.url}/")
    sign_out(alice)

    tools.send("WebAuthn.removeVirtualAuthenticator", {"authenticatorId": authenticator})
    give_password(alice, platform)
    alice.locator("details.other summary").click()
    look(alice, f"no-device-{language}")
    alice.locator("details.other [name=code]").fill(recovery)
    alice.locator("details.other button").click()
    alice.wait_for_url(f"{platform.url}/")
    remove_everything(alice, platform)


def test_a_passkey_of_somebody_elses_device_opens_nothing(
    platform: Platform,
    device: Callable[[Page], tuple[Any, str]],
    visit: Callable[..., Page],
    sign_in: Callable[[Page], None],
) -> None:
    """Made for an account, removed there: the key is still in the device and good for nothing."""
    alice = visit()
    device(alice)
    sign_in(alice)
    alice.goto(f"{platform.url}/account/security/passkeys/new/")
    alice.locator("main form button").click()
    alice.locator("ol.recovery, ul.entries").first.wait_for()
    remove_everything(alice, platform)
    sign_out(alice)
    alice.goto(f"{platform.url}/sign-in/passkey/")
    alice.locator("main form button").click()
    alice.locator("main > section > .fault").wait_for()
    alice.goto(f"{platform.url}/")
    assert "/sign-in/" in alice.url
