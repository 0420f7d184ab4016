"""Administration in a browser without scripts: who reaches which page, and what its forms do."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from paraph_server.accounts.models import AccessToken, Group, Membership, User
from paraph_server.accounts.sign_in import BACKEND, sign_in
from paraph_server.administration.models import Delegation
from paraph_testing.cast import BOB, CAROL

FORM = {"first_name": "Zoé", "last_name": "Lemoine", "email": "zoe@example.org", "locale": "fr", "country": "FR"}


def browser(user: User) -> Client:
    client = Client(headers={"accept": "text/html"})
    client.force_login(user, backend=BACKEND)
    return client


@pytest.fixture
def alices(alice: User) -> Client:
    return browser(alice)


@pytest.mark.parametrize(
    ("path", "for_everybody"),
    [
        ("/people/", False),
        ("/people/new/", False),
        ("/groups/", False),
        ("/groups/new/", False),
        ("/tokens/", True),
        ("/delegations/", True),
        ("/delegations/new/", True),
        ("/account/", True),
        ("/turns/", True),
        ("/workflows/new/", True),
    ],
)
def test_pages_open_for_those_who_have_the_right(
    alices: Client, bob: User, client: Client, path: str, *, for_everybody: bool
) -> None:
    assert client.get(path).status_code == 302  # to sign in
    assert alices.get(path).status_code == 200
    assert browser(bob).get(path).status_code == (200 if for_everybody else 403)


def test_who_may_not_send_finds_no_form_to_send(hire: Callable[..., User]) -> None:
    carol = browser(hire(CAROL, "sign"))
    assert carol.get("/").status_code == 200
    assert carol.get("/workflows/new/").status_code == 403
    assert carol.post("/workflows/new/").status_code == 403


def test_somebody_is_invited_into_groups(alices: Client, alice: User) -> None:
    administrators = Group.objects.get(rights__contains=["administer"])
    answer = alices.post("/people/new/", FORM | {"group": alice.group_id, "further": [administrators.pk]})
    assert answer.status_code == 302
    zoe = User.objects.get(email="zoe@example.org")
    assert Membership.objects.filter(user=zoe, group=administrators).exists()
    assert "Zoé Lemoine" in alices.get("/people/?text=lem").content.decode()
    assert "Zoé Lemoine" not in alices.get("/people/?text=zzz").content.decode()


def test_what_is_wrong_is_said_and_nothing_happens(alices: Client, alice: User) -> None:
    answer = alices.post("/people/new/", FORM | {"group": alice.group_id, "email": alice.email})
    assert answer.status_code == 422
    assert "signs in with this address already" in answer.content.decode()
    assert User.objects.count() == 1


def test_somebody_changes_is_disabled_and_removed(alices: Client, bob: User) -> None:
    page = f"/people/{bob.pk}/"
    assert BOB.last_name in alices.get(page).content.decode()
    facts = {"first_name": "Bob", "last_name": "Roy", "email": bob.email, "phone_number": bob.phone_number}
    changed = alices.post(page, FORM | facts | {"group": bob.group_id, "organization_titles": "Achats\n\nVentes"})
    assert changed.status_code == 302, changed.content
    bob.refresh_from_db()
    assert (bob.last_name, bob.organization_titles) == ("Roy", ["Achats", "Ventes"])
    alices.post(f"{page}switch", {"disable": ""})
    assert not User.objects.get(pk=bob.pk).is_active
    alices.post(f"{page}switch", {"enable": ""})
    assert User.objects.get(pk=bob.pk).is_active
    alices.post(f"{page}remove")
    assert User.objects.get(pk=bob.pk).removed_at
    assert alices.get(page).status_code == 404


def test_the_last_administrator_stays_in_their_group(alices: Client, alice: User) -> None:
    facts = {"first_name": "Alice", "last_name": "Marchand", "email": alice.email, "group": alice.group_id}
    answer = alices.post(f"/people/{alice.pk}/", FORM | facts)  # no further group is ticked
    assert answer.status_code == 422
    assert Membership.objects.filter(user=alice).exists()


def test_a_group_is_made_changed_and_removed(alices: Client) -> None:
    assert alices.post("/groups/new/", {"name": "Achats", "rights": ["send"]}).status_code == 302
    group = Group.objects.get(name="Achats")
    assert alices.post(f"/groups/{group.pk}/", {"name": "Ventes", "rights": ["send", "sign"]}).status_code == 302
    group.refresh_from_db()
    assert (group.name, group.rights) == ("Ventes", ["send", "sign"])
    alices.post(f"/groups/{group.pk}/", {"name": "Ventes", "remove": ""})
    assert not Group.objects.filter(pk=group.pk).exists()


def test_a_token_is_shown_once_and_revoked(alices: Client, alice: User) -> None:
    answer = alices.post("/tokens/", {"name": "archive", "scopes": ["workflows:read"], "ip_ranges": "192.0.2.0/24"})
    token = AccessToken.objects.get(user=alice)
    assert (token.scopes, token.ip_ranges) == (["workflows:read"], ["192.0.2.0/24"])
    assert f"{token.pk}." in answer.content.decode()
    assert f"{token.pk}." not in alices.get("/tokens/").content.decode()
    assert alices.post("/tokens/", {"name": "archive", "ip_ranges": "everywhere"}).status_code == 422
    alices.post(f"/tokens/{token.pk}/revoke")
    assert not AccessToken.objects.exists()


def test_turns_are_delegated_and_taken_back(bob: User, carol: User) -> None:
    bobs = browser(bob)
    wanted = {"deputy": carol.email, "starts_at": "2026-12-24T08:00", "ends_at": "2027-01-04T08:00", "away": "on"}
    limits = {"may_sign": "on", "filing_classes": "HR\nSales", "max_amount": "1000", "currency": "EUR"}
    assert bobs.post("/delegations/new/", wanted | limits).status_code == 302
    given = Delegation.objects.get()
    assert (given.filing_classes, given.away, given.may_approve) == (["HR", "Sales"], True, False)
    assert "Bob Durand" in browser(carol).get("/delegations/").content.decode()
    bobs.post(f"/delegations/{given.pk}/revoke")
    assert Delegation.objects.get().revoked_at


@pytest.mark.parametrize(
    "fault", [{"deputy": BOB.email}, {"deputy": "x@example.org"}, {"may_sign": ""}, {"ends_at": ""}]
)
def test_a_delegation_without_sense_is_refused(bob: User, carol: User, fault: dict[str, str]) -> None:
    wanted = {"deputy": carol.email, "starts_at": "2026-12-24T08:00", "ends_at": "2027-01-04T08:00", "away": "on"}
    answer = browser(bob).post("/delegations/new/", wanted | {"may_sign": "on"} | fault)
    assert answer.status_code == 422
    assert not Delegation.objects.exists()


def test_an_account_takes_another_password_and_stays_signed_in(bob: User) -> None:
    bobs = browser(bob)
    assert bobs.post("/account/", {"phone_number": "06 39 98 01 50", "locale": "en"}).status_code == 302
    new: dict[str, Any] = {"password": "another good long password", "again": "another good long password"}
    assert bobs.post("/account/password", new | {"old": "guess"}).status_code == 422
    assert bobs.post("/account/password", new | {"old": "correct horse battery staple"}).status_code == 302
    assert bobs.get("/account/").status_code == 200
    assert sign_in(bob.email, "another good long password", address="", at=timezone.now()).locale == "en"
