"""Somebody who has forgotten their password gets a link by e-mail; who asks for somebody else's learns nothing."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from paraph_server.accounts.errors import WrongPassword
from paraph_server.accounts.models import User
from paraph_server.accounts.sign_in import BACKEND, TRIES_PER_ADDRESS, sign_in
from paraph_server.accounts.tenancy import tenant_context
from paraph_server.administration import passwords
from paraph_server.administration.actions import forgotten
from paraph_server.journal.models import Entry
from paraph_server.notifications.content import Content
from paraph_server.notifications.models import Message

NEW = "a sentence that nobody guesses"


def ask(email: str) -> tuple[int, str]:
    """What the page answers, without what stands in every form."""
    answer = Client(headers={"accept": "text/html"}).post("/password/", {"email": email})
    return answer.status_code, re.sub(r'value="[^"]*"', "", answer.content.decode())


def link(user: User) -> str:
    message = Message.objects.filter(kind="password", to=user.email).latest("created_at")
    found = re.search(r"/password/\S+", Content.decrypt(bytes(message.content or b"")).text)
    assert found
    return found[0]


@pytest.fixture
def elsewhere(alice: User) -> Client:
    """Where Alice is signed in."""
    client = Client()
    client.force_login(alice, backend=BACKEND)
    return client


@pytest.fixture
def sent(alice: User, elsewhere: Client) -> str:
    """The link that Alice got."""
    forgotten.send_link(f" {alice.email.upper()} ", address="192.0.2.7", at=timezone.now())
    return link(alice)


def test_the_link_leads_to_another_password_once_and_ends_every_session(
    alice: User, elsewhere: Client, sent: str
) -> None:
    browser = Client(headers={"accept": "text/html"})
    assert elsewhere.get("/account/").status_code == 200
    assert alice.email in browser.get(sent).content.decode()
    assert browser.post(sent, {"password": "short", "again": "short"}).status_code == 422
    assert browser.post(sent, {"password": NEW, "again": NEW})["Location"] == "/sign-in/"
    assert sign_in(alice.email, NEW, address="", at=timezone.now()) == alice
    assert elsewhere.get("/account/").status_code == 302
    assert browser.get(sent).status_code == 410
    with pytest.raises(WrongPassword):
        sign_in(alice.email, "correct horse battery staple", address="", at=timezone.now())
    assert Entry.objects.filter(subject=alice.pk, event="user:password-changed").exists()


def test_the_link_is_good_for_an_hour(alice: User, sent: str, monkeypatch: pytest.MonkeyPatch) -> None:
    token = sent.rstrip("/").rpartition("/")[2]
    now = passwords.FORGOTTEN._now
    monkeypatch.setattr(passwords.FORGOTTEN, "_now", lambda: now() + timedelta(minutes=59))
    assert passwords.FORGOTTEN.good(alice, token)
    monkeypatch.setattr(passwords.FORGOTTEN, "_now", lambda: now() + timedelta(minutes=61))
    assert not passwords.FORGOTTEN.good(alice, token)
    assert not passwords.INVITED.good(alice, token), "nor is it an invitation"


def test_the_page_answers_the_same_whoever_is_asked_for(alice: User, run_jobs: Callable[[], int]) -> None:
    known, unknown = ask(alice.email), ask("nobody@example.org")
    assert known == unknown
    assert known[0] == 200
    run_jobs()
    assert [each.to for each in Message.objects.filter(kind="password")] == [alice.email]


def test_nobody_is_flooded_with_links(alice: User) -> None:
    at = timezone.now()
    for _ in range(forgotten.MOST + 2):
        forgotten.send_link(alice.email, address="192.0.2.7", at=at)
    assert Message.objects.filter(kind="password").count() == forgotten.MOST
    said = Entry.objects.filter(event=forgotten.EVENT)
    assert said.count() == forgotten.MOST
    assert said[0].payload.details["address"] == "192.0.2.7"


def test_who_asks_too_often_is_refused(alice: User, run_jobs: Callable[[], int]) -> None:
    answers = [ask(f"person{number}@example.org")[0] for number in range(TRIES_PER_ADDRESS + 1)]
    assert answers == [*[200] * TRIES_PER_ADDRESS, 429]


def test_who_can_no_longer_sign_in_gets_none(alice: User, mallory: User) -> None:
    with tenant_context(mallory.tenant):
        mallory.is_active = False
        mallory.save()
    forgotten.send_link(mallory.email, address="", at=timezone.now())
    with tenant_context(mallory.tenant):
        assert not Message.objects.exists()


def test_the_sign_in_page_leads_there(db: None) -> None:
    assert 'href="/password/"' in Client().get("/sign-in/").content.decode()
