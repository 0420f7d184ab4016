"""A template, people for its roles and words for its gaps make a workflow."""

from collections.abc import Callable
from typing import Any

import pytest
from paraph.formats.pdf import forms
from paraph_server.documents import queries as stored
from paraph_server.journal import queries as journal
from paraph_server.workflows.models import Document
from paraph_testing.program import Program

Make = Callable[..., dict[str, Any]]
ROLES = {
    "employee": {"firstName": "Bob", "lastName": "Durand", "email": "bob@example.org"},
    "Manager": {"firstName": "Carol", "lastName": "Łukasiewicz", "email": "carol@example.org"},
}


@pytest.fixture
def use(api: Program) -> Callable[..., Any]:
    def use(template: dict[str, Any], **more: Any) -> Any:
        wanted = {"templateId": template["id"], "roles": ROLES, "values": {"Reference": "No 42"}, **more}
        return api("POST", f"users/{api.user_id}/workflows", wanted)

    return use


def test_roles_become_people_and_gaps_words(template: Make, use: Callable[..., Any]) -> None:
    made = use(template()).json()
    assert (made["name"], made["data1"], made["workflowStatus"]) == ("Contract of Durand, No 42", "No 42", "draft")
    people = [[each["email"] for each in step["recipients"]] for step in made["steps"]]
    assert people == [["bob@example.org"], ["carol@example.org"]]
    assert [(step["stepType"], step["maxInvites"]) for step in made["steps"]] == [("signature", 1), ("approval", 0)]


def test_it_can_be_started_at_once(api: Program, template: Make, use: Callable[..., Any]) -> None:
    made = use(template()).json()
    started = api("PATCH", f"workflows/{made['id']}", {"workflowStatus": "started"})
    assert started.json()["workflowStatus"] == "started"


def test_the_form_is_filled_before_anybody_signs(api: Program, template: Make, use: Callable[..., Any]) -> None:
    prepared = template()
    (document,) = prepared["documents"]
    assert document["formFields"] == [{"name": "city", "maxLength": None}]
    path = f"templates/{prepared['id']}/parts/{document['id']}"
    assert api("PATCH", path, {"formValues": {"city": "{manager.name}, Łódź"}}).status_code == 200
    made = use(prepared).json()
    filled = stored.content(Document.objects.get(workflow=made["id"]).current)
    assert [each.value for each in forms.text_fields(filled)] == ["Carol Łukasiewicz, Łódź"]


def test_a_file_that_is_not_filled_is_the_same_file(template: Make, use: Callable[..., Any]) -> None:
    prepared = template()
    parts = {Document.objects.get(workflow=use(prepared).json()["id"]).original_id for _ in range(2)}
    assert len(parts) == 1


def test_what_limits_deputies_and_who_watches_comes_along(template: Make, use: Callable[..., Any]) -> None:
    watchers = [{"email": "dora@example.org", "notifiedEvents": ["workflowFinished"]}]
    made = use(template(), filingClass="HR/Contracts", amount=1200, currency="EUR", watchers=watchers).json()
    assert (made["filingClass"], made["amount"], made["currency"]) == ("HR/Contracts", 1200, "EUR")
    assert [each["email"] for each in made["watchers"]] == ["dora@example.org"]


def test_what_the_caller_says_wins(template: Make, use: Callable[..., Any]) -> None:
    steps = [{"recipients": [{"firstName": "Bob", "lastName": "Durand", "email": "bob@example.org"}]}]
    made = use(template(), name="Mine", data1="other", data2="more", steps=steps).json()
    assert (made["name"], made["data1"], made["data2"], len(made["steps"])) == ("Mine", "other", "more", 1)


def test_a_role_without_anybody_is_named(template: Make, use: Callable[..., Any]) -> None:
    refused = use(template(), roles={"Employee": ROLES["employee"]})
    assert (refused.status_code, refused.json()["message"]) == (400, "Nobody was named for Manager.")


def test_a_gap_without_a_value_is_named(template: Make, use: Callable[..., Any]) -> None:
    refused = use(template(), values={})
    assert (refused.status_code, refused.json()["message"]) == (400, "Nothing was given for reference.")


def test_a_user_of_the_platform_is_asked_for_nothing(
    api: Program, template: Make, use: Callable[..., Any], alice: Any
) -> None:
    made = use(template(), roles=ROLES | {"Employee": {"userId": api.user_id}}).json()
    assert made["steps"][0]["recipients"][0]["email"] == alice.email
    assert made["name"] == f"Contract of {alice.last_name}, No 42"


def test_a_later_change_leaves_the_workflow_alone(api: Program, template: Make, use: Callable[..., Any]) -> None:
    prepared = template()
    made = use(prepared).json()
    changed = api("PATCH", f"templates/{prepared['id']}", {"workflowName": "Other", "steps": []}).json()
    assert changed["version"] == prepared["version"] + 1
    assert api("GET", f"workflows/{made['id']}").json()["name"] == "Contract of Durand, No 42"


def test_the_journal_says_where_it_came_from(template: Make, use: Callable[..., Any], alice: Any) -> None:
    prepared = template()
    made = use(prepared).json()
    (entry,) = journal.about(alice.tenant_id, [made["id"]]).filter(event="template:used")
    facts = entry.payload.details
    assert (facts["template"], facts["version"]) == (prepared["id"], prepared["version"])
