"""A certificate in the browser opens the account that an administrator gave it, and nobody else's."""

import html
import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import ExtendedKeyUsageOID
from django.test import Client
from django.utils import timezone
from paraph.keys.file import FileSigner
from paraph_server.accounts.models import Group, User
from paraph_server.accounts.rights import Right
from paraph_server.accounts.tenancy import tenant_context
from paraph_server.authentication import actions, certificates
from paraph_server.authentication.errors import BadCertificate
from paraph_server.authentication.models import Certificate, Session
from paraph_server.journal.actions import Actor
from paraph_testing.cast import ALICE, BOB, CAROL, MALLORY
from paraph_testing.pki import YEAR, Pki
from paraph_testing.proxy import header
from paraph_testing.status import StatusService

PAGE = "/sign-in/certificate/"


@pytest.fixture
def card(browsers_show: StatusService) -> FileSigner:
    return browsers_show.pki.in_browser(ALICE)


@pytest.fixture
def enrol(by_alice: Actor) -> Callable[..., Certificate]:
    def enrol(user: User, shows: FileSigner, *, renewed: bool = False, with_pin: bool = False) -> Certificate:
        pem = shows.certificate.public_bytes(Encoding.PEM).decode()
        with tenant_context(user.tenant_id):
            return certificates.enrol(user, pem, renewed=renewed, with_pin=with_pin, acting=by_alice, at=timezone.now())

    return enrol


def show(browser: Client, shows: FileSigner, method: str = "get", **told: str) -> Any:
    """What the proxy tells of the certificate, and of its issuer, which nginx does not."""
    chain = ", ".join(header(each) for each in shows.chain)
    headers = {"client-cert": header(shows.certificate), "client-cert-chain": chain}
    return getattr(browser, method)(PAGE, told, headers=headers)


def enter(browser: Client, shows: FileSigner, **told: str) -> Any:
    """Show it, and agree to the first account that is offered."""
    found = re.search(r'name="account" value="([^"]+)"', show(browser, shows).content.decode())
    assert found
    return show(browser, shows, "post", account=found[1], **told)


def said(answer: Any) -> str:
    assert answer.status_code >= 400
    found = re.search(r'class="fault" role="alert">([^<]+)<', answer.content.decode())
    assert found
    return html.unescape(found[1])


def test_a_certificate_that_was_enrolled_opens_the_account(
    browser: Client,
    alice: User,
    card: FileSigner,
    enrol: Callable[..., Certificate],
    events: Callable[[], list[str]],
) -> None:
    enrol(alice, card)
    assert PAGE in browser.get("/sign-in/").content.decode()
    page = show(browser, card).content.decode()
    assert ALICE.name in page
    assert alice.tenant.name.replace("&", "&amp;") in page
    assert enter(browser, card, next="/contacts/").headers["Location"] == "/contacts/"
    assert browser.get("/account/").status_code == 200
    assert events()[-2:] == ["user:certificate-added", "user:signed-in"]
    assert Session.objects.get().factors == ["certificate"]
    assert Certificate.objects.get().last_used_at


def test_without_a_proxy_it_is_a_header_that_anybody_can_write(
    browser: Client, alice: User, card: FileSigner, enrol: Callable[..., Certificate]
) -> None:
    made = enrol(alice, card)
    told = {"client-cert": header(card.certificate)}
    answer = browser.post(PAGE, {"account": made.pk}, headers=told, REMOTE_ADDR="203.0.113.9")
    assert "shown no certificate" in said(answer)
    assert browser.get("/account/").status_code == 302


def test_somebody_elses_account_is_not_open_to_it(
    browser: Client,
    alice: User,
    bob: User,
    card: FileSigner,
    browsers_show: StatusService,
    enrol: Callable[..., Certificate],
) -> None:
    """Mallory names Alice's certificate in her own browser, which shows Bob's."""
    made, bobs = enrol(alice, card), browsers_show.pki.in_browser(BOB)
    enrol(bob, bobs)
    answer = show(browser, bobs, "post", account=made.pk)
    assert answer.status_code == 200
    assert ALICE.email not in answer.content.decode()
    assert browser.get("/account/").status_code == 302


def test_an_unknown_one_opens_nothing(browser: Client, alice: User, card: FileSigner) -> None:
    assert "opens no account" in said(show(browser, card))


@pytest.mark.parametrize("renewed", [False, True])
def test_its_successor_opens_the_account_where_the_administrator_said_so(
    browser: Client,
    alice: User,
    card: FileSigner,
    browsers_show: StatusService,
    enrol: Callable[..., Certificate],
    renewed: bool,  # noqa: FBT001
) -> None:
    enrol(alice, card, renewed=renewed)
    assert show(browser, browsers_show.pki.renewed(card)).status_code == (200 if renewed else 403)
    assert show(browser, card).status_code == 200


def test_the_same_name_under_another_authority_is_somebody_else(
    browser: Client, alice: User, card: FileSigner, enrol: Callable[..., Certificate]
) -> None:
    enrol(alice, card, renewed=True)
    forger = Pki()
    forged = forger._like(FileSigner(card._key, card.certificate, (forger.issuing.certificate,)), card._key)
    assert "not among those" in said(show(browser, forged))


def test_a_revoked_one_opens_nothing(
    browser: Client, alice: User, card: FileSigner, browsers_show: StatusService, enrol: Callable[..., Certificate]
) -> None:
    enrol(alice, card)
    browsers_show.pki.revoke(card.certificate, timezone.now() - timedelta(hours=1))
    assert "revoked" in said(show(browser, card))


def test_as_long_as_nobody_says_whether_it_is_revoked_it_opens_nothing(
    browser: Client, alice: User, card: FileSigner, browsers_show: StatusService, enrol: Callable[..., Certificate]
) -> None:
    enrol(alice, card)
    browsers_show.broken |= {"/ocsp", "/crl/issuing.crl"}
    answer = show(browser, card)
    assert answer.status_code == 503
    assert "Try again in a moment" in said(answer)


def test_one_that_has_run_out_opens_nothing(
    browser: Client, alice: User, browsers_show: StatusService, enrol: Callable[..., Certificate]
) -> None:
    old = Pki(timezone.now() - 4 * YEAR).in_browser(ALICE)
    enrol(alice, old)
    assert "not valid now" in said(show(browser, old))


def test_one_for_signatures_or_for_servers_opens_nothing(
    browser: Client, alice: User, browsers_show: StatusService, enrol: Callable[..., Certificate]
) -> None:
    signs = browsers_show.pki.person(ALICE)
    serves = browsers_show.pki.in_browser(ALICE, ExtendedKeyUsageOID.SERVER_AUTH)
    for each in (signs, serves):
        enrol(alice, each)
        assert "not for signing in" in said(show(browser, each))


def test_alone_it_is_one_factor_and_with_a_pin_two(
    alice: User, card: FileSigner, browsers_show: StatusService, enrol: Callable[..., Certificate]
) -> None:
    Group.objects.update(needs_second_factor=True)
    enrol(alice, card)
    assert enter(Client(), card).headers["Location"] == "/sign-in/set-up/"
    browser, smart = Client(), browsers_show.pki.in_browser(ALICE)
    enrol(alice, smart, with_pin=True)
    assert enter(browser, smart, next="/tokens/").headers["Location"] == "/tokens/"
    assert browser.get("/tokens/").status_code == 200
    session = browser.session
    session["sure at"] = session["strong at"] = 0
    session.save()
    asks = browser.get(browser.get("/tokens/").headers["Location"])
    assert f"{PAGE}?next=/tokens/" in asks.content.decode()


def test_the_door_never_leads_elsewhere(
    browser: Client, alice: User, card: FileSigner, enrol: Callable[..., Certificate]
) -> None:
    enrol(alice, card)
    assert enter(browser, card, next="https://evil.example/").headers["Location"] == "/"


def test_two_organisations_that_know_the_same_card_do_not_get_in_each_others_way(
    browser: Client, alice: User, mallory: User, card: FileSigner, enrol: Callable[..., Certificate]
) -> None:
    own = enrol(alice, card)
    enrol(mallory, card)
    page = show(browser, card).content.decode()
    assert ALICE.email in page
    assert MALLORY.email in page
    show(browser, card, "post", account=own.pk)
    assert ALICE.name in browser.get("/account/").content.decode()


def test_who_manages_people_enrols_those_who_are_not_mightier(
    alice: User, card: FileSigner, hire: Callable[..., User]
) -> None:
    clerk, pem = hire(CAROL, Right.MANAGE_USERS), card.certificate.public_bytes(Encoding.PEM).decode()
    browser = Client(headers={"accept": "text/html"})
    browser.force_login(clerk)
    assert browser.post(f"/people/{alice.pk}/certificates/", {"pem": pem}).status_code == 422
    assert not Certificate.objects.exists()
    assert browser.post(f"/people/{clerk.pk}/certificates/", {"pem": pem, "renewed": "on"}).status_code == 302
    made = Certificate.objects.get()
    assert (made.user, made.by_subject, made.holder) == (clerk, True, ALICE.name)
    assert browser.post(f"/people/{clerk.pk}/certificates/{made.pk}/remove").status_code == 302
    assert not Certificate.objects.exists()


def test_colleagues_without_the_right_enrol_nobody(bob: User, card: FileSigner) -> None:
    browser = Client(headers={"accept": "text/html"})
    browser.force_login(bob)
    assert browser.get(f"/people/{bob.pk}/certificates/").status_code == 403


def test_what_is_none_or_there_already_is_refused(
    alice: User, by_alice: Actor, card: FileSigner, enrol: Callable[..., Certificate]
) -> None:
    enrol(alice, card)
    with pytest.raises(BadCertificate):
        enrol(alice, card)
    for pem in ("", "nonsense", card.certificate.public_bytes(Encoding.PEM).decode() * 2):
        with pytest.raises(BadCertificate):
            certificates.enrol(alice, pem, renewed=False, with_pin=False, acting=by_alice, at=timezone.now())


def test_it_is_forgotten_with_the_other_factors(
    alice: User, by_alice: Actor, card: FileSigner, enrol: Callable[..., Certificate]
) -> None:
    enrol(alice, card)
    actions.forget_factors(alice, acting=by_alice, at=timezone.now())
    assert not Certificate.objects.exists()
