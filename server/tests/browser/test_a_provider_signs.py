"""Alice writes a provider down, Carol signs with it: on its own pages, and qualified in the end."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from paraph import certs, evidence
from paraph.certs import TrustStore
from paraph.evidence import Means, SignatureLevel
from paraph_testing import pdfs
from paraph_testing.cast import CAROL
from paraph_testing.demo import Platform
from paraph_testing.qtsp import CLIENT, PASSWORD, PIN, SECRET, Qtsp
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser
SIGNED = 90_000  # milliseconds: after a jump of the clock, time-stamps wait for a minute
Look = Callable[[Page, str], None]


def written_down(alice: Page, platform: Platform, qtsp: Qtsp, look: Look, language: str) -> None:
    """The provider, as Alice's organisation knows it; once."""
    alice.goto(f"{platform.url}/signing-providers/")
    if not alice.locator("ul.entries").count():
        look(alice, f"providers-none-{language}")
        for name, value in (
            ("name", "Atelier Trust"),
            ("address", qtsp.url),
            ("client_id", CLIENT),
            ("secret", SECRET),
        ):
            alice.locator(f"[name={name}]").fill(value)
        alice.locator("details.card form button").click()
    expect(alice.locator("ul.entries li")).to_contain_text(qtsp.url)
    look(alice, f"providers-{language}")
    alice.locator("ul.entries a").click()
    alice.locator("form[action$='/try'] button").click()
    expect(alice.locator(".findings .good")).to_have_count(3)
    look(alice, f"provider-tried-{language}")


@pytest.fixture
def signing_page(
    platform: Platform,
    qtsp: Qtsp,
    inbox: Any,
    visit: Callable[..., Page],
    sign_in: Callable[[Page], None],
    look: Look,
    tmp_path: Path,
) -> Callable[..., Page]:
    """Alice sends two documents to Carol, who reads and accepts, and is where one signs."""

    def signing_page(width: int, height: int, language: str) -> Page:
        before, locale = inbox.last, {"en": "en-GB", "fr": "fr-FR"}[language]
        files = [tmp_path / "contrat été.pdf", tmp_path / "annexe.pdf"]
        for number, each in enumerate(files, start=1):
            each.write_bytes(pdfs.invoice(number))
        alice = visit(width, height, locale)
        sign_in(alice)
        written_down(alice, platform, qtsp, look, language)
        pages = alice.locator("#id_people-0-consent_page option")
        for _attempt in range(60):  # the worker makes the consent page
            alice.goto(f"{platform.url}/workflows/new/")
            label = {"en": "Trust service provider", "fr": "Prestataire de services de confiance"}[language]
            if pages.filter(has_text=label).count():
                break
            alice.wait_for_timeout(500)
        alice.locator("[name=documents]").set_input_files(files)
        alice.locator("[name=name]").fill("Marché 9")
        for name in ("first_name", "last_name", "email"):
            alice.locator(f"#id_people-0-{name}").fill(getattr(CAROL, name))
        alice.locator("#id_people-0-consent_page").select_option(label=label)
        alice.locator("#id_people-0-locale").select_option(language)
        alice.locator("form[enctype] > button").click()
        alice.wait_for_url("**/workflows/wfl_*/")
        carol = visit(width, height, locale)
        carol.goto(inbox.link(CAROL.email, "Marché 9", after=before))
        carol.locator("[name=agreed]").check()
        carol.locator("form.consent button").click()
        carol.locator("canvas").wait_for()
        look(carol, f"provider-sign-{language}")
        return carol

    return signing_page


def certificates(carol: Page) -> None:
    """To the provider, to sign in."""
    carol.locator("button[formaction]").click()
    carol.locator("[name=account]").fill("carol")
    carol.locator("[name=password]").fill(PASSWORD)
    carol.locator("[value=yes]").click()


def released(carol: Page) -> None:
    """To the provider, to give leave."""
    carol.locator("form[action$='/leave'] button").click()
    expect(carol.locator("body")).to_contain_text("carol, you are asked for 2 signature(s) with carol-1")
    carol.locator("[name=pin]").fill(PIN)
    carol.locator("[value=yes]").click()


@pytest.mark.parametrize(
    ("width", "height", "language"), [(390, 844, "en"), (1280, 800, "en"), (390, 844, "fr"), (1280, 800, "fr")]
)
def test_a_qualified_signature(
    width: int,
    height: int,
    language: str,
    signing_page: Callable[..., Page],
    qtsp: Qtsp,
    look: Look,
    platform: Platform,
    tmp_path: Path,
) -> None:
    carol = signing_page(width, height, language)
    certificates(carol)
    carol.locator("form[action$='/leave'] button").wait_for(timeout=SIGNED)
    look(carol, f"provider-ready-{language}")
    carol.locator("form[action$='/leave'] button").click()
    carol.locator("[value=no]").click()
    carol.locator(".fault").wait_for()
    look(carol, f"provider-cancelled-{language}")
    released(carol)
    carol.locator("a[href$='/signed']").wait_for(timeout=SIGNED)

    proof = _download(carol, "/evidence", tmp_path)
    trusted = TrustStore((*certs.read((platform.folder / "root.pem").read_bytes()), *qtsp.pki.trusted.roots))
    verified = evidence.verify(proof, [], trusted=trusted, at=datetime.now(UTC))
    [person] = verified.record.people
    assert person.level == SignatureLevel.QUALIFIED
    assert [each.means for each in person.proofs] == [Means.PROVIDER]
    assert person.certificate is not None
    assert (person.certificate.device, person.certificate.qualified) == ("qualified", "qualified")


def _download(page: Page, ending: str, folder: Path) -> bytes:
    with page.expect_download() as waiting:
        page.locator(f"a[href$='{ending}']").click()
    path = folder / f"{ending.strip('/')}.pdf"
    waiting.value.save_as(path)
    return path.read_bytes()
