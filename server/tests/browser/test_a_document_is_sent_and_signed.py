"""Alice sends, Bob signs on a phone or a desk, both download: in English and in French."""

import subprocess
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from paraph import certs, evidence
from paraph.certs import TrustStore
from paraph.validation import Indication, validate
from paraph_testing import pdfs
from paraph_testing.cast import BOB, Person
from paraph_testing.demo import Platform
from playwright.sync_api import Page

pytestmark = pytest.mark.browser


@pytest.fixture
def invoice(tmp_path: Path) -> Path:
    path = tmp_path / "contrat été.pdf"
    path.write_bytes(pdfs.invoice())
    return path


def prepare(page: Page, document: Path, title: str, *, language: str = "en", by: str = "email") -> None:
    page.locator("[name=documents]").set_input_files(document)
    page.locator("[name=name]").fill(title)
    fill_person(page, 0, BOB, language=language, by=by)


def fill_person(page: Page, row: int, person: Person, *, language: str = "en", by: str = "email") -> None:
    prefix = f"#id_people-{row}-"
    for field in ("first_name", "last_name", "email", "phone_number"):
        page.locator(prefix + field).fill(getattr(person, field))
    means = {"email": 0, "sms": 1}[by]
    page.locator(f"{prefix}consent_page").select_option(index=means)
    page.locator(f"{prefix}locale").select_option(language)


@pytest.mark.parametrize(
    ("width", "height", "language"), [(390, 844, "en"), (1280, 800, "en"), (390, 844, "fr"), (1280, 800, "fr")]
)
def test_from_upload_to_download(
    width: int,
    height: int,
    language: str,
    platform: Platform,
    inbox: Any,
    visit: Callable[..., Page],
    look: Callable[[Page, str], None],
    sign_in: Callable[[Page], None],
    invoice: Path,
    tmp_path: Path,
) -> None:
    before = inbox.last
    locale = {"en": "en-GB", "fr": "fr-FR"}[language]

    alice = visit(width, height, locale)
    alice.goto(platform.url)
    look(alice, f"sign-in-{language}")
    sign_in(alice)
    alice.locator("a[href='/workflows/new/']").click()
    prepare(alice, invoice, "Contrat 42", language=language)
    look(alice, f"new-{language}")
    alice.locator("form[enctype] > button").click()
    alice.wait_for_url("**/workflows/wfl_*/")
    look(alice, f"sent-{language}")

    bob = visit(width, height, locale)
    bob.goto(inbox.link(BOB.email, "Contrat 42", after=before))
    assert "token" not in bob.url
    look(bob, f"read-{language}")
    bob.locator("[name=agreed]").check()
    bob.locator("form.consent button").click()
    look(bob, f"code-{language}")
    bob.locator("[name=code]").fill(inbox.code(BOB.email, after=before))
    bob.locator("main form button").first.click()
    bob.locator("canvas").wait_for()
    draw(bob)
    look(bob, f"sign-{language}")
    bob.locator("form[data-mark-form] > button").click()
    bob.locator("a[href$='/signed']").wait_for(timeout=90_000)
    look(bob, f"done-{language}")

    signed, proof = download(bob, "/signed", tmp_path), download(bob, "/evidence", tmp_path)
    alice.reload()
    look(alice, f"finished-{language}")
    alice.goto(platform.url)
    look(alice, f"dashboard-{language}")

    trusted = TrustStore(tuple(certs.read((platform.folder / "root.pem").read_bytes())))
    assert validate(signed, trusted=trusted, at=datetime.now(UTC)).indication is Indication.TOTAL_PASSED
    assert evidence.verify(proof, [signed], trusted=trusted, at=datetime.now(UTC)).holds
    poppler = subprocess.run(
        ["pdfsig", "-nocert", tmp_path / "signed.pdf"], capture_output=True, text=True, check=False
    )
    assert "Signature is Valid" in poppler.stdout
    assert "Bob Durand" in poppler.stdout


def draw(page: Page) -> None:
    box = page.locator("canvas").bounding_box()
    assert box
    page.mouse.move(box["x"] + 30, box["y"] + 100)
    page.mouse.down()
    for step in range(12):
        page.mouse.move(box["x"] + 30 + step * 15, box["y"] + 90 + (-1) ** step * 30)
    page.mouse.up()


def download(page: Page, ending: str, folder: Path) -> bytes:
    with page.expect_download() as waiting:
        page.locator(f"a[href$='{ending}']").click()
    path = folder / f"{ending.strip('/')}.pdf"
    waiting.value.save_as(path)
    return path.read_bytes()
