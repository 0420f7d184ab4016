"""On a phone, in French: read and confirm, hand over, hand in a document, comment, refuse."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx2
import pytest
from paraph_testing import pdfs
from paraph_testing.cast import BOB, CAROL, Person
from paraph_testing.demo import Platform
from playwright.sync_api import Page

pytestmark = pytest.mark.browser

Visit = Callable[..., Page]
Look = Callable[[Page, str], None]


def guest(person: Person, **more: Any) -> dict[str, Any]:
    return {
        "email": person.email,
        "firstName": person.first_name,
        "lastName": person.last_name,
        "phoneNumber": person.phone_number,
        "preferredLocale": "fr",
        **more,
    }


@pytest.fixture
def api(platform: Platform) -> Iterator[httpx2.Client]:
    """Alice's program."""
    headers = {"Authorization": f"Bearer {platform.account.token}"}
    with httpx2.Client(base_url=f"{platform.url}/api/", headers=headers, timeout=30) as client:
        yield client


@pytest.fixture
def invitation(api: httpx2.Client) -> Callable[..., str]:
    """A workflow of one step is sent; the link of its recipient."""

    def sent(name: str, step: dict[str, Any]) -> str:
        made = api.post("users/me/workflows", json={"name": name, "steps": [step]}).json()
        profile = api.get("signatureProfiles").json()["items"][0]["id"]
        file = {"Content-Type": "application/pdf", "Content-Disposition": 'attachment; filename="Bail.pdf"'}
        path = f"workflows/{made['id']}/parts?signatureProfileId={profile}"
        assert api.post(path, content=pdfs.invoice(), headers=file).status_code == 200
        assert api.patch(f"workflows/{made['id']}", json={"workflowStatus": "started"}).status_code == 200
        answer = api.post(f"workflows/{made['id']}/invite", json={"recipientEmail": step["recipients"][0]["email"]})
        return str(answer.json()["inviteUrl"])

    return sent


def accept(page: Page) -> None:
    page.locator("[name=agreed]").check()
    page.locator("form.consent button").click()


def test_read_and_confirm(visit: Visit, look: Look, invitation: Callable[..., str], inbox: Any) -> None:
    before = inbox.last
    bob = visit(390, 844, "fr-FR")
    bob.goto(invitation("Règlement intérieur", {"stepType": "view", "recipients": [guest(BOB)], "allowComments": True}))
    look(bob, "view-read")
    accept(bob)
    bob.locator("[name=code]").fill(inbox.code(BOB.email, after=before))
    bob.locator("main form button").first.click()
    bob.locator("[name=comment]").fill("Bien reçu, merci.")
    look(bob, "view-confirm")
    bob.get_by_role("button", name="Confirmer ma lecture").click()
    bob.locator("a[href$='/evidence']").wait_for(timeout=90_000)
    look(bob, "view-done")


def test_hand_over_to_somebody_else(visit: Visit, look: Look, invitation: Callable[..., str], inbox: Any) -> None:
    before = inbox.last
    link = invitation("Bail commercial", {"recipients": [guest(BOB)], "allowDelegation": True})
    bob = visit(390, 844, "fr-FR")
    bob.goto(link)
    bob.get_by_role("link", name="Passer la main").click()
    look(bob, "delegate")
    bob.get_by_role("button", name="Passer la main").click()
    assert bob.locator(".errorlist").count() == 3
    look(bob, "delegate-missing")
    for field in ("first_name", "last_name", "email", "phone_number"):
        bob.locator(f"[name={field}]").fill(getattr(CAROL, field))
    bob.get_by_role("button", name="Passer la main").click()
    look(bob, "delegated")
    bob.goto(link)
    look(bob, "delegated-link-ended")
    carol = visit(390, 844, "fr-FR")
    carol.goto(inbox.link(CAROL.email, "Bail commercial", after=before))
    look(carol, "delegated-read")
    assert "à la place de Bob Durand" in carol.locator("main").inner_text()


def test_hand_in_a_document_then_sign(
    visit: Visit, look: Look, invitation: Callable[..., str], inbox: Any, tmp_path: Path
) -> None:
    before = inbox.last
    card = tmp_path / "carte d’identité.pdf"
    card.write_bytes(pdfs.invoice())
    asked = [{"name": "Pièce d’identité"}, {"name": "Attestation d’assurance", "required": False}]
    bob = visit(390, 844, "fr-FR")
    bob.goto(invitation("Contrat de location", {"recipients": [guest(BOB, requestedDocuments=asked)]}))
    look(bob, "asked")
    accept(bob)
    look(bob, "asked-missing")
    form = bob.locator("form[enctype]").first
    form.locator("input[type=file]").set_input_files(card)
    form.locator("button").click()
    bob.get_by_text("Reçu").wait_for()
    look(bob, "asked-given")
    accept(bob)
    bob.locator("[name=code]").fill(inbox.code(BOB.email, after=before))
    look(bob, "asked-code")


def test_refuse_with_a_remark(visit: Visit, look: Look, invitation: Callable[..., str], inbox: Any) -> None:
    before = inbox.last
    bob = visit(390, 844, "fr-FR")
    bob.goto(invitation("Devis 2026-17", {"recipients": [guest(BOB)]}))
    bob.get_by_role("link", name="Refuser").click()
    look(bob, "refuse")
    bob.locator("[name=reason]").fill("Le montant de la ligne 3 n’est pas le bon.")
    bob.get_by_role("button", name="Refuser").click()
    look(bob, "refused")
    assert "ligne 3" in inbox.newest("alice@example.org", "Devis 2026-17", after=before)["text"]
