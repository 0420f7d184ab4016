"""What somebody may do is what their groups may do; nobody becomes mightier than who lets them."""

from collections.abc import Callable
from typing import Any

import pytest
from paraph_server.accounts import rights
from paraph_server.accounts.models import Group, User
from paraph_server.accounts.rights import Right
from paraph_server.journal.models import Entry
from paraph_testing.cast import BOB, CAROL
from paraph_testing.program import Program

Make = Callable[..., Any]


@pytest.fixture
def administrators(alice: User) -> Group:
    return Group.objects.get(rights__contains=["administer"])


def test_the_first_user_administers_and_the_next_do_not(alice: User, bob: User) -> None:
    assert Right.ADMINISTER in rights.of(alice)
    assert rights.of(bob) == {Right.SEND, Right.SIGN, Right.APPROVE, Right.TEMPLATES, Right.WEBHOOKS}


def test_a_group_is_made_and_changed(api: Program, alice: User) -> None:
    made = api("POST", f"tenants/{alice.tenant_id}/groups", {"name": "Achats", "rights": ["send"]}).json()
    assert made["id"].startswith("grp_")
    changed = api("PATCH", f"groups/{made['id']}", {"rights": ["send", "sign"]}).json()
    assert (changed["name"], changed["rights"]) == ("Achats", ["send", "sign"])
    assert [each["name"] for each in api("GET", "groups?text=acha").json()["items"]] == ["Achats"]
    assert Entry.objects.get(event="group:changed").payload.details["before"] == ["send"]
    assert api("DELETE", f"groups/{made['id']}").status_code == 204
    assert api("GET", f"groups/{made['id']}").status_code == 404


def test_a_right_that_does_not_exist_is_refused(api: Program) -> None:
    answer = api("POST", "groups", {"name": "Achats", "rights": ["fly"]})
    assert (answer.status_code, answer.json()["message"]) == (400, "There is no right fly.")


def test_rights_come_and_go_with_groups(api: Program, bob: User, program: Make) -> None:
    bobs = program(bob)
    assert bobs("POST", "groups", {"name": "Achats"}).status_code == 403
    made = api("POST", "groups", {"name": "Deputies", "rights": ["administer"]}).json()
    assert api("PUT", f"groups/{made['id']}/users/{bob.pk}").status_code == 204
    assert bobs("POST", "groups", {"name": "Achats"}).status_code == 200
    assert [each["id"] for each in api("GET", f"groups/{made['id']}/users").json()["items"]] == [bob.pk]
    assert api("DELETE", f"groups/{made['id']}/users/{bob.pk}").status_code == 204
    assert bobs("POST", "groups", {"name": "Ventes"}).status_code == 403


def test_who_manages_people_does_not_reach_for_more(
    hire: Make, program: Make, bob: User, alice: User, administrators: Group
) -> None:
    carol = hire(CAROL, "manageUsers", "send", "sign", "approve")
    carols = program(carol)
    assert carols("PUT", f"groups/{administrators.pk}/users/{carol.pk}").status_code == 403
    assert carols("PATCH", f"users/{carol.pk}", {"groupId": administrators.pk}).status_code == 403
    assert carols("PATCH", f"users/{alice.pk}", {"email": "carols@example.org"}).status_code == 403
    assert carols("DELETE", f"users/{alice.pk}").status_code == 403
    assert carols("POST", f"users/{alice.pk}/accessTokens", {"name": "mine"}).status_code == 403
    invited = {"groupId": administrators.pk, "email": "z@example.org", "firstName": "Z", "lastName": "Z"}
    assert carols("POST", f"tenants/{alice.tenant_id}/users", invited).status_code == 403
    assert carols("POST", f"tenants/{alice.tenant_id}/users", invited | {"groupId": carol.group_id}).status_code == 200


@pytest.mark.parametrize("how", ["disable", "remove", "leave", "weaken"])
def test_somebody_can_still_administer(api: Program, alice: User, administrators: Group, how: str) -> None:
    answer = {
        "disable": lambda: api("PATCH", f"users/{alice.pk}", {"isDisabled": True}),
        "remove": lambda: api("DELETE", f"users/{alice.pk}"),
        "leave": lambda: api("DELETE", f"groups/{administrators.pk}/users/{alice.pk}"),
        "weaken": lambda: api("PATCH", f"groups/{administrators.pk}", {"rights": []}),
    }[how]()
    assert (answer.status_code, answer.json()["code"]) == (409, "LastAdministrator")
    assert Right.ADMINISTER in rights.of(User.objects.get(pk=alice.pk))


def test_a_main_group_is_not_removed(api: Program, alice: User) -> None:
    assert api("DELETE", f"groups/{alice.group_id}").json()["code"] == "GroupInUse"


def test_colleagues_see_and_change_only_what_their_group_lets_them(hire: Make, program: Make) -> None:
    bob = hire(BOB, "send", "seeGroup")
    made = program(bob)("POST", "users/me/workflows", {"name": "Contract"}).json()
    carol = hire(CAROL, "sign")
    carols = program(carol)
    assert carols("GET", f"workflows/{made['id']}").status_code == 404
    User.objects.filter(pk=carol.pk).update(group=bob.group_id)
    assert carols("GET", f"workflows/{made['id']}").json()["userId"] == bob.pk
    assert carols("GET", "workflows").json()["totalItems"] == 1
    assert carols("PATCH", f"workflows/{made['id']}", {"name": "Mine"}).json()["code"] == "WorkflowNotYours"
    assert carols("POST", f"users/{bob.pk}/workflows", {"name": "Contract"}).status_code == 403
    assert program(carol)("GET", f"users/{bob.pk}").json()["viewAuthorizedGroups"] == [bob.group_id]


def test_some_send_in_the_name_of_their_group(hire: Make, program: Make, alice: User) -> None:
    bob, carol = hire(BOB, "send", "sendForGroup"), hire(CAROL, "sign")
    carols = program(carol)
    assert carols("POST", "users/me/workflows", {"name": "Contract"}).status_code == 403  # she has no right to send
    User.objects.filter(pk=carol.pk).update(group=bob.group_id)
    made = carols("POST", f"users/{bob.pk}/workflows", {"name": "Contract"}).json()
    assert made["userId"] == bob.pk
    assert Entry.objects.get(event="workflow:created").actor_id == carol.pk
    assert carols("PATCH", f"workflows/{made['id']}", {"name": "Contract 2"}).json()["name"] == "Contract 2"
    assert carols("POST", f"users/{alice.pk}/workflows", {"name": "Contract"}).status_code == 403


def test_who_may_not_sign_is_not_asked_to(api: Program, hire: Make) -> None:
    bob = hire(BOB, "approve")
    for kind, status in (("signature", 400), ("approval", 200)):
        steps = [{"stepType": kind, "recipients": [{"userId": bob.pk}]}]
        answer = api("POST", "users/me/workflows", {"name": "Contract", "steps": steps})
        assert answer.status_code == status, answer.content


def test_who_was_let_in_by_any_of_their_groups_sees(hire: Make, program: Make, api: Program) -> None:
    carol = hire(CAROL, "sign")
    legal = api("POST", "groups", {"name": "Legal"}).json()["id"]
    made = api("POST", "users/me/workflows", {"name": "Contract", "viewAuthorizedGroups": [legal]}).json()
    assert program(carol)("GET", f"workflows/{made['id']}").status_code == 404
    api("PUT", f"groups/{legal}/users/{carol.pk}")
    assert program(carol)("GET", f"workflows/{made['id']}").status_code == 200
