"""Somebody is invited, chooses a password, changes, is disabled, leaves; and each of that is written down."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from paraph_server.accounts.models import AccessToken, User
from paraph_server.accounts.sign_in import sign_in
from paraph_server.administration import passwords
from paraph_server.journal.models import Entry
from paraph_server.notifications.content import Content
from paraph_server.notifications.models import Message
from paraph_server.workflows.models import Workflow
from paraph_testing.cast import ALICE, BOB, MALLORY
from paraph_testing.program import Program

Make = Callable[..., Any]
PASSWORD = "another good long password"


@pytest.fixture
def wanted(alice: User) -> dict[str, Any]:
    return {
        "groupId": alice.group_id,
        "email": "Zoe@Example.org",
        "firstName": "Zoé",
        "lastName": "Lemoine",
        "phoneNumber": "+33639980199",
        "organizationTitles": ["Directrice"],
    }


@pytest.fixture
def zoe(api: Program, alice: User, wanted: dict[str, Any]) -> dict[str, Any]:
    answer = api("POST", f"tenants/{alice.tenant_id}/users", wanted)
    assert answer.status_code == 200, answer.content
    return dict(answer.json())


def link(email: str) -> str:
    message = Message.objects.get(kind="welcome", to=email)
    words = Content.decrypt(bytes(message.content or b"")).text
    return re.findall(r"http://testserver(/welcome/\S+)", words)[0]


def test_who_is_invited_is_there_with_everything_said_of_them(zoe: dict[str, Any]) -> None:
    assert zoe["id"].startswith("usr_")
    expected = {
        "email": "zoe@example.org",
        "name": "Zoé Lemoine",
        "country": "FR",
        "organizationTitles": ["Directrice"],
    }
    assert expected.items() <= zoe.items()
    assert (zoe["signAllowed"], zoe["approveAllowed"], zoe["isDisabled"], zoe["lastLogin"]) == (True, True, False, None)
    assert Entry.objects.get(event="user:invited").subject == zoe["id"]


def test_they_choose_a_password_once(zoe: dict[str, Any], client: Client) -> None:
    page = link("zoe@example.org")
    assert client.get(page).status_code == 200
    assert client.post(page, {"password": PASSWORD, "again": PASSWORD}).status_code == 302
    assert sign_in("zoe@example.org", PASSWORD, address="", at=timezone.now()).pk == zoe["id"]
    assert client.get(page).status_code == 410
    assert client.post(page, {"password": "x" * 20, "again": "x" * 20}).status_code == 410


def test_a_link_grows_old(zoe: dict[str, Any], client: Client, settings: Any) -> None:
    settings.PASSWORD_RESET_TIMEOUT = -1
    assert client.get(link("zoe@example.org")).status_code == 410


def test_a_link_is_good_for_one_person(zoe: dict[str, Any], client: Client, bob: User) -> None:
    page = link("zoe@example.org").replace(zoe["id"], bob.pk)
    assert client.post(page, {"password": PASSWORD, "again": PASSWORD}).status_code == 410


@pytest.mark.parametrize(
    ("fault", "status"),
    [
        ({"email": "zoe"}, 400),
        ({"email": ALICE.email}, 409),
        ({"firstName": " "}, 400),
        ({"lastName": "x" * 61}, 400),
        ({"phoneNumber": "12"}, 400),
        ({"country": "France"}, 400),
        ({"preferredLocale": "eo"}, 400),
        ({"groupId": "grp_unknown"}, 404),
    ],
)
def test_a_person_with_a_fault_is_not_there(
    api: Program, alice: User, wanted: dict[str, Any], fault: dict[str, str], status: int
) -> None:
    answer = api("POST", f"tenants/{alice.tenant_id}/users", wanted | fault)
    assert answer.status_code == status
    assert answer.json()["message"]
    assert User.objects.count() == 1


def test_nobody_is_invited_into_another_organisation(api: Program, mallory: User, wanted: dict[str, Any]) -> None:
    assert api("POST", f"tenants/{mallory.tenant_id}/users", wanted).status_code == 403


def test_an_address_of_another_organisation_is_taken_and_says_no_more(
    api: Program, alice: User, mallory: User, wanted: dict[str, Any]
) -> None:
    answer = api("POST", f"tenants/{alice.tenant_id}/users", wanted | {"email": MALLORY.email})
    assert (answer.status_code, answer.json()["code"]) == (409, "EmailTaken")


def test_what_changes_is_found_under_its_new_name(api: Program, bob: User) -> None:
    answer = api("PATCH", f"users/{bob.pk}", {"lastName": "Hélène", "organizationTitles": ["Achats"]})
    assert answer.json()["lastName"] == "Hélène"
    assert [each["id"] for each in api("GET", "users?text=helene").json()["items"]] == [bob.pk]
    assert api("GET", f"users?text={BOB.last_name}").json()["totalItems"] == 0
    assert Entry.objects.get(event="user:changed").payload.details["changed"] == ["last_name", "organization_titles"]


def test_who_is_disabled_is_out_at_once_and_comes_back(api: Program, bob: User, program: Make) -> None:
    bobs = program(bob)
    assert bobs("GET", "users/me").status_code == 200
    assert api("PATCH", f"users/{bob.pk}", {"isDisabled": True}).json()["isDisabled"] is True
    assert bobs("GET", "users/me").status_code == 401
    api("PATCH", f"users/{bob.pk}", {"isDisabled": False})
    assert bobs("GET", "users/me").status_code == 200
    assert {"user:disabled", "user:enabled"} <= set(Entry.objects.values_list("event", flat=True))


def test_everybody_changes_their_number_and_language_and_nothing_else(bob: User, program: Make) -> None:
    bobs = program(bob)
    changed = bobs("PATCH", "users/me", {"phoneNumber": "06 39 98 01 50", "preferredLocale": "en"}).json()
    assert (changed["phoneNumber"], changed["preferredLocale"]) == ("+33639980150", "en")
    for fault in ({"lastName": "Roi"}, {"groupId": bob.group_id}, {"email": "roi@example.org"}):
        assert bobs("PATCH", "users/me", fault).status_code == 403


def test_a_new_password_needs_the_old_one(bob: User, program: Make) -> None:
    bobs = program(bob)
    wrong = {"currentPassword": "guess", "newPassword": PASSWORD}
    assert bobs("POST", "users/me/password", wrong).status_code == 403
    right = {"currentPassword": "correct horse battery staple", "newPassword": PASSWORD}
    assert bobs("POST", "users/me/password", right).status_code == 204
    assert sign_in(BOB.email, PASSWORD, address="", at=timezone.now()) == bob


def test_who_leaves_becomes_anonymous(api: Program, bob: User, program: Make) -> None:
    bobs = program(bob)
    bobs("POST", "contacts", {"email": "x@example.org", "firstName": "X", "lastName": "Y"})
    assert api("DELETE", f"users/{bob.pk}").status_code == 204
    gone = User.objects.get(pk=bob.pk)
    assert (gone.email, gone.phone_number, gone.is_active) == (f"{bob.pk.lower()}@removed.invalid", "", False)
    assert not AccessToken.objects.filter(user=bob).exists()
    assert api("GET", f"users/{bob.pk}").status_code == 404
    assert api("GET", "users?text=durand").json()["totalItems"] == 0
    assert api("DELETE", f"users/{bob.pk}").status_code == 404


def test_nobody_leaves_while_something_waits_for_them(
    api: Program, bob: User, send: Callable[..., Workflow], run_jobs: Callable[[], int]
) -> None:
    workflow = send(BOB)
    workflow.steps.get().recipients.update(user=bob)
    answer = api("DELETE", f"users/{bob.pk}")
    assert (answer.status_code, answer.json()["code"]) == (409, "UserStillNeeded")
    assert api("PATCH", f"workflows/{workflow.pk}", {"workflowStatus": "stopped"}).status_code == 200
    assert api("DELETE", f"users/{bob.pk}").status_code == 204


def test_a_link_is_sent_again_to_whoever_has_no_password(api: Program, zoe: dict[str, Any], bob: User) -> None:
    assert api("POST", f"users/{zoe['id']}/invite").status_code == 204
    assert Message.objects.filter(kind="welcome", to="zoe@example.org").count() == 2
    assert api("POST", f"users/{bob.pk}/invite").status_code == 400


def test_a_used_link_is_no_good_even_at_the_same_moment(zoe: dict[str, Any]) -> None:
    user = User.objects.get(pk=zoe["id"])
    token = passwords.INVITED.link(user).rstrip("/").rpartition("/")[2]
    assert passwords.INVITED.good(user, token)
    user.set_password(PASSWORD)
    assert not passwords.INVITED.good(user, token)
