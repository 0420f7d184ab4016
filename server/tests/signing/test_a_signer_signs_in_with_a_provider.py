"""A signer proves who they are at an identity provider: FranceConnect+, played by a real provider."""

import json
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urljoin, urlsplit

import httpx2
import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone
from joserfc.jwk import ECKey
from paraph.evidence import Means
from paraph_server.accounts.models import Tenant, User
from paraph_server.accounts.tenancy import tenant_context
from paraph_server.identification import providers, sign_ins
from paraph_server.identification.errors import BadProvider, NothingToReview
from paraph_server.identification.models import Provider, SignIn
from paraph_server.identification.providers import NewProvider
from paraph_server.journal.actions import PLATFORM, Actor
from paraph_server.journal.queries import about
from paraph_server.notifications.models import Message
from paraph_server.signing import actions, queries
from paraph_server.signing.holders import TrustService
from paraph_server.signing.models import Signing
from paraph_server.web.sealed import seal
from paraph_server.workflows import invites
from paraph_server.workflows import queries as waiting
from paraph_server.workflows.models import ConsentPage, Recipient, Workflow
from paraph_testing.cast import ALICE, BOB, Person
from paraph_testing.foreign import free_port
from paraph_testing.identity_provider import CLIENT_ID, CLIENT_SECRET, IdentityProvider, client
from paraph_testing.listener import Listener

OUR_SIDE = "http://testserver"
KEY = ECKey.generate_key("P-256", {"use": "enc", "alg": "ECDH-ES"}, auto_kid=True)
Way = Callable[..., str]


@pytest.fixture(scope="module")
def played() -> Iterator[tuple[IdentityProvider, Listener]]:
    with Listener() as keys:
        known = client(OUR_SIDE + providers.CALLBACK, after_logout=OUR_SIDE + providers.FAREWELL, keys_url=keys.url)
        with IdentityProvider([known]) as running:
            yield running, keys


@pytest.fixture
def provider(
    played: tuple[IdentityProvider, Listener], tenant: Tenant, alice: User, run_jobs: Callable[[], int]
) -> Iterator[Provider]:
    cache.clear()
    wanted = NewProvider(Means.FRANCECONNECT_PLUS, CLIENT_ID, CLIENT_SECRET, issuer=played[0].issuer)
    made = providers.register(tenant, wanted, by=Actor("user", alice.pk), at=timezone.now())
    made.key = seal(json.dumps(KEY.as_dict(private=True)))  # it remembers ours for a while
    made.save(update_fields=["key"])
    played[1].body = json.dumps(providers.published_keys(made)).encode()
    run_jobs()
    yield made
    played[0].fault()


@pytest.fixture
def bob(
    provider: Provider, send: Callable[..., Workflow], recipient: Callable[[Workflow, Person], Recipient]
) -> Recipient:
    """Bob is asked to sign, and to prove his name."""
    found = recipient(send(BOB), BOB)
    found.consent_page = ConsentPage.objects.get(name="FranceConnect+")
    found.save(update_fields=["consent_page"])
    by = actions.actor(found)
    actions.open_session(found, by=by, at=timezone.now())
    digest = queries.consent_digest(waiting.consent_text(found, "en"), queries.shown(found))
    actions.accept(found, shown=digest, language="en", by=by, at=timezone.now())
    return found


@pytest.fixture
def browser(bob: Recipient) -> Client:
    """Bob's."""
    return opened(bob)


def english() -> Client:
    browser = Client()
    browser.cookies["language"] = "en"
    return browser


def opened(bob: Recipient) -> Client:
    browser = english()
    token = invites.link(bob, at=timezone.now()).partition("token=")[2]
    assert browser.get(f"/invite?token={token}").status_code == 302
    return browser


@pytest.fixture
def travel(bob: Recipient, provider: Provider, browser: Client) -> Way:
    """Bob's browser goes to the provider, where somebody signs in; the address that it is sent back to."""

    def travelled(login: str = "bob", browser: Client = browser) -> str:
        page = browser.post(f"/signing/{bob.pk}/identity/{provider.pk}")
        assert page.status_code == 200, page.content
        url = page.context["address"]
        with httpx2.Client() as there:
            while not url.startswith(OUR_SIDE):
                answer = there.get(url)
                assert answer.status_code in {200, 302, 303}, answer.text
                further = f"{urlsplit(url).path}/abort" if login == "nobody" else f"{urlsplit(url).path}?login={login}"
                url = urljoin(url, answer.headers.get("location") or further)
        return url.removeprefix(OUR_SIDE)

    return travelled


def read(browser: Client, bob: Recipient) -> tuple[int, str]:
    page = browser.get(f"/signing/{bob.pk}/")
    return page.status_code, page.content.decode()


def proofs(bob: Recipient) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = Signing.objects.get(recipient=bob).proofs
    return found


def newest() -> SignIn:
    return SignIn.objects.latest("began_at")


def test_whose_name_is_the_invited_one_has_proven_it(bob: Recipient, browser: Client, travel: Way) -> None:
    assert browser.get(travel()).headers["Location"] == f"/signing/{bob.pk}/"
    (proof,) = proofs(bob)
    assert proof["means"] == Means.FRANCECONNECT_PLUS
    assert (proof["assurance"], proof["names"]) == (2, "same")
    assert "Bob Angelo Claude DURAND; eidas2; sub " in proof["detail"]
    assert "1980" not in json.dumps(proof)
    assert [entry.event for entry in about(bob.tenant, [bob.pk])] == [
        "identity:asked",
        "identity:proven",
        "code:issued",
    ]
    status, page = read(browser, bob)
    assert status == 200
    assert "Enter your code" in page  # the second thing that the consent page asks for
    assert "Sign out of FranceConnect+" in page


@pytest.mark.usefixtures("trust_service")
def test_the_certificate_carries_the_name_that_was_proven(bob: Recipient, browser: Client, travel: Way) -> None:
    browser.get(travel())
    made = TrustService().credential(Signing.objects.get(recipient=bob)).certificate
    assert "Bob Angelo Claude" in made.subject.rfc4514_string()
    assert "DURAND" in made.subject.rfc4514_string()


def test_the_identity_is_kept_for_seven_years_and_encrypted(bob: Recipient, browser: Client, travel: Way) -> None:
    browser.get(travel())
    kept = newest()
    assert b"1980-02-29" not in bytes(kept.identity or b"")
    assert kept.keep_until
    assert kept.keep_until.year == timezone.now().year + 7
    assert sign_ins.forget(at=timezone.now()) == 0
    assert sign_ins.forget(at=timezone.now() + timedelta(days=8 * 365)) == 1
    kept.refresh_from_db()
    assert kept.identity is None
    assert proofs(bob)


def test_another_name_is_refused(bob: Recipient, browser: Client, travel: Way) -> None:
    browser.get(travel("mallory"))
    status, page = read(browser, bob)
    assert status == 403
    assert "under another name" in page
    assert proofs(bob) == []
    assert newest().problem == "other-person"


@pytest.mark.parametrize(
    ("fault", "status", "said"),
    [
        ("wrong acr", 403, "less certainty"),
        ("wrong nonce", 403, "cannot be trusted"),
        ("tampered userinfo", 403, "cannot be trusted"),
        ("late token", 410, "took too long"),
    ],
)
def test_what_the_provider_does_wrong_proves_nothing(
    bob: Recipient,
    browser: Client,
    travel: Way,
    played: tuple[IdentityProvider, Listener],
    fault: str,
    status: int,
    said: str,
) -> None:
    played[0].fault(fault)
    browser.get(travel())
    found, page = read(browser, bob)
    assert found == status
    assert said in page
    assert proofs(bob) == []
    assert said not in read(browser, bob)[1]  # once is enough


def test_an_answer_is_taken_once(bob: Recipient, browser: Client, travel: Way) -> None:
    back = travel()
    browser.get(back)
    again = browser.get(back)
    assert again.status_code == 403
    assert "used already" in again.content.decode()
    assert len(proofs(bob)) == 1


def test_a_code_of_another_sign_in_is_refused(bob: Recipient, browser: Client, travel: Way) -> None:
    code = parse_qs(urlsplit(travel()).query)["code"][0]
    state = parse_qs(urlsplit(travel()).query)["state"][0]
    browser.get(f"{providers.CALLBACK}?code={code}&state={state}")
    assert read(browser, bob)[0] == 403  # its nonce is another
    assert proofs(bob) == []


def test_an_answer_that_another_provider_sent_is_refused(bob: Recipient, browser: Client, travel: Way) -> None:
    browser.get(travel().replace("iss=http", "iss=https"))
    assert read(browser, bob)[0] == 403
    assert proofs(bob) == []


def test_somebody_else_with_the_link_cannot_bring_the_answer(bob: Recipient, travel: Way) -> None:
    mallory = opened(bob)
    assert mallory.get(travel()).status_code == 403
    assert proofs(bob) == []


def test_nobody_may_take_longer_than_ten_minutes(bob: Recipient, browser: Client, travel: Way) -> None:
    back = travel()
    SignIn.objects.update(began_at=timezone.now() - sign_ins.LASTS)
    browser.get(back)
    assert read(browser, bob)[0] == 410
    assert proofs(bob) == []


def test_who_gives_up_may_try_again(bob: Recipient, browser: Client, travel: Way) -> None:
    browser.get(travel("nobody"))
    status, page = read(browser, bob)
    assert status == 409
    assert "without having signed in" in page
    browser.get(travel())
    assert len(proofs(bob)) == 1


def test_a_provider_that_is_away_is_said_to_be(bob: Recipient, browser: Client, provider: Provider) -> None:
    Provider.objects.update(issuer=f"http://127.0.0.1:{free_port()}")
    assert browser.post(f"/signing/{bob.pk}/identity/{provider.pk}").status_code == 302
    status, page = read(browser, bob)
    assert status == 503
    assert "does not answer" in page


def test_doubt_is_for_the_sender_to_resolve(
    bob: Recipient, browser: Client, travel: Way, alice: User, run_jobs: Callable[[], int]
) -> None:
    browser.get(travel("robert"))
    status, page = read(browser, bob)
    assert status == 200
    assert "is asked whether the name" in page
    assert proofs(bob) == []
    run_jobs()
    assert Message.objects.filter(kind="doubt", to=ALICE.email).count() == 1

    hers = english()
    hers.force_login(alice)
    shown = hers.get(f"/workflows/{bob.workflow.pk}/").content.decode()
    assert "DURANT" in shown
    assert "differs by a letter" in shown
    decide = f"/workflows/{bob.workflow.pk}/identities/{newest().pk}"
    assert hers.post(decide, {"accept": ""}).status_code == 422
    assert hers.post(decide, {"accept": "", "reason": "I know him."}).status_code == 302
    run_jobs()
    assert "DURANT" not in hers.get(f"/workflows/{bob.workflow.pk}/").content.decode()

    assert "Your name was confirmed" in read(browser, bob)[1]
    browser.get(travel("robert"))
    assert proofs(bob)[0]["names"] == "reviewed"
    assert [entry.event for entry in about(bob.tenant, [bob.pk])][-2:] == ["identity:proven", "code:issued"]


def test_who_is_refused_by_the_sender_stays_out(bob: Recipient, browser: Client, travel: Way, alice: User) -> None:
    browser.get(travel("robert"))
    by = Actor("user", alice.pk, alice.name)
    sign_ins.decide(newest(), accepted=False, reason="My brother.", user=alice, by=by, at=timezone.now())
    assert "is not the one of this invitation" in read(browser, bob)[1]
    with pytest.raises(NothingToReview):
        sign_ins.decide(newest(), accepted=True, reason="", user=alice, by=by, at=timezone.now())
    browser.get(travel("robert"))
    assert proofs(bob) == []


def test_one_signs_out_at_the_provider_too(bob: Recipient, browser: Client, travel: Way) -> None:
    browser.get(travel())
    page = browser.post(f"/signing/{bob.pk}/sign-out")
    asked = parse_qs(urlsplit(page.context["address"]).query)
    assert set(asked) == {"id_token_hint", "state", "post_logout_redirect_uri"}
    assert asked["state"] == [bob.pk]
    assert browser.get(f"/openid/signed-out?state={bob.pk}").headers["Location"] == f"/signing/{bob.pk}/"
    assert "Sign out of" not in read(browser, bob)[1]


def test_the_public_keys_are_for_everybody(provider: Provider) -> None:
    with tenant_context(""):
        (key,) = Client().get(f"/openid/{provider.pk}/keys").json()["keys"]
    assert key["use"] == "enc"
    assert "d" not in key


@pytest.mark.parametrize(
    "wrong",
    [
        {"kind": Means.SMS_CODE},
        {"issuer": "http://login.example.org"},
        {"client_id": " "},
        {"secret": ""},
        {"acr": "eidas9"},
        {"name": "x" * 61},
    ],
)
def test_a_provider_that_cannot_be_is_not_added(tenant: Tenant, wrong: dict[str, Any]) -> None:
    given = {"kind": Means.FRANCECONNECT, "client_id": "paraph", "secret": "secret"} | wrong
    with pytest.raises(BadProvider):
        providers.register(tenant, NewProvider(**given), by=PLATFORM, at=timezone.now())
