"""Everybody sees where they are signed in and ends it; what is over opens no page."""

from collections.abc import Callable
from datetime import timedelta

from django.test import Client
from django.utils import timezone
from paraph_server.accounts.models import User
from paraph_server.authentication import agents, tasks
from paraph_server.authentication.models import Session

PHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 Version/18.0 Safari/604.1"


def telephone() -> Client:
    return Client(headers={"accept": "text/html", "user-agent": PHONE})


def test_another_session_is_named_and_ended(
    browser: Client, alice: User, enter: Callable[..., str], events: Callable[[], list[str]]
) -> None:
    phone = telephone()
    enter(phone, alice)
    enter(browser, alice)
    page = browser.get("/account/security/").content.decode()
    assert "Safari on iPhone" in page
    assert "Firefox on Linux" in page
    browser.post(f"/account/security/sessions/{Session.objects.get(agent=PHONE).pk}/end")
    assert phone.get("/").headers["Location"] == "/sign-in/"
    assert phone.get("/").headers["Location"] == "/sign-in/?next=/"
    assert browser.get("/").status_code == 200
    assert events()[-1] == "user:signed-out"


def test_all_others_are_ended_at_once(browser: Client, alice: User, enter: Callable[..., str]) -> None:
    others = [telephone() for _each in range(3)]
    for each in [*others, browser]:
        enter(each, alice)
    browser.post("/account/security/sessions/end")
    assert [each.get("/").status_code for each in others] == [302, 302, 302]
    assert browser.get("/").status_code == 200


def test_nobody_ends_somebody_elses(
    browser: Client, alice: User, mallory: User, bob: User, enter: Callable[..., str]
) -> None:
    enter(browser, alice)
    hers = Session.objects.get()
    for intruder in (bob, mallory):
        theirs = telephone()
        enter(theirs, intruder)
        assert theirs.post(f"/account/security/sessions/{hers.pk}/end").status_code == 404
    assert browser.get("/").status_code == 200


def test_signing_out_ends_the_session_for_whoever_copied_its_key(
    browser: Client, alice: User, enter: Callable[..., str]
) -> None:
    enter(browser, alice)
    thief = telephone()
    thief.cookies["paraph"] = browser.cookies["paraph"].value
    assert thief.get("/").status_code == 200
    browser.post("/sign-out/")
    assert thief.get("/").status_code == 302


def test_a_new_password_ends_the_others_and_they_are_listed_no_more(
    browser: Client, alice: User, enter: Callable[..., str]
) -> None:
    phone = telephone()
    enter(phone, alice)
    enter(browser, alice)
    new = "another good long password"
    facts = {"old": "correct horse battery staple", "password": new, "again": new}
    assert browser.post("/account/password", facts).status_code == 302
    page = browser.get("/account/security/").content.decode()
    assert "Firefox on Linux" in page
    assert "iPhone" not in page
    assert phone.get("/").status_code == 302


def test_sessions_are_forgotten_in_the_night_after_they_are_over(
    browser: Client, alice: User, enter: Callable[..., str]
) -> None:
    enter(browser, alice)
    soon, late = (timezone.now() + timedelta(hours=hours) for hours in (11, 13))
    tasks.forget.func(timestamp=int(soon.timestamp()))
    assert Session.objects.count() == 1
    tasks.forget.func(timestamp=int(late.timestamp()))
    assert not Session.objects.exists()


def test_browsers_are_named_as_people_know_them() -> None:
    chrome = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/130.0.0.0 Safari/537.36"
    assert agents.words(chrome) == "Chrome on Windows"
    assert agents.words(f"{chrome} Edg/130.0") == "Edge on Windows"
    assert agents.words("curl/8.0") == "Unknown browser"
