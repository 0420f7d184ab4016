"""On a phone: FranceConnect+, played by a real provider, says who signs; and whatever it does wrong is refused."""

import re
from collections.abc import Callable, Iterator
from typing import Any

import httpx2
import pytest
from paraph import evidence
from paraph.evidence import SignatureLevel
from paraph_testing import pdfs
from paraph_testing.cast import ALICE, BOB
from paraph_testing.demo import Platform
from paraph_testing.identity_provider import IdentityProvider
from playwright.sync_api import Page

pytestmark = pytest.mark.browser

Visit = Callable[..., Page]
Look = Callable[[Page, str], None]


@pytest.fixture(scope="module")
def provider(api: httpx2.Client) -> Iterator[IdentityProvider]:
    """FranceConnect+, known to Alice's organisation."""
    with IdentityProvider.known_to(lambda us: api.post("identityProviders", json=us).json()) as running:
        yield running
    [known] = api.get("identityProviders").json()["items"]
    api.delete(f"identityProviders/{known['id']}")


@pytest.fixture
def bob(provider: IdentityProvider, api: httpx2.Client, visit: Visit) -> Iterator[Page]:
    """Bob has read and accepted, and is asked who he is."""
    provider.fault()
    pages = api.get("consentPages", params={"text": "FranceConnect+"}).json()["items"]
    recipient = {
        "email": BOB.email,
        "firstName": BOB.first_name,
        "lastName": BOB.last_name,
        "preferredLocale": "en",
        "consentPageId": pages[0]["id"],
    }
    step: dict[str, Any] = {"recipients": [recipient]}
    made = api.post("users/me/workflows", json={"name": "Lease", "steps": [step]}).json()
    profile = api.get("signatureProfiles").json()["items"][0]["id"]
    file = {"Content-Type": "application/pdf", "Content-Disposition": 'attachment; filename="Lease.pdf"'}
    path = f"workflows/{made['id']}/parts?signatureProfileId={profile}"
    assert api.post(path, content=pdfs.invoice(), headers=file).status_code == 200
    assert api.patch(f"workflows/{made['id']}", json={"workflowStatus": "started"}).status_code == 200
    link = api.post(f"workflows/{made['id']}/invite", json={"recipientEmail": BOB.email}).json()["inviteUrl"]
    page = visit(390, 844)
    page.goto(link)
    page.locator("[name=agreed]").check()
    page.locator("form.consent button").click()
    page.get_by_role("button", name="Sign in with FranceConnect+").wait_for()
    yield page
    api.patch(f"workflows/{made['id']}", json={"workflowStatus": "stopped"})


def go(page: Page, name: str) -> None:
    """Sign in there as somebody."""
    page.get_by_role("button", name="Sign in with FranceConnect+").click()
    page.get_by_role("link", name=name).click()


def test_whose_name_it_is_signs(bob: Page, look: Look, inbox: Any) -> None:
    before = inbox.last
    look(bob, "identify-provider")
    go(bob, "DURAND")
    bob.get_by_role("heading", name="Enter your code").wait_for()
    look(bob, "identify-code-after-provider")
    bob.locator("[name=code]").fill(inbox.code(BOB.email, after=before))
    bob.get_by_role("button", name="Continue").click()
    bob.get_by_role("button", name="Sign as Bob Durand").click()
    bob.locator("a[href$='/evidence']").wait_for(timeout=90_000)
    with bob.expect_download() as waiting:
        bob.locator("a[href$='/evidence']").click()
    [person] = evidence.read(waiting.value.path().read_bytes()).people
    assert person.levels == (SignatureLevel.ADVANCED,)
    bob.get_by_role("button", name="Sign out of FranceConnect+").click()
    bob.get_by_role("button", name="Se déconnecter").click()
    bob.locator("a[href$='/evidence']").wait_for()
    assert bob.get_by_role("button", name="Sign out of FranceConnect+").count() == 0


def test_somebody_else_is_refused(bob: Page, look: Look) -> None:
    go(bob, "SAUVAGE")
    bob.get_by_text("under another name than that of the invitation").wait_for()
    look(bob, "identify-somebody-else")


def test_the_sender_decides_on_doubt(
    bob: Page, look: Look, visit: Visit, sign_in: Callable[[Page], None], inbox: Any
) -> None:
    before = inbox.last
    go(bob, "DURANT")
    bob.get_by_text("is asked whether the name").wait_for()
    look(bob, "identify-in-doubt")
    alice = visit(1280, 800)
    sign_in(alice)
    told = inbox.newest(ALICE.email, "Comparer les noms", after=before)["text"]
    (address,) = re.findall(r"https?://\S+/workflows/\S+", told)
    alice.goto(address)
    alice.get_by_role("heading", name="Is this Bob Durand?").wait_for()
    look(alice, "review-names")
    alice.get_by_label("How do you know?").fill("I know him.")
    alice.get_by_role("button", name="It is the same person").click()
    alice.get_by_role("heading", name="Is this Bob Durand?").wait_for(state="detached")
    bob.reload()
    bob.get_by_text("Your name was confirmed").wait_for()
    go(bob, "DURANT")
    bob.get_by_role("heading", name="Enter your code").wait_for()


@pytest.mark.parametrize(
    ("fault", "said"),
    [
        ("wrong acr", "with less certainty than this signature needs"),
        ("wrong nonce", "cannot be trusted"),
        ("tampered userinfo", "cannot be trusted"),
        ("late token", "took too long"),
    ],
)
def test_what_the_provider_does_wrong_is_refused(
    bob: Page, provider: IdentityProvider, look: Look, fault: str, said: str
) -> None:
    provider.fault(fault)
    go(bob, "DURAND")
    bob.get_by_text(said).wait_for()
    look(bob, f"identify-{fault.replace(' ', '-')}")
    provider.fault()
    go(bob, "DURAND")
    bob.get_by_role("heading", name="Enter your code").wait_for()


def test_a_code_that_comes_again_is_refused(bob: Page, look: Look) -> None:
    addresses: list[str] = []
    bob.on("request", lambda request: addresses.append(request.url))
    go(bob, "DURAND")
    bob.get_by_role("heading", name="Enter your code").wait_for()
    bob.goto(next(each for each in addresses if "/openid/callback" in each))
    bob.get_by_text("was used already").wait_for()
    look(bob, "identify-again")


def test_an_administrator_adds_a_provider(
    provider: IdentityProvider, look: Look, visit: Visit, sign_in: Callable[[Page], None], platform: Platform
) -> None:
    alice = visit(1280, 800)
    sign_in(alice)
    alice.goto(f"{platform.url}/identity-providers/")
    alice.get_by_text("New identity provider").click()
    look(alice, "identity-providers")
    alice.get_by_label("Kind").select_option("proconnect")
    alice.get_by_label("Client identifier").fill("paraph")
    alice.get_by_label("Client secret").fill("secret")
    alice.get_by_role("button", name="Add the provider").click()
    alice.get_by_role("button", name="Remove ProConnect").click()
    alice.get_by_role("button", name="Remove ProConnect").wait_for(state="detached")
