"""The whole platform, a browser, and an eye for accessibility."""

import json
import os
import re
import time
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx2
import pytest
from axe_playwright_python.sync_playwright import Axe
from cryptography.hazmat.primitives.serialization import Encoding
from paraph_testing.demo import Platform, Ports
from paraph_testing.pki import STARS
from paraph_testing.qtsp import Qtsp
from paraph_testing.status import StatusService
from paraph_testing.trustlist import Publisher
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

CHROMIUM = "/usr/bin/chromium"
QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
PATIENCE = 30.0  # seconds until a message arrives
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}


@dataclass(frozen=True)
class Inbox:
    """Everybody's mailbox."""

    url: str

    def newest(self, to: str, subject: str, *, after: int = 0) -> dict[str, str]:
        """The newest message to somebody with these words in its subject or text, once it is there."""
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            for message in self.messages():
                words = f"{message.get('subject', '')} {message['text']}"
                if message["to"] == to and subject in words and int(message["id"]) > after:
                    return message
            time.sleep(0.1)
        raise AssertionError(f"No message to {to} about {subject}.")

    def messages(self) -> list[dict[str, str]]:
        with urllib.request.urlopen(f"{self.url}/messages.json") as answer:
            found: list[dict[str, str]] = json.load(answer)
            return found

    @property
    def last(self) -> int:
        return max((int(message["id"]) for message in self.messages()), default=0)

    def link(self, to: str, subject: str, *, after: int = 0) -> str:
        found = re.search(r"https?://\S+/invite\?token=[\w.-]+", self.newest(to, subject, after=after)["text"])
        assert found
        return found[0]

    def code(self, to: str, *, after: int = 0) -> str:
        found = re.search(r"\b\d{6}\b", self.newest(to, "code", after=after)["text"])
        assert found
        return found[0]


@pytest.fixture(scope="session")
def card_issuer() -> Iterator[StatusService]:
    """The authority behind people's smart cards."""
    with StatusService() as service:
        yield service


@pytest.fixture(scope="session")
def qtsp() -> Iterator[Qtsp]:
    """A provider of remote signatures, where Carol has a qualified certificate."""
    with Qtsp() as provider:
        provider.open("carol", provider.pki.qualified)
        yield provider


@pytest.fixture(scope="session")
def platform(tmp_path_factory: pytest.TempPathFactory, card_issuer: StatusService, qtsp: Qtsp) -> Iterator[Platform]:
    """It takes the certificates of both, and the trusted list of France says that the provider's are qualified."""
    folder = tmp_path_factory.mktemp("platform")
    roots = [each.pki.root.certificate.public_bytes(Encoding.PEM) for each in (card_issuer, qtsp)]
    (folder / "card-roots.pem").write_bytes(b"".join(roots))
    Publisher(qtsp.pki).teach(folder / "lists")
    stars = ", ".join(f"{policy}={number}" for number, policy in STARS.items())
    with Platform(folder, Ports.free(), PARAPH_RGS_POLICIES=stars) as running:
        yield running


@pytest.fixture(autouse=True)
def _supervised(platform: Platform) -> Iterator[None]:
    """The platform is looked after as `make run` does, and a test within which a part of it died says so."""
    yield
    for name, log in platform.revive().items():
        pytest.fail(f"The {name} had stopped; it was started again. Why:\n{log.read_text(errors='replace')[-2000:]}")


@pytest.fixture(scope="session")
def api(platform: Platform) -> Iterator[httpx2.Client]:
    """Alice's program."""
    headers = {"Authorization": f"Bearer {platform.account.token}"}
    with httpx2.Client(base_url=f"{platform.url}/api/", headers=headers, timeout=30) as program:
        yield program


@pytest.fixture
def inbox(platform: Platform) -> Inbox:
    return Inbox(platform.inbox_url)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        yield running
        running.close()


@pytest.fixture
def visit(browser: Browser) -> Iterator[Callable[..., Page]]:
    """A fresh browser of somebody: `visit(width, height, language)`. Complaints of its console fail the test."""
    contexts: list[BrowserContext] = []
    complaints: list[str] = []

    def opened(width: int = 390, height: int = 844, language: str = "en-GB", **more: Any) -> Page:
        context = browser.new_context(viewport={"width": width, "height": height}, locale=language, **more)
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        return page

    yield opened
    for context in contexts:
        context.close()
    # Chromium reports each answer of 4xx; the tests look at those pages themselves.
    assert not [each for each in complaints if "status of 4" not in each]


@pytest.fixture
def look() -> Callable[[Page, str], None]:
    """Judge a page by axe and, when `SCREENSHOTS` names a folder, keep its picture there."""
    axe = Axe()
    folder = os.environ.get("SCREENSHOTS")

    def looked(page: Page, name: str) -> None:
        page.wait_for_load_state("networkidle")
        for frame in page.frames:  # the page's own, and those within it
            found = axe.run(frame, options=RULES)
            assert found.violations_count == 0, f"{name}: {found.generate_report()}"
        width = (page.viewport_size or {})["width"]
        assert page.evaluate("document.documentElement.scrollWidth") <= width, f"{name} is wider than the screen"
        if folder:
            page.screenshot(path=Path(folder) / f"{name}-{width}.png", full_page=True)

    return looked


@pytest.fixture
def sign_in(platform: Platform) -> Callable[[Page], None]:
    """Alice signs in."""

    def signed_in(page: Page) -> None:
        page.goto(f"{platform.url}/")
        page.locator("[name=email]").fill(platform.account.email)
        page.locator("[name=password]").fill(platform.account.password)
        page.locator("main form button").click()
        page.wait_for_url(f"{platform.url}/")

    return signed_in
