"""Before tokens, groups, people and delegations, whoever has a second factor, or should, shows it again."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.core.mail import EmailMessage
from django.test import Client
from django.utils import timezone
from paraph_server.accounts.models import AccessToken, Group, User
from paraph_server.accounts.sign_in import BACKEND
from paraph_server.authentication.models import Authenticator, Passkey

FAR = ["/tokens/", "/groups/new/", "/people/new/", "/delegations/new/"]
LATER = timedelta(minutes=16)


def age(browser: Client) -> None:
    """Let a quarter of an hour pass."""
    session = browser.session
    for mark in ("sure at", "strong at"):
        if mark in session:
            session[mark] -= LATER.total_seconds()
    session.save()


@pytest.fixture
def alices(browser: Client, alice: User, app: Callable[[], str], enter: Callable[..., str]) -> Client:
    """Her browser, a quarter of an hour after she signed in."""
    enter(browser, alice)
    browser.post("/sign-in/second/", {"code": app()})
    age(browser)
    return browser


@pytest.mark.parametrize("page", FAR)
def test_a_code_opens_the_page_and_those_after_it(alices: Client, app: Callable[[], str], page: str) -> None:
    asked = alices.get(page).headers["Location"]
    assert asked.startswith("/confirm/?next=")
    key = alices.cookies["paraph"].value
    assert alices.post(asked, {"code": app(), "next": page}).headers["Location"] == page
    assert alices.cookies["paraph"].value != key
    for each in FAR:
        assert alices.get(each).status_code == 200


def test_a_form_that_was_open_too_long_changes_nothing(alices: Client) -> None:
    referer = "http://testserver/tokens/"
    answer = alices.post("/tokens/", {"name": "Archive"}, headers={"referer": referer})
    assert answer.headers["Location"] == "/confirm/?next=http%3A%2F%2Ftestserver%2Ftokens%2F"
    assert not AccessToken.objects.exists()


def test_a_page_never_leads_elsewhere(alices: Client, app: Callable[[], str]) -> None:
    answer = alices.post("/confirm/", {"code": app(), "next": "https://evil.example/"})
    assert answer.headers["Location"] == "/"


def test_a_wrong_code_confirms_nothing(alices: Client) -> None:
    assert alices.post("/confirm/", {"code": "000000"}).status_code == 403
    assert alices.get("/tokens/").status_code == 302


def test_a_session_that_lacks_what_a_group_asks_for_is_led_to_set_it_up(alice: User, browser: Client) -> None:
    browser.force_login(alice, backend=BACKEND)
    assert browser.get("/tokens/").status_code == 200
    Group.objects.update(needs_second_factor=True)
    assert browser.get("/tokens/").headers["Location"] == "/account/security/"
    assert browser.get("/account/security/").headers["Location"].startswith("/confirm/")
    assert browser.post("/confirm/", {"password": "guess", "next": "/account/security/"}).status_code == 401
    answer = browser.post("/confirm/", {"password": "correct horse battery staple", "next": "/account/security/"})
    assert answer.headers["Location"] == "/account/security/"
    assert "asks you for a second factor" in browser.get("/account/security/").content.decode()


def test_the_last_second_factor_stays_while_a_group_asks_for_one(
    alices: Client, alice: User, app: Callable[[], str]
) -> None:
    alices.post("/confirm/", {"code": app()})
    Group.objects.update(needs_second_factor=True)
    assert alices.post("/account/security/authenticator/remove").status_code == 409
    assert Authenticator.objects.exists()
    facts = {"user": alice, "tenant": alice.tenant, "credential_id": b"1", "public_key": b"", "sign_count": 0}
    Passkey.objects.create(**facts, name="Key", created_at=timezone.now())
    assert alices.post("/account/security/authenticator/remove").status_code == 302
    assert not Authenticator.objects.exists()


def test_the_password_is_asked_for_before_a_factor_is_added(
    browser: Client, alice: User, enter: Callable[..., str]
) -> None:
    enter(browser, alice)
    age(browser)
    assert browser.get("/account/security/authenticator/").headers["Location"].startswith("/confirm/")


def test_a_change_is_told_to_whose_account_it_is(
    alices: Client, alice: User, app: Callable[[], str], run_jobs: Callable[[], int], mailoutbox: list[EmailMessage]
) -> None:
    run_jobs()
    mailoutbox.clear()
    alices.post("/confirm/", {"code": app()})
    alices.post("/account/security/recovery")
    alices.post("/account/security/authenticator/remove")
    run_jobs()
    assert [mail.to for mail in mailoutbox] == [[alice.email]] * 2
    assert "codes de secours" in str(mailoutbox[0].body)
    assert "retirée de votre compte" in str(mailoutbox[1].body)
