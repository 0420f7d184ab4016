"""Chromium ↔ agent ↔ server: Carol's page, the agent in a terminal of her computer, her card (SoftHSM)."""

import os
import shutil
import subprocess
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx2
import pytest
from paraph import certs, evidence
from paraph.certs import TrustStore
from paraph.evidence import SignatureLevel
from paraph.validation import Indication, validate
from paraph_testing import pdfs
from paraph_testing.cast import CAROL
from paraph_testing.demo import Platform
from paraph_testing.pki import POLICY, STARS
from paraph_testing.qtsp import Qtsp
from paraph_testing.status import StatusService
from paraph_testing.terminal import Terminal
from paraph_testing.token import MODULE, PIN, Token
from playwright.sync_api import Page

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not (MODULE.exists() and shutil.which("softhsm2-util")), reason="softhsm2 is not installed"),
]
LEVELS = {
    0: (SignatureLevel.ADVANCED,),
    1: (SignatureLevel.ADVANCED, SignatureLevel.RGS_1),
    2: (SignatureLevel.ADVANCED, SignatureLevel.RGS_2),
    3: (SignatureLevel.QUALIFIED, SignatureLevel.RGS_3),
}
SIGNED = 90_000  # milliseconds: after a jump of the clock, time-stamps wait for a minute


@pytest.fixture
def card(tmp_path: Path, card_issuer: StatusService, qtsp: Qtsp) -> Callable[[int], None]:
    """Carol's new card, with so many stars; that with three is qualified besides."""

    def card(stars: int) -> None:
        three = qtsp.pki.card(STARS[3], qualified=True)
        key = three if stars == 3 else card_issuer.pki.card(STARS.get(stars, POLICY))
        Token(tmp_path, "Carol's card").put(key, "signature")

    return card


@pytest.fixture
def consent_page(api: httpx2.Client) -> Callable[[int], str]:
    """A consent page that asks for a card, and for so many stars."""

    def consent_page(stars: int) -> str:
        if not stars:
            [found] = api.get("consentPages", params={"text": "Token or smart card"}).json()["items"]
            return str(found["id"])
        asked = {"name": f"RGS {'*' * stars}", "identificationMeans": ["card"], "signatureLevel": f"rgs-{stars}"}
        texts = {"textEn": "I sign these documents.", "textFr": "Je signe ces documents."}
        return str(api.post("consentPages", json=asked | texts).json()["id"])

    return consent_page


@pytest.fixture
def agent(tmp_path: Path) -> Callable[..., Terminal]:
    """The agent, started on Carol's computer."""

    def agent(*arguments: str) -> Terminal:
        own = {"PARAPH_AGENT_HOME": str(tmp_path / "agent"), "PARAPH_AGENT_MODULES": str(MODULE)}
        return Terminal(
            "paraph_agent", "--terminal", *arguments, environment=os.environ | own | {"PARAPH_AGENT_LANGUAGE": "en"}
        )

    return agent


@pytest.fixture
def waiting(
    platform: Platform,
    inbox: Any,
    visit: Callable[..., Page],
    sign_in: Callable[[Page], None],
    card: Callable[[int], None],
    consent_page: Callable[[int], str],
    tmp_path: Path,
) -> Callable[..., Page]:
    """Alice sends a contract to Carol, who reads it, accepts, and is where her card is asked for."""

    def waiting(width: int, height: int, language: str, look: Callable[[Page, str], None], *, stars: int = 0) -> Page:
        card(stars)
        asked = consent_page(stars)
        before, locale = inbox.last, {"en": "en-GB", "fr": "fr-FR"}[language]
        contract = tmp_path / "contrat été.pdf"
        contract.write_bytes(pdfs.invoice())
        alice = visit(1280, 800, locale)
        sign_in(alice)
        alice.locator("a[href='/workflows/new/']").click()
        alice.locator("[name=documents]").set_input_files(contract)
        alice.locator("[name=name]").fill("Marché 7")
        for field in ("first_name", "last_name", "email"):
            alice.locator(f"#id_people-0-{field}").fill(getattr(CAROL, field))
        alice.locator("#id_people-0-consent_page").select_option(value=asked)
        alice.locator("#id_people-0-locale").select_option(language)
        alice.locator("form[enctype] > button").click()
        alice.wait_for_url("**/workflows/wfl_*/")
        carol = visit(width, height, locale)
        carol.goto(inbox.link(CAROL.email, "Marché 7", after=before))
        carol.locator("[name=agreed]").check()
        carol.locator("form.consent button").click()
        carol.locator("canvas").wait_for()
        look(carol, f"card-sign-{language}")
        carol.locator("form[data-mark-form] > button").click()
        carol.locator("[data-agent]").wait_for()
        return carol

    return waiting


@pytest.mark.parametrize(
    ("width", "height", "language", "stars"),
    [(390, 844, "en", 0), (1280, 800, "en", 1), (390, 844, "fr", 2), (1280, 800, "fr", 3)],
)
def test_with_the_short_code(
    width: int,
    height: int,
    language: str,
    stars: int,
    waiting: Callable[..., Page],
    look: Callable[[Page, str], None],
    agent: Callable[..., Terminal],
    card_issuer: StatusService,
    qtsp: Qtsp,
    platform: Platform,
    tmp_path: Path,
) -> None:
    carol = waiting(width, height, language, look, stars=stars)
    look(carol, f"card-code-{language}")
    code = carol.locator("code.big").inner_text()

    terminal = agent()
    terminal.type(platform.url, when="Address of the signing page")
    terminal.type(code.lower(), when="Code that the signing page shows")
    terminal.read_until("Do you want to sign this?")
    assert "contrat été.pdf" in terminal.seen
    carol.locator("[data-agent]").wait_for(state="detached")
    look(carol, f"card-paired-{language}")
    terminal.type("yes", when="Do you want to sign this?")
    terminal.type("9999", when="PIN of Carol's card")
    carol.locator(".fault").wait_for()
    look(carol, f"card-wrong-pin-{language}")
    terminal.seen = ""
    terminal.type(PIN, when="PIN of Carol's card")
    carol.locator("a[href$='/signed']").wait_for(timeout=SIGNED)
    terminal.read_until("Signed.")
    assert terminal.code() == 0

    signed, proof = _download(carol, "/signed", tmp_path), _download(carol, "/evidence", tmp_path)
    own = certs.read((platform.folder / "root.pem").read_bytes())
    trusted = TrustStore((*own, *card_issuer.pki.trusted.roots, *qtsp.pki.trusted.roots))
    assert validate(signed, trusted=trusted, at=datetime.now(UTC)).indication is Indication.TOTAL_PASSED
    verified = evidence.verify(proof, [signed], trusted=trusted, at=datetime.now(UTC))
    assert verified.holds
    [person] = verified.record.people
    assert person.levels == LEVELS[stars]
    poppler = subprocess.run(
        ["pdfsig", "-nocert", tmp_path / "signed.pdf"], capture_output=True, text=True, check=False
    )
    assert "Signature is Valid" in poppler.stdout
    assert CAROL.name in poppler.stdout


def test_with_the_pages_link(waiting: Callable[..., Page], agent: Callable[..., Terminal]) -> None:
    """Whoever follows a link types the number that the page shows once the agent is there."""
    carol = waiting(1280, 800, "en", lambda _page, _name: None)
    terminal = agent(carol.locator("[data-agent]").get_attribute("href") or "")
    terminal.read_until("Type the number that the signing page shows")
    carol.locator("[data-agent]").wait_for(state="detached")
    number = carol.locator("code.big").inner_text()
    terminal.type(number, when="Type the number that the signing page shows")
    terminal.type(PIN, when="PIN of Carol's card")
    carol.locator("a[href$='/signed']").wait_for(timeout=SIGNED)


def test_without_javascript_reloading_does(
    waiting: Callable[..., Page], agent: Callable[..., Terminal], look: Callable[[Page, str], None]
) -> None:
    """And who cancels in the agent gets another code."""
    carol = waiting(1280, 800, "en", lambda _page, _name: None)
    carol.route("**/card.js", lambda route: route.fulfill(body="", content_type="text/javascript"))
    carol.reload()
    terminal = agent(carol.locator("[data-agent]").get_attribute("href") or "")
    terminal.type("", when="Type the number that the signing page shows")
    assert terminal.code() == 1
    carol.reload()
    assert "You cancelled" in carol.locator(".fault").inner_text()
    look(carol, "card-cancelled-en")
    carol.get_by_role("button", name="Get another code").click()
    carol.locator("[data-agent]").wait_for()


def _download(page: Page, ending: str, folder: Path) -> bytes:
    with page.expect_download() as waiting:
        page.locator(f"a[href$='{ending}']").click()
    path = folder / f"{ending.strip('/')}.pdf"
    waiting.value.save_as(path)
    return path.read_bytes()
