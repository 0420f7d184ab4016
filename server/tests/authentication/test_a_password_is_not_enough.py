"""Who has a second factor, or belongs to a group that asks for one, is not signed in before it was shown."""

from collections.abc import Callable
from datetime import timedelta

from django.test import Client
from django.utils import timezone
from paraph_server.accounts.models import FailedSignIn, Group, User
from paraph_server.authentication import actions, totp
from paraph_server.authentication.models import Authenticator, RecoveryCode
from paraph_server.journal.actions import Actor
from paraph_server.web.sealed import unseal

SECOND = "/sign-in/second/"


def test_who_has_no_second_factor_and_needs_none_is_in_at_once(
    browser: Client, alice: User, enter: Callable[..., str], events: Callable[[], list[str]]
) -> None:
    assert enter(browser, alice, then="/tokens/") == "/tokens/"
    assert browser.get("/").status_code == 200
    assert events()[-1] == "user:signed-in"


def test_the_password_alone_opens_no_page(browser: Client, alice: User, app: object, enter: Callable[..., str]) -> None:
    assert enter(browser, alice, then="/tokens/") == SECOND
    for page in ("/", "/tokens/", "/account/", "/account/security/", "/confirm/"):
        assert browser.get(page).headers["Location"].startswith("/sign-in/"), page


def test_a_code_opens_the_page_that_was_wanted_under_a_fresh_key(
    browser: Client, alice: User, app: Callable[[], str], enter: Callable[..., str]
) -> None:
    keys = [enter(browser, alice, then="/tokens/") and browser.cookies["paraph"].value]
    assert browser.post(SECOND, {"code": app()}).headers["Location"] == "/tokens/"
    assert browser.cookies["paraph"].value not in keys
    assert browser.get("/tokens/").status_code == 200


def test_a_code_is_good_once(browser: Client, alice: User, app: Callable[[], str], enter: Callable[..., str]) -> None:
    enter(browser, alice)
    code = app()
    browser.post(SECOND, {"code": code})
    thief = Client(headers={"accept": "text/html"})
    enter(thief, alice)
    assert thief.post(SECOND, {"code": code}).status_code == 403
    assert thief.post(SECOND, {"code": app()}).status_code == 302


def test_guessing_is_slowed_down_whatever_is_guessed_and_wherever(
    browser: Client, alice: User, app: Callable[[], str], enter: Callable[..., str], events: Callable[[], list[str]]
) -> None:
    enter(browser, alice)
    for number in range(actions.TRIES):
        assert browser.post(SECOND, {"code": "000000" if number % 2 else "ABCD"}).status_code == 403
    assert browser.post(SECOND, {"code": app()}, REMOTE_ADDR="203.0.113.9").status_code == 429
    assert events()[-actions.TRIES :] == ["user:second-factor-refused"] * actions.TRIES
    FailedSignIn.objects.all().delete()
    assert browser.post(SECOND, {"code": app()}).status_code == 302


def test_the_question_is_asked_for_ten_minutes(
    browser: Client, alice: User, app: Callable[[], str], enter: Callable[..., str]
) -> None:
    enter(browser, alice)
    session = browser.session
    session["half open"] |= {"at": (timezone.now() - timedelta(minutes=11)).timestamp()}
    session.save()
    assert browser.post(SECOND, {"code": app()}).headers["Location"] == "/sign-in/"


def test_a_recovery_code_opens_once(
    browser: Client, alice: User, by_alice: Actor, app: object, enter: Callable[..., str]
) -> None:
    code = actions.make_recovery_codes(alice, acting=by_alice, at=timezone.now())[3]
    assert not RecoveryCode.objects.filter(digest__icontains=code.replace(" ", "")).exists()
    enter(browser, alice)
    assert browser.post(SECOND, {"code": code.lower()}).status_code == 302
    other = Client(headers={"accept": "text/html"})
    enter(other, alice)
    assert other.post(SECOND, {"code": code}).status_code == 403
    assert RecoveryCode.objects.count() == actions.RECOVERY_CODES - 1


def test_somebody_elses_recovery_code_opens_nothing(
    browser: Client, alice: User, bob: User, by_alice: Actor, app: object, enter: Callable[..., str]
) -> None:
    code = actions.make_recovery_codes(bob, acting=by_alice, at=timezone.now())[0]
    enter(browser, alice)
    assert browser.post(SECOND, {"code": code}).status_code == 403


def test_a_group_that_asks_for_it_lets_nobody_in_before_they_have_one(
    browser: Client,
    alice: User,
    enter: Callable[..., str],
    scanned: Callable[[Client], str],
    events: Callable[[], list[str]],
) -> None:
    Group.objects.update(needs_second_factor=True)
    assert enter(browser, alice, then="/tokens/") == "/sign-in/set-up/"
    assert browser.get("/tokens/").status_code == 302
    secret = scanned(browser)
    assert b"<svg" in browser.get("/account/security/authenticator/qr.svg").content
    assert browser.post("/account/security/authenticator/", {"code": "000000"}).status_code == 422
    code = totp.code(secret, totp.step(timezone.now()))
    answer = browser.post("/account/security/authenticator/", {"code": code})
    assert 'href="/tokens/"' in answer.content.decode()
    assert browser.get("/tokens/").status_code == 200
    assert events()[-3:] == ["user:factor-added", "user:signed-in", "user:recovery-codes-made"]


def test_who_has_given_a_password_only_adds_no_further_factor(
    browser: Client, alice: User, app: object, enter: Callable[..., str]
) -> None:
    enter(browser, alice)
    answer = browser.post("/account/security/authenticator/", {"code": "000000"})
    assert answer.headers["Location"] == SECOND


def test_a_secret_is_unreadable_in_the_database_and_in_the_session(
    browser: Client, alice: User, enter: Callable[..., str], scanned: Callable[[Client], str]
) -> None:
    enter(browser, alice)
    secret = scanned(browser)
    assert secret not in str(dict(browser.session))
    browser.post("/account/security/authenticator/", {"code": totp.code(secret, totp.step(timezone.now()))})
    kept = bytes(Authenticator.objects.get().secret)
    assert secret.encode() not in kept
    assert unseal(kept) == secret


def test_signing_in_as_somebody_else_never_strengthens_the_session_that_is_open(
    browser: Client, alice: User, mallory: User, app: Callable[[], str], enter: Callable[..., str]
) -> None:
    enter(browser, mallory)
    enter(browser, alice)
    assert browser.get("/").headers["Location"].startswith("/sign-in/")
    browser.post(SECOND, {"code": app()})
    assert alice.name in browser.get("/account/").content.decode()


def test_a_wrong_password_is_put_on_record_afterwards(
    browser: Client, alice: User, events: Callable[[], list[str]], run_jobs: Callable[[], int]
) -> None:
    browser.post("/sign-in/", {"email": alice.email, "password": "guess"})
    browser.post("/sign-in/", {"email": "nobody@example.org", "password": "guess"})
    assert run_jobs() == 2
    assert events() == ["user:password-refused"]
