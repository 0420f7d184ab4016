"""Templates are made, changed, shared and removed over the REST API."""

from collections.abc import Callable
from typing import Any

import pytest
from paraph_server.accounts import actions as accounts
from paraph_server.accounts.models import User
from paraph_testing.cast import BOB, CAROL
from paraph_testing.program import Program

Make = Callable[..., dict[str, Any]]
GUEST = {"firstName": "Carol", "lastName": "Martin", "email": "carol@example.org"}


@pytest.fixture
def colleague(alice: User, noon: Any) -> User:
    """Of Alice's group."""
    names = {"first_name": "Carol", "last_name": "Martin"}
    return accounts.create_user(alice.tenant, email=CAROL.email, password="correct horse battery", at=noon, **names)


@pytest.fixture
def colleagues_api(colleague: User, noon: Any) -> Program:
    return Program(colleague.pk, accounts.create_access_token(colleague, name="test", at=noon))


def test_it_says_what_it_asks_for(api: Program, template: Make) -> None:
    shown = template()
    assert shown["roles"] == ["Employee", "Manager"]
    required = [each["key"] for each in shown["columns"] if each["isRequired"]]
    assert required[:3] == ["Employee.lastName", "Employee.firstName", "Employee.email"]
    assert required[-1] == "reference"
    listed = api("GET", "templates?text=employment").json()
    assert (listed["totalItems"], listed["items"][0]["id"]) == (1, shown["id"])


def test_who_is_identified_by_sms_needs_a_number(api: Program, template: Make) -> None:
    pages = api("GET", "consentPages").json()["items"]
    by_sms = next(each["id"] for each in pages if each["authenticationMode"] == "sms")
    shown = template(steps=[{"recipients": [{"role": "Employee", "consentPageId": by_sms}]}])
    assert "Employee.phoneNumber" in [each["key"] for each in shown["columns"] if each["isRequired"]]


def test_a_role_and_a_person_can_stand_side_by_side(template: Make) -> None:
    shown = template(steps=[{"recipients": [{"role": "Employee"}, GUEST]}])
    assert [each.get("email") for each in shown["steps"][0]["recipients"]] == ["", "carol@example.org"]


def test_a_workflow_becomes_a_template(api: Program, send: Callable[..., Any]) -> None:
    workflow = send(BOB, CAROL)
    made = api("POST", "templates", {"name": "Again", "workflowId": workflow.pk, "roles": {BOB.email: "Client"}}).json()
    first, second = (step["recipients"][0] for step in made["steps"])
    assert (made["roles"], first.get("lastName", ""), second["lastName"]) == (["Client"], "", CAROL.last_name)
    assert [each["parts"][0]["filename"] for each in made["documents"]] == ["file 1.pdf"]
    assert made["documents"][0]["signatureProfileId"]


def test_two_roles_of_the_same_name_in_other_letters_are_one_too_many(api: Program) -> None:
    steps = [{"recipients": [{"role": "Employé"}, {"role": "employe"}]}]
    refused = api("POST", "templates", {"name": "Contract", "steps": steps})
    assert (refused.status_code, refused.json()["code"]) == (400, "BadTemplate")


@pytest.mark.parametrize(
    "wrong",
    [
        {"data": {"data17": "x"}},
        {"steps": [{"recipients": [{"role": "a.b"}]}]},
        {"steps": [{"recipients": [{"role": "A", "consentPageId": "cop_1"}]}]},
        {"steps": [{"recipients": []}]},
        {"viewAuthorizedGroups": ["grp_1"]},
        {"steps": [{"recipients": [{"userId": "usr_1"}]}]},
    ],
)
def test_what_cannot_be_is_refused(api: Program, wrong: dict[str, Any]) -> None:
    refused = api("POST", "templates", {"name": "Contract", **wrong})
    assert refused.status_code == 400, refused.content


def test_a_form_has_the_fields_that_it_has(api: Program, template: Make) -> None:
    shown = template()
    path = f"templates/{shown['id']}/parts/{shown['documents'][0]['id']}"
    refused = api("PATCH", path, {"formValues": {"town": "x"}})
    assert (refused.status_code, refused.json()["message"]) == (400, "The form has no text field town.")


def test_fields_and_profile_are_changed(api: Program, template: Make, profile: str) -> None:
    shown = template()
    path = f"templates/{shown['id']}/parts/{shown['documents'][0]['id']}"
    place = {"imagePage": -1, "imageX": 50.0, "imageY": 60.0, "imageWidth": 150.0, "imageHeight": 80.0}
    assert api("PATCH", path, {"pdfSignatureFields": [place]}).json()["pdfSignatureFields"] == [place]
    assert api("PATCH", path, {"signatureProfileId": ""}).json()["signatureProfileId"] is None


def test_a_colleague_uses_what_is_shared_and_changes_nothing(
    api: Program, colleagues_api: Program, alice: User, template: Make
) -> None:
    path = f"templates/{template()['id']}"
    assert colleagues_api("GET", path).status_code == 404
    api("PATCH", path, {"viewAuthorizedGroups": [alice.group_id]})
    assert colleagues_api("GET", path).status_code == 200
    assert colleagues_api("PATCH", path, {"name": "Mine"}).status_code == 404


def test_a_removed_template_is_gone(api: Program, template: Make) -> None:
    path = f"templates/{template()['id']}"
    assert api("DELETE", path).status_code == 204
    assert api("GET", path).status_code == 404
    assert api("GET", "templates").json()["totalItems"] == 0
