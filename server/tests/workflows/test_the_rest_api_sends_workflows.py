"""What clients of the reference product do with workflows, in their words."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from paraph_server.notifications.models import Message
from paraph_server.workflows.models import Workflow
from paraph_testing import pdfs
from paraph_testing.cast import BOB, CAROL

GUEST = {
    "email": BOB.email,
    "firstName": BOB.first_name,
    "lastName": BOB.last_name,
    "phoneNumber": BOB.phone_number,
    "preferredLocale": "fr",
    "country": "FR",
}
OTHER = {"email": CAROL.email, "firstName": CAROL.first_name, "lastName": CAROL.last_name}
Draft = Callable[..., dict[str, Any]]


def profile(api: Any) -> str:
    return str(api("GET", "signatureProfiles").json()["items"][0]["id"])


def started(api: Any, made: dict[str, Any]) -> dict[str, Any]:
    uploaded = api.send(
        "POST",
        f"workflows/{made['id']}/parts?createDocuments=true&signatureProfileId={profile(api)}",
        pdfs.invoice(),
        content_type="application/pdf",
        HTTP_CONTENT_DISPOSITION='attachment; filename="contract.pdf"',
    )
    assert uploaded.status_code == 200, uploaded.content
    answer = api("PATCH", f"workflows/{made['id']}", {"workflowStatus": "started"})
    assert answer.status_code == 200, answer.content
    return dict(answer.json())


def test_the_version_is_a_string_that_anybody_may_ask_for(client: Any, db: None) -> None:
    answer = client.get("/api/version")
    assert answer.status_code == 200
    assert answer.json().startswith("paraph:")


def test_a_token_acts_for_its_user(api: Any) -> None:
    me = api("GET", "users/me").json()
    assert me["id"] == api.user_id
    assert me["name"] == "Alice Marchand"
    assert me["tenantId"].startswith("ten_")
    assert me["groupId"].startswith("grp_")


def test_a_new_workflow_is_a_draft_with_what_was_sent(draft: Draft) -> None:
    made = draft(GUEST, description="Please sign", data1="file 7", watchers=[], allowConsolidation=True)
    assert made["workflowStatus"] == "draft"
    assert made["progress"] == 0
    assert made["data1"] == "file 7"
    [step] = made["steps"]
    assert step["stepType"] == "signature"
    assert step["requiredRecipients"] == 1
    assert step["recipients"][0]["email"] == BOB.email
    assert isinstance(made["created"], int)
    assert made["created"] > 1_700_000_000_000
    assert "started" not in made


def test_starting_invites_the_first_step_only(api: Any, draft: Draft) -> None:
    workflow = started(api, draft(GUEST, OTHER))
    assert workflow["workflowStatus"] == "started"
    assert workflow["currentRecipientEmails"] == [BOB.email]
    assert list(Message.objects.filter(kind="invitation").values_list("to", flat=True)) == [BOB.email]
    assert workflow["steps"][0]["isStarted"]
    assert not workflow["steps"][1]["isStarted"]
    assert [entry["operation"] for entry in workflow["steps"][0]["logs"]] == ["start", "invite"]


def test_nothing_is_sent_when_the_caller_hands_the_link_over(api: Any, draft: Draft) -> None:
    steps = [{"recipients": [GUEST], "maxInvites": 0}]
    workflow = started(api, draft(steps=steps))
    assert not Message.objects.exists()
    link = api("POST", f"workflows/{workflow['id']}/invite", {"recipientEmail": BOB.email}).json()["inviteUrl"]
    assert link.startswith("http://testserver/invite?token=ey")


def test_an_invitation_is_sent_again_when_asked(api: Any, draft: Draft) -> None:
    workflow = started(api, draft(GUEST))
    assert api("POST", f"workflows/{workflow['id']}/sendInvite", {"recipientEmail": BOB.email}).status_code == 200
    assert Message.objects.filter(kind="invitation", to=BOB.email).count() == 2


def test_a_user_of_the_platform_needs_no_name(api: Any, draft: Draft) -> None:
    [step] = draft({"userId": api.user_id})["steps"]
    assert step["recipients"][0]["firstName"] == "Alice"


def test_a_workflow_is_stopped_and_archived(api: Any, draft: Draft) -> None:
    workflow = started(api, draft(GUEST))
    stopped = api("PATCH", f"workflows/{workflow['id']}", {"workflowStatus": "stopped"}).json()
    assert stopped["workflowStatus"] == "stopped"
    assert stopped["stopped"] >= stopped["started"]
    assert stopped["currentRecipientEmails"] == []
    assert api("PATCH", f"workflows/{workflow['id']}/archive").json()["workflowStatus"] == "archived"


def test_a_draft_changes_in_the_fields_that_are_sent_only(api: Any, draft: Draft) -> None:
    made = draft(GUEST, description="Please sign")
    changed = api("PATCH", f"workflows/{made['id']}", {"name": "Contract 43"}).json()
    assert changed["name"] == "Contract 43"
    assert changed["description"] == "Please sign"
    replaced = api("PATCH", f"workflows/{made['id']}", {"steps": [{"recipients": [OTHER]}]}).json()
    assert [each["email"] for step in replaced["steps"] for each in step["recipients"]] == [CAROL.email]


def test_lists_come_in_pages(api: Any, draft: Draft) -> None:
    for number in range(3):
        draft(GUEST, name=f"Contract {number}")
    first = api("GET", "workflows?itemsPerPage=2&sortBy=items.name&sortOrder=asc").json()
    assert [each["name"] for each in first["items"]] == ["Contract 0", "Contract 1"]
    assert {name: first[name] for name in ("itemsPerPage", "pageIndex", "totalItems")} == {
        "itemsPerPage": 2,
        "pageIndex": 0,
        "totalItems": 3,
    }
    second = api("GET", "workflows?itemsPerPage=2&pageIndex=1&sortBy=items.name&sortOrder=asc").json()
    assert [each["name"] for each in second["items"]] == ["Contract 2"]
    assert api("GET", "workflows?text=contract%201").json()["totalItems"] == 1


def test_the_answers_carry_an_id_for_the_log_and_stay_out_of_caches(api: Any) -> None:
    answer = api("GET", "workflows")
    assert answer.headers["X-Log-Id"].startswith("log_")
    assert answer.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize(
    ("happened", "status"),
    [
        ((), "draft"),
        (("started",), "started"),
        (("started", "stopped"), "stopped"),
        (("started", "finished"), "finished"),
        (("started", "finished", "archived"), "archived"),
        (("started", "stopped", "archived"), "archived"),
    ],
)
def test_a_list_is_filtered_by_status(
    api: Any, draft: Draft, noon: datetime, happened: tuple[str, ...], status: str
) -> None:
    made = draft(GUEST)
    Workflow.objects.filter(pk=made["id"]).update(**{f"{name}_at": noon for name in happened})
    statuses = ("draft", "started", "stopped", "finished", "archived")
    found = {name: api("GET", f"workflows?items.workflowStatus={name}").json()["totalItems"] for name in statuses}
    assert found == {name: int(name == status) for name in statuses}


def test_a_change_answers_what_is_read_afterwards(api: Any, draft: Draft) -> None:
    """The answers are made of what was written; nobody may be able to tell."""
    asked = {**GUEST, "requestedDocuments": [{"name": "Identity card", "acceptedTypes": ["application/pdf"]}]}
    watcher = {"email": CAROL.email, "notifiedEvents": ["workflowFinished"]}
    made = draft(asked, OTHER, amount=12.5, data2="x", watchers=[watcher], viewAuthorizedUsers=[api.user_id])
    address = f"workflows/{made['id']}"
    assert made == api("GET", address).json()
    assert draft(GUEST) == api("GET", "workflows").json()["items"][0]
    seal = {"stepType": "seal", "recipients": []}
    people = {"stepType": "approval", "recipients": [OTHER, asked], "requiredRecipients": 1}
    changed = api("PATCH", address, {"name": "Contract 43", "steps": [seal, people]})
    assert changed.json() == api("GET", address).json()
    assert started(api, made) == api("GET", address).json()
