"""Bob is away; Carol, to whom he delegated his turns, acts in them: as herself, and for him."""

import re
from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from io import BytesIO
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from paraph import evidence, pades
from paraph.evidence import Means
from paraph_server.accounts.models import Group, User
from paraph_server.accounts.sign_in import BACKEND
from paraph_server.accounts.tenancy import tenant_context
from paraph_server.administration.actions import delegations
from paraph_server.administration.models import Delegation
from paraph_server.documents import actions as documents
from paraph_server.documents import queries as stored
from paraph_server.identification import papers
from paraph_server.identification.models import PaperKind
from paraph_server.journal.actions import Actor
from paraph_server.journal.models import Entry
from paraph_server.notifications.content import Content
from paraph_server.notifications.models import Message
from paraph_server.signing import execution
from paraph_server.signing.models import Signing
from paraph_server.workflows import actions, contents, invites, queries
from paraph_server.workflows.models import ConsentPage, Recipient, Step, Workflow
from paraph_testing import pdfs
from paraph_testing.cast import BOB, CAROL
from paraph_testing.signing_service import SigningService

Make = Callable[..., Any]


@pytest.fixture
def delegate(bob: User, carol: User) -> Callable[..., Delegation]:
    def delegate(**limits: Any) -> Delegation:
        at = timezone.now()
        terms = delegations.Terms(carol, starts_at=at, **limits)
        return delegations.give(bob, terms, by=bob, acting=Actor("user", bob.pk, bob.name), at=at)

    return delegate


@pytest.fixture
def ask_bob(alice: User, by_alice: Actor, bob: User) -> Callable[..., Recipient]:
    """Alice asks Bob, a colleague, to sign."""

    def ask_bob(kind: Step.Kind = Step.Kind.SIGNATURE, **facts: Any) -> Recipient:
        at = timezone.now()
        actions.set_up_tenant(alice.tenant, at=at)
        page = queries.consent_pages().get(means=["email-code"])
        wanted = actions.NewRecipient(bob.email, bob.first_name, bob.last_name, page, locale="fr", user=bob)
        steps = [actions.NewStep([wanted], kind=kind)]
        workflow = actions.create(
            actions.NewWorkflow("Contract 42", steps=steps, **facts), owner=alice, by=by_alice, at=at
        )
        part = documents.receive(alice.tenant, BytesIO(pdfs.invoice()), "contract.pdf", by=by_alice, at=at)
        profile = queries.signature_profiles().get()
        contents.add_document(workflow, part, profile=profile, by=by_alice, at=at)
        actions.start(workflow, by=by_alice, at=at)
        return Recipient.objects.select_related("step__workflow").get(user=bob)

    return ask_bob


def browser(user: User) -> Client:
    client = Client(headers={"accept": "text/html"})
    client.force_login(user, backend=BACKEND)
    return client


def sign(client: Client, recipient: Recipient, code_for: str) -> Any:
    """All the way through the pages, with the code from somebody's mailbox."""
    page = client.get(f"/signing/{recipient.pk}/").content.decode()
    form = page.partition("/accept")[2]
    values = {name: re.findall(f'name="{name}" value="([^"]*)"', form)[0] for name in ("shown", "language")}
    assert client.post(f"/signing/{recipient.pk}/accept", {"agreed": "on", **values}).status_code == 302
    message = Message.objects.filter(kind="code", to=code_for).latest("created_at")
    code = re.findall(r"\b[0-9]{6}\b", Content.decrypt(bytes(message.content or b"")).text)[0]
    assert client.post(f"/signing/{recipient.pk}/verify", {"code": code}).status_code == 302
    return client.post(f"/signing/{recipient.pk}/sign")


def test_the_deputy_signs_as_herself_and_everything_says_for_whom(
    delegate: Make, ask_bob: Make, carol: User, run_jobs: Callable[[], int], trust_service: SigningService
) -> None:
    given = delegate(away=True, ends_at=timezone.now() + timedelta(days=7))
    turn = ask_bob()
    assert Message.objects.filter(kind="turn", to=CAROL.email, about=turn.workflow.pk).count() == 1
    client = browser(carol)
    assert "Contract 42" in client.get("/turns/").content.decode()
    assert client.post(f"/turns/{turn.pk}/").status_code == 302
    assert "Bob Durand" in client.get(f"/signing/{turn.pk}/").content.decode()
    assert sign(client, turn, CAROL.email).status_code == 302
    run_jobs()

    workflow = Workflow.objects.select_related("evidence").get(pk=turn.workflow.pk)
    [signature] = pades.read(stored.content(workflow.documents.get().current))
    assert "CN=Carol Łukasiewicz" in signature.signer
    signed = Entry.objects.get(event="recipient:signed")
    assert (signed.actor_kind, signed.actor_id) == ("user", carol.pk)
    assert signed.payload.details["acts_for"] == BOB.name
    assert signed.payload.details["delegation"] == given.pk
    assert workflow.evidence is not None
    [person] = evidence.read(stored.content(workflow.evidence)).people
    assert (person.name, person.acts_for, person.email) == (CAROL.name, BOB.name, CAROL.email)
    assert client.get("/turns/").content.decode().count("Contract 42") == 0


def test_the_deputy_approves(delegate: Make, ask_bob: Make, carol: User) -> None:
    delegate(may_sign=False)
    turn = ask_bob(Step.Kind.APPROVAL)
    client = browser(carol)
    client.post(f"/turns/{turn.pk}/")
    sign(client, turn, CAROL.email)
    execution.perform(Signing.objects.get().pk)
    assert Entry.objects.get(event="recipient:approved").payload.details["acts_for"] == BOB.name


def test_the_deputy_confirms_to_have_read(delegate: Make, ask_bob: Make, carol: User) -> None:
    delegate(may_sign=False)
    turn = ask_bob(Step.Kind.VIEW)
    client = browser(carol)
    assert "Contract 42" in client.get("/turns/").content.decode()
    assert client.post(f"/turns/{turn.pk}/").status_code == 302


def test_the_deputy_does_not_pass_it_on(delegate: Make, ask_bob: Make, carol: User) -> None:
    delegate()
    turn = ask_bob()
    Step.objects.update(allow_delegation=True)
    client = browser(carol)
    client.post(f"/turns/{turn.pk}/")
    assert client.get(f"/signing/{turn.pk}/delegate").status_code == 409


def test_the_deputy_refuses(delegate: Make, ask_bob: Make, carol: User) -> None:
    delegate()
    turn = ask_bob()
    client = browser(carol)
    client.post(f"/turns/{turn.pk}/")
    assert client.post(f"/signing/{turn.pk}/refuse", {"reason": "wrong amount"}).status_code == 302
    refused = Entry.objects.get(event="recipient:refused")
    assert (refused.actor_id, refused.payload.details["acts_for"]) == (carol.pk, BOB.name)


@pytest.mark.parametrize(
    ("limits", "facts", "words"),
    [
        ({"may_sign": False}, {}, "another kind of act"),
        ({"filing_classes": ["HR"]}, {"filing_class": "Sales/2026"}, "document class"),
        (
            {"max_amount": Decimal(1000), "currency": "EUR"},
            {"amount": Decimal(1001), "currency": "EUR"},
            "above the limit",
        ),
        ({"max_amount": Decimal(1000), "currency": "EUR"}, {}, "names no amount"),
        (
            {"max_amount": Decimal(1000), "currency": "EUR"},
            {"amount": Decimal(1), "currency": "CHF"},
            "another currency",
        ),
    ],
)
def test_outside_the_limits_the_turn_is_not_hers(
    delegate: Make, ask_bob: Make, carol: User, limits: dict[str, Any], facts: dict[str, Any], words: str
) -> None:
    delegate(**limits)
    turn = ask_bob(**facts)
    client = browser(carol)
    assert "Contract 42" not in client.get("/turns/").content.decode()
    answer = client.post(f"/turns/{turn.pk}/")
    assert answer.status_code == 403
    assert words in answer.content.decode()


def test_within_the_limits_it_is(delegate: Make, ask_bob: Make, carol: User) -> None:
    delegate(filing_classes=["HR"], max_amount=Decimal(1000), currency="eur")
    turn = ask_bob(filing_class="HR/Contracts", amount=Decimal(1000), currency="EUR")
    assert browser(carol).post(f"/turns/{turn.pk}/").status_code == 302


def test_what_was_revoked_meanwhile_does_not_sign(delegate: Make, ask_bob: Make, bob: User, carol: User) -> None:
    given = delegate()
    turn = ask_bob()
    client = browser(carol)
    client.post(f"/turns/{turn.pk}/")
    client.get(f"/signing/{turn.pk}/")
    delegations.revoke(given, by=bob, acting=Actor("user", bob.pk), at=timezone.now())
    assert client.get(f"/signing/{turn.pk}/").status_code == 403
    document = turn.workflow.documents.get()
    assert client.get(f"/signing/{turn.pk}/documents/{document.pk}").status_code == 403


def test_without_a_number_the_code_would_not_arrive(delegate: Make, ask_bob: Make, carol: User) -> None:
    delegate()
    turn = ask_bob()
    Recipient.objects.update(consent_page=queries.consent_pages().get(means=["sms-code"]))
    User.objects.filter(pk=carol.pk).update(phone_number="")
    client = browser(carol)
    client.post(f"/turns/{turn.pk}/")
    assert "mobile number" in client.get(f"/signing/{turn.pk}/").content.decode()


def test_her_program_sees_the_turn_too(delegate: Make, ask_bob: Make, carol: User, bob: User, program: Make) -> None:
    given = delegate()
    turn = ask_bob()
    [shown] = program(carol)("GET", "turns").json()["items"]
    assert (shown["recipientId"], shown["actsForUserId"], shown["delegationId"]) == (turn.pk, bob.pk, given.pk)
    [own] = program(bob)("GET", "turns").json()["items"]
    assert (own["recipientId"], own["actsForUserId"]) == (turn.pk, None)


def test_bobs_consent_is_not_carols(delegate: Make, ask_bob: Make, bob: User, carol: User) -> None:
    """Bob accepted through his link; Carol cannot go on from there, she reads and accepts herself."""
    delegate()
    turn = ask_bob()
    bobs = Client(headers={"accept": "text/html"})
    bobs.get(f"/invite?token={invites.token(turn, at=timezone.now())}")
    page = bobs.get(f"/signing/{turn.pk}/").content.decode().partition("/accept")[2]
    values = {name: re.findall(f'name="{name}" value="([^"]*)"', page)[0] for name in ("shown", "language")}
    bobs.post(f"/signing/{turn.pk}/accept", {"agreed": "on", **values})
    carols = browser(carol)
    carols.post(f"/turns/{turn.pk}/")
    assert carols.post(f"/signing/{turn.pk}/code").status_code == 409
    assert f"/signing/{turn.pk}/accept" in carols.get(f"/signing/{turn.pk}/").content.decode()


def test_whoever_takes_over_the_browser_is_not_the_deputy(
    delegate: Make, ask_bob: Make, alice: User, carol: User
) -> None:
    delegate()
    turn = ask_bob()
    client = browser(carol)
    client.post(f"/turns/{turn.pk}/")
    client.post("/sign-out/")
    client.force_login(alice, backend=BACKEND)
    assert client.get(f"/signing/{turn.pk}/").status_code == 404


def test_ones_own_turns_need_no_link(ask_bob: Make, bob: User) -> None:
    turn = ask_bob()
    client = browser(bob)
    client.post(f"/turns/{turn.pk}/")
    assert client.get(f"/signing/{turn.pk}/").status_code == 200


def test_somebody_without_a_delegation_is_refused(ask_bob: Make, carol: User, mallory: User) -> None:
    turn = ask_bob()
    assert browser(carol).post(f"/turns/{turn.pk}/").status_code == 403
    with tenant_context(mallory.tenant):
        assert browser(mallory).post(f"/turns/{turn.pk}/").status_code == 404


def test_a_colleague_who_was_disabled_does_not_sign_through_an_old_link(ask_bob: Make, bob: User) -> None:
    turn = ask_bob()
    User.objects.filter(pk=bob.pk).update(is_active=False)
    client = Client(headers={"accept": "text/html"})
    client.get(f"/invite?token={invites.token(turn, at=timezone.now())}")
    assert client.get(f"/signing/{turn.pk}/").status_code == 403


def test_what_bob_showed_at_the_counter_is_not_carols(
    delegate: Make, ask_bob: Make, carol: User, alice: User, by_alice: Actor
) -> None:
    """His passport was looked at; she acts in his place, and is asked for her own."""
    delegate()
    turn = ask_bob()
    ConsentPage.objects.filter(pk=turn.consent_page_id).update(means=[Means.IDENTITY_DOCUMENT])
    Group.objects.filter(pk=alice.group_id).update(rights=[*alice.group.rights, "checkIdentities"])
    seen = papers.NewPaper(PaperKind.PASSPORT, "FR", "42X9", date(2099, 1, 31), names_match=True)
    clerk, at = User.objects.select_related("group").get(pk=alice.pk), timezone.now()
    papers.check(seen, subject=turn.pk, names=BOB.name, by=clerk, acting=by_alice, at=at)
    client = browser(carol)
    client.post(f"/turns/{turn.pk}/")
    page = client.get(f"/signing/{turn.pk}/").content.decode().partition("/accept")[2]
    values = {name: re.findall(f'name="{name}" value="([^"]*)"', page)[0] for name in ("shown", "language")}
    client.post(f"/signing/{turn.pk}/accept", {"agreed": "on", **values})
    answer = client.post(f"/signing/{turn.pk}/pick-up")
    assert answer.status_code == 409
    assert client.post(f"/signing/{turn.pk}/sign").status_code == 409
    assert Signing.objects.get(recipient=turn).proofs == []
