"""Alice asks Bob a question and to be seen: a code, an answer, an identity document at the counter; read by axe."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx2
import pytest
from paraph_testing import pdfs
from paraph_testing.cast import BOB
from paraph_testing.demo import Platform
from playwright.sync_api import Page

pytestmark = pytest.mark.browser
QUESTION, ANSWER = "Which town did we meet in?", "Clermont-Ferrand"


@pytest.fixture
def title(api: httpx2.Client) -> str:
    """A way to identify signers that asks for all three; Alice may look at documents."""
    name, means = "In person", ["email-code", "shared-secret", "identity-document"]
    page = {"name": name, "identificationMeans": means, "textEn": "I sign.", "textFr": "Je signe."}
    api.post("consentPages", json=page)
    for group in api.get("groups").json()["items"]:
        if "administer" in group["rights"]:
            api.patch(f"groups/{group['id']}", json={"rights": [*group["rights"], "checkIdentities"]})
    return name


@pytest.mark.parametrize(
    ("width", "height", "language", "locale"), [(390, 844, "fr", "fr-FR"), (1280, 800, "en", "en-GB")]
)
def test_from_a_question_to_a_signature(
    width: int,
    height: int,
    language: str,
    locale: str,
    platform: Platform,
    inbox: Any,
    title: str,
    visit: Callable[..., Page],
    look: Callable[[Page, str], None],
    sign_in: Callable[[Page], None],
    tmp_path: Path,
) -> None:
    before = inbox.last
    document = tmp_path / "lease.pdf"
    document.write_bytes(pdfs.invoice())
    alice = visit(width, height, locale)
    sign_in(alice)
    alice.goto(f"{platform.url}/workflows/new/")
    alice.locator("[name=documents]").set_input_files(document)
    alice.locator("[name=name]").fill(f"Lease {language}")
    for field in ("first_name", "last_name", "email"):
        alice.locator(f"#id_people-0-{field}").fill(getattr(BOB, field))
    option = alice.locator("#id_people-0-consent_page option", has_text=title).last
    alice.locator("#id_people-0-consent_page").select_option(value=option.get_attribute("value"))
    alice.locator("#id_people-0-locale").select_option(language)
    alice.locator("#id_people-0-question").fill(QUESTION)
    alice.locator("#id_people-0-answer").fill(ANSWER)
    look(alice, f"new-with-question-{language}")
    alice.locator("form[enctype] > button").click()
    alice.wait_for_url("**/workflows/wfl_*/")

    bob = visit(width, height, locale)
    bob.goto(inbox.link(BOB.email, f"Lease {language}", after=before))
    bob.locator("[name=agreed]").check()
    bob.locator("form.consent button").click()
    bob.locator("[name=code]").fill(inbox.code(BOB.email, after=before))
    bob.locator("main form button").first.click()
    bob.locator("[name=answer]").fill("Lyon")
    bob.locator("main form button").first.click()
    look(bob, f"question-refused-{language}")
    bob.locator("[name=answer]").fill(ANSWER.upper())
    bob.locator("main form button").first.click()
    look(bob, f"paper-awaited-{language}")

    alice.goto(f"{platform.url}/identities/?text=durand")
    look(alice, f"identities-{language}")
    alice.locator(".entries li", has_text=f"Lease {language}").locator("a").click()
    alice.locator("[name=number_end]").fill("42X9")
    alice.locator("[name=expires_on]").fill("2099-01-31")
    alice.locator("[name=names_match]").check()
    look(alice, f"identity-{language}")
    alice.locator("details.card form button").click()
    alice.locator("section.success").wait_for()
    look(alice, f"identity-checked-{language}")

    bob.reload()
    look(bob, f"paper-{language}")
    bob.locator("form[action$='/pick-up'] button").click()
    bob.locator("canvas").wait_for()
    bob.locator("form[data-mark-form] > button").click()
    bob.locator("a[href$='/signed']").wait_for(timeout=90_000)
