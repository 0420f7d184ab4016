"""An organisation decides how its signers are identified and what they accept; what was accepted before is kept."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from django.test import Client
from paraph.evidence import Means, SignatureLevel
from paraph_server.accounts.models import Tenant, User
from paraph_server.accounts.tenancy import tenant_context
from paraph_server.journal.actions import Actor
from paraph_server.journal.models import Entry
from paraph_server.workflows import actions, queries
from paraph_server.workflows.actions import NewConsentPage
from paraph_server.workflows.errors import BadConsentPage, NoSuchConsentPage
from paraph_server.workflows.models import ConsentText, KeyHolder, Recipient, Workflow
from paraph_testing.cast import BOB, Person
from paraph_testing.program import Program

BOTH = NewConsentPage("Both codes", [Means.SMS_CODE, Means.EMAIL_CODE], "I agree.", "J’accepte.")


@pytest.fixture(autouse=True)
def standard(tenant: Tenant, noon: datetime) -> None:
    """The pages that every organisation starts with."""
    actions.set_up_tenant(tenant, at=noon)


def test_means_are_asked_in_a_fixed_order(alice: User, by_alice: Actor, noon: datetime) -> None:
    page = actions.create_page(BOTH, owner=alice, by=by_alice, at=noon)
    assert page.asked == (Means.EMAIL_CODE, Means.SMS_CODE)
    assert page.level == SignatureLevel.SIMPLE


@pytest.mark.parametrize(
    ("wanted", "reason"),
    [
        ({"name": " "}, "name"),
        ({"text_en": "x" * 20_001}, "text"),
        ({"means": []}, "at least one"),
        ({"means": [Means.CLIENT_CERTIFICATE]}, "not offered"),
        ({"level": SignatureLevel.ADVANCED}, "do not reach"),
        ({"level": SignatureLevel.QUALIFIED}, "do not reach"),
        ({"means": [Means.CARD], "level": SignatureLevel.RGS_2}, "do not reach"),  # of a policy that nobody listed
    ],
)
def test_a_page_that_promises_too_much_is_refused(
    alice: User, by_alice: Actor, noon: datetime, wanted: dict[str, Any], reason: str
) -> None:
    from dataclasses import replace  # noqa: PLC0415

    with pytest.raises(BadConsentPage, match=reason):
        actions.create_page(replace(BOTH, **wanted), owner=alice, by=by_alice, at=noon)


def test_a_text_that_changes_gets_another_version_and_the_older_one_is_kept(
    alice: User, by_alice: Actor, noon: datetime
) -> None:
    page = actions.create_page(BOTH, owner=alice, by=by_alice, at=noon)
    changed = actions.change_page(page, text_en="I do agree.", by=by_alice, at=noon)
    actions.change_page(page, name="Two codes", by=by_alice, at=noon)
    assert changed.version == 2
    assert [(each.version, each.text_en) for each in page.texts.all()] == [(2, "I do agree."), (1, "I agree.")]
    events = Entry.objects.filter(subject=page.pk).order_by("sequence").values_list("event", flat=True)
    assert list(events) == ["consentPage:created", "consentPage:changed", "consentPage:changed"]


def test_a_withdrawn_page_is_offered_no_longer_and_workflows_go_on_with_it(
    send: Callable[..., Workflow], recipient: Callable[[Workflow, Person], Recipient], by_alice: Actor, noon: datetime
) -> None:
    bob = recipient(send(BOB), BOB)
    assert bob.consent_page
    actions.withdraw_page(bob.consent_page, by=by_alice, at=noon)
    assert bob.consent_page not in queries.consent_pages()
    assert queries.consent_text(recipient(bob.workflow, BOB), "fr")


def test_the_last_page_stays(by_alice: Actor, noon: datetime) -> None:
    *others, last = queries.consent_pages()
    for each in [*others, *others]:
        actions.withdraw_page(each, by=by_alice, at=noon)
    with pytest.raises(BadConsentPage, match="last"):
        actions.withdraw_page(last, by=by_alice, at=noon)


def test_another_organisation_sees_none_of_it(
    alice: User, by_alice: Actor, noon: datetime, other_tenant: Tenant
) -> None:
    page = actions.create_page(BOTH, owner=alice, by=by_alice, at=noon)
    with tenant_context(other_tenant.pk):
        assert not ConsentText.objects.exists()
        with pytest.raises(NoSuchConsentPage):
            queries.consent_page(page.pk)


def test_programs_make_change_and_withdraw_them(api: Program) -> None:
    said = {"name": "Both", "identificationMeans": ["sms-code", "email-code"], "textEn": "I agree.", "textFr": "Oui."}
    made = api("POST", "consentPages", said).json()
    assert (made["signatureLevel"], made["identificationMeans"]) == ("simple", ["email-code", "sms-code"])
    address = f"consentPages/{made['id']}"
    assert api("PATCH", address, {"textFr": "J’accepte."}).json()["version"] == 2
    assert [each["textFr"] for each in api("GET", f"{address}/versions").json()["items"]] == ["J’accepte.", "Oui."]
    assert api("DELETE", address).json()["withdrawn"]
    assert made["id"] not in [each["id"] for each in api("GET", "consentPages").json()["items"]]


def test_pages_let_whoever_manages_templates_do_the_same(alice: User) -> None:
    browser = Client()
    browser.force_login(alice)
    said = {"name": "Both", "means": ["email-code", "sms-code"], "text_fr": "J’accepte.", "text_en": "I agree."}
    assert browser.post("/consent-pages/new", said | {"level": "advanced"}).status_code == 422
    assert browser.post("/consent-pages/new", said).status_code == 302
    page = queries.consent_pages().get(name="Both")
    assert "Both" in browser.get("/consent-pages/").content.decode()
    texts = {"name": "Both", "text_fr": "J’accepte tout.", "text_en": "I agree."}
    assert browser.post(f"/consent-pages/{page.pk}", texts).status_code == 302
    assert "J’accepte tout." in browser.get(f"/consent-pages/{page.pk}").content.decode()
    assert browser.post(f"/consent-pages/{page.pk}", {"withdraw": "yes"}).status_code == 302
    assert page not in queries.consent_pages()


def test_senders_choose_under_the_level_that_each_reaches(alice: User, by_alice: Actor, noon: datetime) -> None:
    wanted = NewConsentPage("Notaries", [Means.CARD], level=SignatureLevel.QUALIFIED)
    actions.create_page(wanted, owner=alice, by=by_alice, at=noon)
    browser = Client(headers={"Accept-Language": "en"})
    browser.force_login(alice)
    page = browser.get("/workflows/new/").content.decode()
    places = [page.index(each) for each in ("Simple signature", "Code by e-mail", "Advanced signature", "Notaries (")]
    assert places == sorted(places)


def test_the_usual_pages_are_called_in_the_readers_words(alice: User) -> None:
    browser = Client(headers={"Accept-Language": "fr"})
    browser.force_login(alice)
    listed = browser.get("/consent-pages/").content.decode()
    assert "Code par courriel" in listed
    assert "E-mail code" not in listed


def test_who_shows_a_card_signs_with_it(alice: User, by_alice: Actor, noon: datetime) -> None:
    """Whether its certificate is qualified is seen when it is there: no page asks for that unasked."""
    wanted = NewConsentPage("Card", [Means.CARD], "I sign.", "Je signe.")
    page = actions.create_page(wanted, owner=alice, by=by_alice, at=noon)
    assert (page.key_holder, page.level) == (KeyHolder.CARD, SignatureLevel.ADVANCED)
    qualified = actions.create_page(
        NewConsentPage("Qualified", [Means.CARD], "I sign.", "Je signe.", level=SignatureLevel.QUALIFIED),
        owner=alice,
        by=by_alice,
        at=noon,
    )
    assert qualified.level == SignatureLevel.QUALIFIED


def test_nobody_approves_with_a_card(api: Program) -> None:
    """A card shows who one is by signing, and who approves signs nothing."""
    [page] = queries.consent_pages().filter(key_holder=KeyHolder.CARD)
    bob = {"email": BOB.email, "firstName": BOB.first_name, "lastName": BOB.last_name, "consentPageId": page.pk}
    steps = [{"stepType": "approval", "recipients": [bob]}]
    refused = api("POST", f"users/{api.user_id}/workflows", {"name": "Contract 42", "steps": steps})
    assert refused.status_code == 400
    assert "card" in refused.json()["detail"]
