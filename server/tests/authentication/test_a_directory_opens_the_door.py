"""An organisation's people sign in with its own provider; whoever plays false with it is not let in.

Played by `paraph_testing.directory`; a real provider plays in `browser/test_an_organisations_people_sign_in.py`.
"""

import hmac
import html
import json
import re
from base64 import urlsafe_b64encode
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone
from joserfc.jwk import ECKey
from paraph.evidence import Means
from paraph_server.accounts.models import Group, Tenant, User
from paraph_server.accounts.tenancy import every_tenant, tenant_context
from paraph_server.authentication import actions, directories
from paraph_server.authentication.directories import Terms
from paraph_server.authentication.models import Directory, Link, Session
from paraph_server.journal.actions import Actor
from paraph_server.notifications.models import Message
from paraph_testing.cast import ALICE, BOB, MALLORY
from paraph_testing.directory import CLIENT_ID, CLIENT_SECRET
from paraph_testing.directory import Directory as Played

Person = dict[str, Any]
ALICE_THERE: Person = {"sub": "a-1", "email": ALICE.email, "email_verified": True}
BOB_THERE: Person = {
    "sub": "b-2",
    "email": BOB.email,
    "email_verified": True,
    "given_name": BOB.first_name,
    "family_name": BOB.last_name,
}


@pytest.fixture
def played() -> Iterator[Played]:
    cache.clear()
    with Played() as playing:
        yield playing


@pytest.fixture
def connect(played: Played, tenant: Tenant, by_alice: Actor) -> Callable[..., Directory]:
    """Alice's organisation connects its directory."""

    def connect(tenant: Tenant = tenant, domain: str = "", **terms: Any) -> Directory:
        wanted = Terms("Keycloak", [domain or ALICE.email.partition("@")[2]], CLIENT_SECRET, **terms)
        facts = {"kind": Means.OIDC, "issuer": played.issuer, "client_id": CLIENT_ID}
        with tenant_context(tenant):
            return directories.register(tenant, wanted, **facts, by=by_alice, at=timezone.now())  # type: ignore[arg-type]

    return connect


def leave(browser: Client, email: str, *, then: str = "") -> dict[str, str]:
    """Type an address at the door; what the browser asks the directory."""
    return asked(browser.post("/sign-in/", {"email": email, "next": then}))


def asked(page: Any) -> dict[str, str]:
    found = re.search(r'class="button" href="([^"]+)"', page.content.decode())
    assert found, page.content.decode()
    return dict(parse_qsl(urlsplit(html.unescape(found[1])).query))


def come_back(browser: Client, question: dict[str, str], code: str, **more: str) -> Any:
    path = urlsplit(question["redirect_uri"]).path
    return browser.get(path, {"code": code, "state": question["state"], **more})


@pytest.fixture
def go(browser: Client, played: Played) -> Callable[..., Any]:
    """Type an address, sign in there as somebody, come back."""

    def go(email: str, person: Person, *, browser: Client = browser, then: str = "", **more: str) -> Any:
        question = leave(browser, email, then=then)
        return come_back(browser, question, played.signs_in(person, question), **more)

    return go


def said(answer: Any) -> str:
    assert answer.status_code >= 400, answer
    found = re.search(r'class="fault" role="alert">([^<]+)<', answer.content.decode())
    assert found
    return html.unescape(found[1])


def is_in(browser: Client) -> bool:
    return browser.get("/account/").status_code == 200


# ---------------------------------------------------------------- in


def test_whose_address_it_is_goes_there_and_comes_back_signed_in(
    browser: Client,
    alice: User,
    connect: Callable[..., Directory],
    played: Played,
    events: Callable[[], list[str]],
) -> None:
    connect()
    assert 'name="password"' not in browser.get("/sign-in/").content.decode()
    question = leave(browser, ALICE.email.upper(), then="/contacts/")
    key = browser.cookies["paraph"].value
    assert (question["scope"], question["code_challenge_method"]) == ("openid profile email", "S256")
    assert question["login_hint"].lower() == ALICE.email
    assert question["redirect_uri"] == f"http://testserver/sign-in/from/{alice.tenant_id}"
    answer = come_back(browser, question, played.signs_in(ALICE_THERE, question), iss=played.issuer)
    assert answer.headers["Location"] == "/contacts/"
    assert browser.cookies["paraph"].value != key
    assert is_in(browser)
    assert events()[-2:] == ["user:linked", "user:signed-in"]
    assert Session.objects.get().factors == ["directory"]
    assert Message.objects.filter(kind="security", recipient_id=alice.pk).exists()


def test_who_is_linked_stays_it_whatever_the_address_becomes(
    alice: User, bob: User, connect: Callable[..., Directory], go: Callable[..., Any]
) -> None:
    """Bob changes his address at the provider to Alice's: it opens his account, and never hers."""
    connect()
    go(BOB.email, BOB_THERE)
    thief = Client()
    assert go(ALICE.email, BOB_THERE | {"email": ALICE.email}, browser=thief).status_code == 302
    assert BOB.last_name in thief.get("/account/").content.decode()
    assert Link.objects.get().user == bob


def test_an_account_that_is_linked_is_nobody_elses(
    alice: User, connect: Callable[..., Directory], go: Callable[..., Any], browser: Client
) -> None:
    connect()
    go(ALICE.email, ALICE_THERE)
    other = Client()
    assert "linked with another identity" in said(go(ALICE.email, ALICE_THERE | {"sub": "x-9"}, browser=other))
    assert not is_in(other)


@pytest.mark.parametrize("claims", [{"email_verified": False}, {"email_verified": None}, {"email_verified": "true"}])
def test_an_address_that_nobody_verified_opens_nothing(
    alice: User, connect: Callable[..., Directory], go: Callable[..., Any], browser: Client, claims: Person
) -> None:
    connect()
    assert "does not say that your address was verified" in said(go(ALICE.email, ALICE_THERE | claims))
    assert not is_in(browser)
    assert not Link.objects.exists()


def test_entra_says_in_its_own_way_that_an_address_was_verified(
    alice: User, connect: Callable[..., Directory], go: Callable[..., Any], played: Played, browser: Client
) -> None:
    connect()
    played.amiss = {"email": ALICE.email, "xms_edov": True}
    go(ALICE.email, {"sub": "a-1"})
    assert is_in(browser)


def test_without_a_verified_address_one_connects_from_within(
    browser: Client,
    alice: User,
    enter: Callable[..., str],
    connect: Callable[..., Directory],
    played: Played,
    go: Callable[..., Any],
) -> None:
    connect()
    enter(browser, alice)
    question = asked(browser.post("/account/security/directory"))
    assert question["prompt"] == "login"
    come_back(browser, question, played.signs_in({"sub": "a-1"}, question))
    other = Client()
    assert go(ALICE.email, {"sub": "a-1"}, browser=other).status_code == 302
    assert is_in(other)


# ---------------------------------------------------------------- who has no account


def test_a_stranger_of_the_organisations_domain_gets_an_account_in_the_agreed_group(
    tenant: Tenant, alice: User, connect: Callable[..., Directory], go: Callable[..., Any], browser: Client
) -> None:
    group = Group.objects.create(tenant=tenant, name="Readers", rights=[], created_at=timezone.now())
    directory = connect(group=group)
    assert browser.post("/sign-in/", {"email": BOB.email}).context["with_password"]  # whose domain it is, nobody said
    directories.grant(tenant, [ALICE.email.partition("@")[2]], by=Actor("platform", "paraph"), at=timezone.now())
    go(BOB.email, BOB_THERE)
    made = User.objects.get(email=BOB.email)
    assert (made.name, made.group, made.has_usable_password()) == (BOB.name, group, False)
    assert Link.objects.get(user=made).directory == directory
    assert is_in(browser)


def test_where_no_group_is_agreed_a_stranger_stays_outside(
    tenant: Tenant, alice: User, connect: Callable[..., Directory], go: Callable[..., Any]
) -> None:
    Tenant.objects.update(operates=True)
    connect()
    assert "Nobody here has an account" in said(go(BOB.email, BOB_THERE))
    assert not User.objects.filter(email=BOB.email).exists()


def test_a_domain_belongs_to_who_the_operator_says(
    tenant: Tenant, other_tenant: Tenant, alice: User, connect: Callable[..., Directory]
) -> None:
    connect()
    connect(other_tenant)
    domain = [ALICE.email.partition("@")[2]]
    by = Actor("platform", "paraph")
    assert directories.grant(tenant, domain, by=by, at=timezone.now()) == domain
    with tenant_context(other_tenant), pytest.raises(directories.DomainTaken):
        directories.grant(other_tenant, domain, by=by, at=timezone.now())
    stranger = directories.for_address(f"zoe@{domain[0]}")
    assert stranger is not None
    assert stranger.tenant == tenant


def test_somebody_who_was_disabled_stays_outside(
    alice: User, bob: User, connect: Callable[..., Directory], go: Callable[..., Any]
) -> None:
    connect()
    go(BOB.email, BOB_THERE)
    User.objects.filter(pk=bob.pk).update(is_active=False)
    assert "Nobody here has an account" in said(go(BOB.email, BOB_THERE, browser=Client()))


def test_another_organisations_account_is_out_of_reach(
    alice: User, mallory: User, other_tenant: Tenant, connect: Callable[..., Directory], go: Callable[..., Any]
) -> None:
    """Mallory's directory says that she is Alice: her own organisation knows no Alice, and nobody else is asked."""
    connect(other_tenant)
    browser = Client()
    assert directories.for_address(ALICE.email) is None
    assert "Nobody here has an account" in said(go(MALLORY.email, ALICE_THERE, browser=browser))
    assert not is_in(browser)
    with every_tenant():
        assert not Link.objects.exists()


def test_an_answer_is_good_at_one_organisations_address_only(
    browser: Client, alice: User, other_tenant: Tenant, connect: Callable[..., Directory], played: Played
) -> None:
    connect()
    question = leave(browser, ALICE.email)
    code = played.signs_in(ALICE_THERE, question)
    elsewhere = {**question, "redirect_uri": f"http://testserver/sign-in/from/{other_tenant.pk}"}
    assert come_back(browser, elsewhere, code).status_code == 404
    assert not is_in(browser)


# ---------------------------------------------------------------- foul play


def _part(content: bytes) -> str:
    return urlsafe_b64encode(content).rstrip(b"=").decode()


def _unsigned(claims: Person) -> str:
    return f"{_part(json.dumps({'alg': 'none'}).encode())}.{_part(json.dumps(claims).encode())}."


def _by_public_key(played: Played) -> Callable[[Person], str]:
    """HS256 with what everybody knows as the secret."""

    def sign(claims: Person) -> str:
        header = {"alg": "HS256", "kid": played.key.kid}
        signed = f"{_part(json.dumps(header).encode())}.{_part(json.dumps(claims).encode())}"
        return f"{signed}.{_part(hmac.digest(played.key.as_pem(private=False), signed.encode(), 'sha256'))}"

    return sign


def _tampered(played: Played) -> Callable[[Person], str]:
    def sign(claims: Person) -> str:
        head, _claims, signature = played.honestly(claims).split(".")
        return f"{head}.{_part(json.dumps(claims | {'acr': 'mfa'}).encode())}.{signature}"

    return sign


def _by_another(played: Played) -> Callable[[Person], str]:
    other = ECKey.generate_key("P-256")
    return lambda claims: played.compact({"alg": "ES256", "kid": played.key.kid}, claims, other)


FORGED: dict[str, Callable[[Played], Callable[[Person], str]]] = {
    "alg none": lambda _played: _unsigned,
    "HS256 with the public key": _by_public_key,
    "tampered": _tampered,
    "another key": _by_another,
}
WRONG: dict[str, Person] = {
    "nonce": {"nonce": "n" * 64},
    "no nonce": {"nonce": None},
    "audience": {"aud": "another"},
    "one of several audiences, and not ours": {"aud": [CLIENT_ID, "another"], "azp": "another"},
    "issuer": {"iss": "https://elsewhere.example"},
    "made tomorrow": {"iat": 4_000_000_000, "exp": 4_000_000_060},
    "another person than userinfo": {"sub": "b-2"},
}


@pytest.mark.parametrize("how", FORGED)
def test_a_forged_id_token_opens_nothing(
    how: str, alice: User, connect: Callable[..., Directory], played: Played, go: Callable[..., Any], browser: Client
) -> None:
    connect()
    played.sign = FORGED[how](played)
    assert "cannot be trusted" in said(go(ALICE.email, ALICE_THERE))
    assert not is_in(browser)


@pytest.mark.parametrize("what", WRONG)
def test_an_id_token_for_something_else_opens_nothing(
    what: str, alice: User, connect: Callable[..., Directory], played: Played, go: Callable[..., Any], browser: Client
) -> None:
    connect()
    played.amiss = WRONG[what]
    assert "cannot be trusted" in said(go(ALICE.email, ALICE_THERE))
    assert not is_in(browser)


def test_an_old_id_token_opens_nothing(
    alice: User, connect: Callable[..., Directory], played: Played, go: Callable[..., Any]
) -> None:
    connect()
    played.amiss = {"iat": 1_700_000_000, "exp": 1_700_000_060}
    assert "took too long" in said(go(ALICE.email, ALICE_THERE))


def test_an_answer_is_taken_once(
    alice: User, connect: Callable[..., Directory], played: Played, browser: Client
) -> None:
    connect()
    question = leave(browser, ALICE.email)
    code = played.signs_in(ALICE_THERE, question)
    come_back(browser, question, code)
    browser.post("/sign-out/")
    assert "did not begin in this browser" in said(come_back(browser, question, code))
    second = leave(browser, ALICE.email)
    assert "used already" in said(come_back(browser, second, code))
    assert not is_in(browser)


def test_nobody_is_signed_in_by_a_link_that_somebody_else_sends(
    alice: User, bob: User, connect: Callable[..., Directory], played: Played
) -> None:
    """Bob begins and has Alice's browser come back: it would work in his account, and she would not know."""
    connect()
    bobs, alices = Client(), Client()
    question = leave(bobs, BOB.email)
    code = played.signs_in(BOB_THERE, question)
    assert "did not begin in this browser" in said(come_back(alices, question, code))
    own = leave(alices, ALICE.email)
    assert said(come_back(alices, {**own, "state": own["state"]}, code))  # a code for another question: PKCE
    assert not is_in(alices)


def test_another_issuer_than_was_asked_is_not_believed(
    alice: User, connect: Callable[..., Directory], go: Callable[..., Any]
) -> None:
    connect()
    assert "cannot be trusted" in said(go(ALICE.email, ALICE_THERE, iss="https://elsewhere.example"))


def test_who_comes_back_too_late_starts_again(
    alice: User, connect: Callable[..., Directory], played: Played, browser: Client
) -> None:
    connect()
    question = leave(browser, ALICE.email)
    session = browser.session
    session["to directories"][question["state"]]["at"] -= 601
    session.save()
    assert "did not begin" in said(come_back(browser, question, played.signs_in(ALICE_THERE, question)))


@pytest.mark.parametrize("then", ["https://evil.example/", "//evil.example/", "javascript:alert(1)"])
def test_the_door_never_leads_elsewhere(
    alice: User, connect: Callable[..., Directory], go: Callable[..., Any], then: str
) -> None:
    connect()
    assert go(ALICE.email, ALICE_THERE, then=then).headers["Location"] == "/"


def test_who_gives_up_there_is_told_so(alice: User, connect: Callable[..., Directory], browser: Client) -> None:
    connect()
    assert "without having signed in" in said(
        come_back(browser, leave(browser, ALICE.email), "", error="access_denied")
    )


def test_a_directory_that_is_away_is_said_to_be(
    alice: User, connect: Callable[..., Directory], browser: Client
) -> None:
    directory = connect()
    Directory.objects.filter(pk=directory.pk).update(issuer="http://127.0.0.1:1")
    assert "does not answer" in said(browser.post("/sign-in/", {"email": ALICE.email}))


# ---------------------------------------------------------------- how sure, and what else opens


def test_a_second_factor_is_asked_for_here_unless_the_directory_says_that_it_asked(
    browser: Client, alice: User, connect: Callable[..., Directory], go: Callable[..., Any]
) -> None:
    Group.objects.update(needs_second_factor=True)
    connect(strong_values="mfa hwk")
    assert go(ALICE.email, ALICE_THERE | {"amr": ["pwd"]}).headers["Location"] == "/sign-in/set-up/"
    assert not is_in(browser)
    assert go(ALICE.email, ALICE_THERE | {"amr": ["pwd", "mfa"]}).headers["Location"] == "/"
    assert browser.get("/tokens/").status_code == 200
    assert Session.objects.get().factors == ["directory-strongly"]


def test_what_reaches_far_is_confirmed_there(
    browser: Client, alice: User, bob: User, connect: Callable[..., Directory], go: Callable[..., Any], played: Played
) -> None:
    Group.objects.update(needs_second_factor=True)
    connect(strong_values="mfa")
    strongly = ALICE_THERE | {"amr": ["mfa"]}
    go(ALICE.email, strongly)
    session = browser.session
    session["sure at"] = session["strong at"] = 0
    session.save()
    to_confirm = browser.get("/tokens/").headers["Location"]
    assert "/confirm/directory" in browser.get(to_confirm).content.decode()

    def confirmed(person: Person) -> Any:
        question = asked(browser.post("/confirm/directory", {"next": "/tokens/"}))
        assert question["prompt"] == "login"
        return come_back(browser, question, played.signs_in(person, question))

    assert "linked with another identity" in said(confirmed(BOB_THERE | {"amr": ["mfa"]}))
    played.amiss = {"auth_time": 1_700_000_000}  # a session there that was open already
    assert "not shown anew" in said(confirmed(strongly))
    played.amiss = {}
    assert confirmed(strongly).headers["Location"] == "/tokens/"
    assert browser.get("/tokens/").status_code == 200


def test_where_it_is_the_only_way_in_no_password_and_no_passkey_is(
    browser: Client, alice: User, enter: Callable[..., str], connect: Callable[..., Directory]
) -> None:
    connect(alone=True)
    answer = browser.post("/sign-in/", {"email": ALICE.email, "password": "correct horse battery staple"})
    assert "by its own sign-in only" in said(answer)
    assert not is_in(browser)
    directories.give_leave(alice, by=Actor("platform", "paraph"), at=timezone.now())
    assert enter(browser, alice) == "/"
    assert is_in(browser)


def test_leave_is_given_for_a_day(alice: User, connect: Callable[..., Directory]) -> None:
    connect(alone=True)
    directories.give_leave(alice, by=Actor("platform", "paraph"), at=timezone.now() - directories.LEAVE)
    assert not directories.takes_own(alice, at=timezone.now())


def test_signing_out_here_signs_out_there(
    browser: Client, alice: User, connect: Callable[..., Directory], go: Callable[..., Any], played: Played
) -> None:
    connect()
    go(ALICE.email, ALICE_THERE)
    out = asked(browser.post("/sign-out/"))
    assert out["post_logout_redirect_uri"] == "http://testserver/sign-in/"
    assert out["id_token_hint"].count(".") == 2
    assert not is_in(browser)


def test_who_lost_their_identity_there_is_unlinked_with_their_factors(
    alice: User, by_alice: Actor, connect: Callable[..., Directory], go: Callable[..., Any]
) -> None:
    connect()
    go(ALICE.email, ALICE_THERE)
    actions.forget_factors(alice, acting=by_alice, at=timezone.now())
    assert not Link.objects.exists()


def test_a_local_second_factor_is_asked_for_after_the_directory(
    browser: Client, alice: User, app: Callable[[], str], connect: Callable[..., Directory], go: Callable[..., Any]
) -> None:
    connect()
    assert go(ALICE.email, ALICE_THERE, then="/tokens/").headers["Location"] == "/sign-in/second/"
    assert browser.post("/sign-in/second/", {"code": app()}).headers["Location"] == "/tokens/"
    assert Session.objects.get().factors == ["directory", "authenticator"]
