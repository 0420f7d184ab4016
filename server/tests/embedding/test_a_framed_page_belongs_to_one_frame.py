"""Without cookies: who may show a signing page, and whose requests it answers."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import get_script_prefix
from django.utils import timezone
from paraph_server.accounts.models import Tenant, User
from paraph_server.embedding import actions
from paraph_server.journal.actions import Actor
from paraph_server.signing.models import Signing
from paraph_server.workflows import invites
from paraph_server.workflows.models import Recipient

Enter = Callable[[], str]
SAME_ORIGIN = {"sec-fetch-dest": "image", "sec-fetch-mode": "no-cors", "sec-fetch-site": "same-origin"}


def form(page: Any, ending: str) -> tuple[str, dict[str, str]]:
    """Address and hidden fields of the form whose address ends like this."""
    [(action, content)] = re.findall(
        f'<form[^>]*action="([^"]*{ending})"(.*?)</form>', page.content.decode(), re.DOTALL
    )
    return action, dict(re.findall('type="hidden" name="([^"]+)" value="([^"]*)"', content))


def test_exactly_the_site_of_the_link_may_show_it(enter: Enter, frame: Client, shop: str) -> None:
    page = frame.get(enter())
    assert page.status_code == 200
    assert page.headers["Content-Security-Policy"].endswith(f"frame-ancestors {shop}")
    assert "X-Frame-Options" not in page.headers


def test_nobody_may_show_anything_else(frame: Client, bob: Recipient, alice: User) -> None:
    token = invites.token(bob, at=timezone.now())
    for address in ("/", "/sign-in/", f"/invite?token={token}", f"/signing/{bob.pk}/", "/static/paraph/page.js"):
        answer = frame.get(address)
        assert answer.headers["Content-Security-Policy"].endswith("frame-ancestors 'none'"), address
        assert answer.headers["X-Frame-Options"] == "DENY"


def test_it_needs_no_cookie_and_sets_none(enter: Enter, frame: Client) -> None:
    address = enter()
    page = frame.get(address)
    action, values = form(page, "/accept")
    assert action == f"{address}accept"
    accepted = frame.post(action, values | {"agreed": "on"})
    assert (accepted.status_code, accepted.headers["Location"]) == (302, address)
    assert Signing.objects.get().accepted_at
    assert not frame.cookies


def test_every_address_on_the_page_stays_in_the_session(enter: Enter, frame: Client) -> None:
    address = enter()
    prefix = address.partition("/signing/")[0]
    content = frame.get(address).content.decode()
    inside = re.findall(r'(?:href|src|action)="(/[^"]*)"', content)
    assert len(inside) > 5
    assert all(each.startswith((f"{prefix}/", "/static/")) for each in inside)
    assert get_script_prefix() == "/"


def test_images_are_fetched_by_the_page_itself_only(enter: Enter, frame: Client) -> None:
    [image, *_] = re.findall('src="([^"]*/pages/1)"', frame.get(enter()).content.decode())
    assert frame.get(image, headers=SAME_ORIGIN).status_code == 200
    assert frame.get(image, headers=SAME_ORIGIN | {"sec-fetch-site": "cross-site"}).status_code == 404
    assert Client().get(image).status_code == 404


@pytest.mark.parametrize(
    "elsewhere",
    [
        {"sec-fetch-dest": "document"},
        {"sec-fetch-dest": "object"},
        {"sec-fetch-dest": "embed"},
        {"sec-fetch-dest": "", "sec-fetch-mode": "", "sec-fetch-site": ""},
    ],
)
def test_a_key_that_is_carried_elsewhere_opens_nothing(
    enter: Enter, frame: Client, bob: Recipient, elsewhere: dict[str, str]
) -> None:
    """Mallory cannot have Bob enter his code in a session that she began: no page of hers can show it to him."""
    answer = frame.get(enter(), headers=elsewhere)
    assert answer.status_code == 404
    assert answer.headers["Content-Security-Policy"].endswith("frame-ancestors 'none'")
    assert bob.email not in answer.content.decode()


def test_each_opening_is_a_session_of_its_own(enter: Enter, frame: Client) -> None:
    first, second = enter(), enter()
    assert first != second
    action, values = form(frame.get(first), "/accept")
    assert frame.post(action.replace(first, second), values | {"agreed": "on"}).status_code == 403


def test_a_form_of_another_site_is_refused(enter: Enter, frame: Client, shop: str) -> None:
    address = enter()
    action, values = form(frame.get(address), "/accept")
    stolen = values | {"agreed": "on"}
    assert frame.post(action, stolen, headers={"origin": "https://evil.example"}).status_code == 403
    assert frame.post(action, stolen, headers={"origin": shop}).status_code == 403
    assert frame.post(action, {"agreed": "on", "shown": values["shown"]}).status_code == 403
    assert Signing.objects.get().accepted_at is None


def test_a_session_of_cookies_is_none_of_frames(enter: Enter, frame: Client, bob: Recipient) -> None:
    ordinary = Client(headers={"accept": "text/html"})
    ordinary.get(f"/invite?token={invites.token(bob, at=timezone.now())}")
    key = ordinary.cookies["paraph"].value
    assert frame.get(f"/framed/{key}/signing/{bob.pk}/").status_code == 404
    address = enter()
    frame.cookies["paraph"] = key
    page = frame.get(address)
    assert (page.status_code, dict(page.cookies)) == (200, {})


@pytest.mark.parametrize("page", ["", "sign-in/", "workflows/new/", "invite?token=x", "api/users/me", "framed/x/"])
def test_only_the_pages_of_signers_are_framed(enter: Enter, frame: Client, page: str) -> None:
    prefix = enter().partition("/signing/")[0]
    assert frame.get(f"{prefix}/{page}").status_code == 404


def test_a_site_that_is_no_longer_allowed_shows_nothing_new(
    bob: Recipient, shop: str, frame: Client, tenant: Tenant, by_alice: Actor
) -> None:
    token = invites.token(bob, embed_origin=shop, at=timezone.now())
    actions.allow_origins(tenant.pk, [], by=by_alice, at=timezone.now())
    answer = frame.get(f"/invite?token={token}")
    assert answer.status_code == 400
    assert not Session.objects.exists()


def test_a_session_ends_after_two_hours(enter: Enter, frame: Client) -> None:
    address = enter()
    Session.objects.update(expire_date=timezone.now() - timedelta(seconds=1))
    assert frame.get(address).status_code == 404


def test_the_language_is_the_signers_and_can_be_changed(enter: Enter, frame: Client) -> None:
    address = enter()
    page = frame.get(address)
    assert '<html lang="fr"' in page.content.decode()
    action, values = form(page, "/language/")
    answer = frame.post(action, values | {"language": "en"})
    assert answer.headers["Location"] == address
    assert '<html lang="en"' in frame.get(address).content.decode()
    assert not frame.cookies


def test_the_same_link_opened_by_itself_is_an_ordinary_one(bob: Recipient, shop: str) -> None:
    alone = Client(headers={"accept": "text/html", "sec-fetch-dest": "document"})
    answer = alone.get(f"/invite?token={invites.token(bob, embed_origin=shop, at=timezone.now())}")
    assert answer.headers["Location"] == f"/signing/{bob.pk}/"
    page = alone.get(f"/signing/{bob.pk}/")
    assert page.headers["Content-Security-Policy"].endswith("frame-ancestors 'none'")


def test_the_page_knows_whom_to_tell_and_of_what(enter: Enter, frame: Client, shop: str, bob: Recipient) -> None:
    [told] = re.findall('<meta name="paraph-framed"([^>]*)>', frame.get(enter()).content.decode())
    facts = dict(re.findall('data-([a-z-]+)="([^"]*)"', told))
    assert facts == {
        "origin": shop,
        "problem": "",
        "outcome": "pending",
        "code": "",
        "workflow-id": bob.workflow.pk,
        "recipient-id": bob.pk,
    }


def test_the_component_may_be_loaded_by_every_site(client: Client) -> None:
    answer = client.get("/static/paraph/paraph-sign.js", headers={"origin": "https://shop.example.org"})
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert answer.headers["Content-Type"].startswith("text/javascript")
