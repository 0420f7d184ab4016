"""A code and the sender's question; a code and an identity document that somebody looked at."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from django.utils.timezone import localdate
from paraph.evidence import Means
from paraph_server.accounts.models import User
from paraph_server.accounts.sign_in import BACKEND
from paraph_server.identification.models import Paper, SharedSecret
from paraph_server.identification.papers import GOOD_FOR
from paraph_server.identification.shared_secrets import NewSecret
from paraph_server.notifications.content import Content
from paraph_server.notifications.models import Message
from paraph_server.signing import acts
from paraph_server.signing.errors import NotTogether
from paraph_server.signing.models import Signing
from paraph_server.workflows import invites
from paraph_server.workflows.actions import NewRecipient, NewStep
from paraph_server.workflows.errors import BadRecipient
from paraph_server.workflows.models import ConsentPage, Recipient, Workflow
from paraph_testing.cast import BOB, CAROL, Person
from paraph_testing.program import Program

Find = Callable[[Workflow, Person], Recipient]
Asked = Callable[..., ConsentPage]
SECRET = NewSecret("Which town did we meet in?", "Clermont-Ferrand")
PASSPORT = {
    "documentType": "passport",
    "country": "fr",
    "numberEnd": "42x9",
    "expires": "2099-01-31",
    "namesMatch": True,
}


def browser(recipient: Recipient) -> Client:
    """A browser in which somebody opened the recipient's link."""
    client = Client(headers={"accept": "text/html"})
    client.get(f"/invite?token={invites.token(recipient, at=timezone.now())}")
    return client


def accept(client: Client, recipient: Recipient) -> None:
    shown = re.findall('name="shown" value="([^"]*)"', page_of(client, recipient))[-1]
    client.post(f"/signing/{recipient.pk}/accept", {"agreed": "on", "shown": shown, "language": "en"})


def enter_code(client: Client, recipient: Recipient) -> None:
    message = Message.objects.filter(recipient_id=recipient.pk, kind="code").latest("created_at")
    code = re.findall(r"\b[0-9]{6}\b", Content.decrypt(bytes(message.content or b"")).text)[0]
    client.post(f"/signing/{recipient.pk}/verify", {"code": code})


def page_of(client: Client, recipient: Recipient) -> str:
    return client.get(f"/signing/{recipient.pk}/").content.decode()


@pytest.fixture
def with_secret(send: Callable[..., Workflow], identified: Asked) -> Workflow:
    page = identified(Means.SECRET, Means.EMAIL_CODE)
    wanted = NewRecipient(BOB.email, BOB.first_name, BOB.last_name, page, secret=SECRET)
    return send(NewStep([wanted]))


@pytest.fixture
def in_person(send: Callable[..., Workflow], identified: Asked) -> Workflow:
    page = identified(Means.IDENTITY_DOCUMENT, Means.EMAIL_CODE)
    return send(NewStep([NewRecipient(BOB.email, BOB.first_name, BOB.last_name, page)]))


@pytest.fixture
def clerk(hire: Callable[..., User]) -> User:
    return hire(CAROL, "checkIdentities")


def test_the_question_comes_after_the_code_and_its_answer_lets_sign(with_secret: Workflow, recipient: Find) -> None:
    bob = recipient(with_secret, BOB)
    client = browser(bob)
    accept(client, bob)
    assert SECRET.question not in page_of(client, bob)
    assert client.post(f"/signing/{bob.pk}/answer", {"answer": "Lyon"}).status_code == 403
    enter_code(client, bob)
    assert SECRET.question in page_of(client, bob)
    assert client.post(f"/signing/{bob.pk}/answer", {"answer": "clermont-ferrand"}).status_code == 302
    assert f"/signing/{bob.pk}/sign" in page_of(client, bob)
    means = [each["means"] for each in Signing.objects.get().proofs]
    assert means == ["email-code", "shared-secret"]


def test_who_is_asked_a_question_needs_one(send: Callable[..., Workflow], identified: Asked) -> None:
    wanted = NewRecipient(BOB.email, BOB.first_name, BOB.last_name, identified(Means.SECRET))
    with pytest.raises(BadRecipient, match="question"):
        send(NewStep([wanted]))


def test_a_program_gives_question_and_answer_and_reads_neither_again(api: Program, identified: Asked) -> None:
    asked = {"question": SECRET.question, "answer": SECRET.answer}
    bob = {"email": BOB.email, "firstName": "Bob", "lastName": "Durand", "sharedSecret": asked}
    bob["consentPageId"] = identified(Means.SECRET, Means.EMAIL_CODE).pk
    user = api("GET", "users/me").json()["id"]
    made = api("POST", f"users/{user}/workflows", {"name": "Lease", "steps": [{"recipients": [bob]}]})
    assert made.status_code == 200
    assert SECRET.answer not in made.content.decode()
    assert SharedSecret.objects.get().question == SECRET.question
    steps = [{"recipients": [bob]}]
    assert api("PATCH", f"workflows/{made.json()['id']}", {"steps": steps}).status_code == 200
    assert SharedSecret.objects.count() == 1


def test_the_form_takes_a_question_where_one_may_be_asked(alice: User, identified: Asked, invited: Any) -> None:
    client = Client(headers={"accept": "text/html"})
    client.force_login(alice, backend=BACKEND)
    assert "people-0-question" not in client.get("/workflows/new/").content.decode()
    identified(Means.SECRET)
    assert "people-0-question" in client.get("/workflows/new/").content.decode()


def check(program: Program, recipient: Recipient, **changes: Any) -> int:
    return int(program("POST", f"identityChecks/{recipient.pk}", PASSPORT | changes).status_code)


def test_a_document_that_was_looked_at_is_picked_up_by_the_signers_own_browser(
    in_person: Workflow, recipient: Find, clerk: User, program: Callable[[User], Program]
) -> None:
    bob = recipient(in_person, BOB)
    client = browser(bob)
    accept(client, bob)
    enter_code(client, bob)
    assert bob.pk in page_of(client, bob)
    assert client.post(f"/signing/{bob.pk}/pick-up").status_code == 409
    counter = program(clerk)
    assert [each["recipientId"] for each in counter("GET", "identityChecks").json()["items"]] == [bob.pk]
    assert check(counter, bob) == 200
    assert "42X9" in page_of(client, bob)
    assert client.post(f"/signing/{bob.pk}/pick-up").status_code == 302
    proof = Signing.objects.get().proofs[-1]
    assert (proof["means"], proof["names"], proof["assurance"]) == ("identity-document", "same", 2)
    assert "passport FR …42X9" in proof["detail"]
    assert f"/signing/{bob.pk}/sign" in page_of(client, bob)
    other = browser(bob)
    assert f"/signing/{bob.pk}/sign" not in page_of(other, bob)


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({"namesMatch": False}, 409),
        ({"expires": "2020-01-01"}, 400),
        ({"numberEnd": "1"}, 422),
        ({"numberEnd": "123456789"}, 422),
        ({"documentType": "library-card"}, 422),
    ],
)
def test_what_is_no_proof_is_not_recorded(
    in_person: Workflow,
    recipient: Find,
    clerk: User,
    program: Callable[[User], Program],
    changes: dict[str, Any],
    status: int,
) -> None:
    assert check(program(clerk), recipient(in_person, BOB), **changes) in {status, 400}
    assert not Paper.objects.exists()


def test_only_who_has_the_right_checks_and_nobody_themselves(
    in_person: Workflow, recipient: Find, hire: Callable[..., User], program: Callable[[User], Program], api: Program
) -> None:
    bob = recipient(in_person, BOB)
    assert check(api, bob) == 403
    assert check(program(hire(BOB, "checkIdentities")), bob) == 403
    assert not Paper.objects.exists()


def test_a_check_is_good_for_a_month_and_never_longer_than_the_document(
    in_person: Workflow, recipient: Find, clerk: User, program: Callable[[User], Program]
) -> None:
    bob, counter = recipient(in_person, BOB), program(clerk)
    check(counter, bob)
    assert Paper.objects.get().good_until - timezone.now() > GOOD_FOR - timedelta(minutes=1)
    check(counter, bob, expires=localdate().isoformat())
    newest = Paper.objects.latest("checked_at")
    assert newest.good_until - timezone.now() < timedelta(days=1)


def test_the_counters_pages(in_person: Workflow, recipient: Find, clerk: User) -> None:
    bob = recipient(in_person, BOB)
    client = Client(headers={"accept": "text/html"})
    client.force_login(clerk, backend=BACKEND)
    assert bob.name in client.get("/identities/", {"text": "durand"}).content.decode()
    assert bob.name not in client.get("/identities/", {"text": "mallory"}).content.decode()
    facts = {"kind": "passport", "country": "FR", "number_end": "42X9", "expires_on": "2099-01-31"}
    assert client.post(f"/identities/{bob.pk}/", facts).status_code == 422
    assert client.post(f"/identities/{bob.pk}/", facts | {"names_match": "on"}).status_code == 302
    assert "42X9" in client.get(f"/identities/{bob.pk}/").content.decode()
    client.force_login(recipient(in_person, BOB).workflow.owner, backend=BACKEND)
    assert client.get("/identities/").status_code == 403


def test_two_workflows_with_a_personal_means_are_not_signed_at_once(
    in_person: Workflow, send: Callable[..., Workflow], recipient: Find
) -> None:
    first = recipient(in_person, BOB)
    second = send(NewStep([NewRecipient(BOB.email, BOB.first_name, BOB.last_name, first.consent_page)]))
    with pytest.raises(NotTogether):
        acts.join([first, recipient(second, BOB)], at=timezone.now())
