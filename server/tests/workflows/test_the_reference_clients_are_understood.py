"""The wire facts on which programs for the reference product stand; `make clients` shows them with their own code."""

import io
import json
from collections.abc import Callable
from typing import Any

import pytest
from django.http.response import HttpResponseBase
from django.test import Client
from paraph_testing import pdfs
from paraph_testing.cast import BOB, CAROL
from paraph_testing.program import Program

BOB_AS_SENT = {
    "email": BOB.email,
    "firstName": BOB.first_name,
    "lastName": BOB.last_name,
    "phoneNumber": BOB.phone_number,
    "preferredLocale": "fr",
    "country": "FR",
    "comments": "By the stairs",
    "organizationId": "org_1",
}
AS_SENT = {
    "name": "Demande n° 42",
    "description": "Une demande",
    "workflowMode": "FULL",
    "steps": [
        {
            "stepType": "signature",
            "recipients": [BOB_AS_SENT],
            "requiredRecipients": 1,
            "validityPeriod": 8_553_600_000,
            "invitePeriod": 86_400_000,
            "maxInvites": 5,
            "sendDownloadLink": True,
            "allowComments": True,
            "hideAttachments": False,
            "hideWorkflowRecipients": False,
        }
    ],
    "notifiedEvents": ["workflowFinished", "recipientRefused"],
    "watchers": [{"email": CAROL.email, "notifiedEvents": ["workflowFinished"]}],
    "allowConsolidation": True,
    "coManagerNotifiedEvents": ["workflowStopped"],
    "data1": "42",
    "data16": "été",
}


@pytest.fixture
def made(api: Program) -> dict[str, Any]:
    """A draft, with everything that those clients know to send."""
    answer = api("POST", f"users/{api.user_id}/workflows", AS_SENT)
    assert answer.status_code == 200
    return dict(answer.json())


@pytest.fixture
def started(api: Program, made: dict[str, Any]) -> dict[str, Any]:
    profile = api("GET", "signatureProfiles").json()["items"][0]["id"]
    path = f"workflows/{made['id']}/parts?createDocuments=true&ignoreAttachments=false&signatureProfileId={profile}"
    answer: Any = api.send("POST", path, pdfs.invoice(), content_type="application/pdf")
    assert answer.status_code == 200
    return dict(api("PATCH", f"workflows/{made['id']}", {"workflowStatus": "started"}).json())


def test_the_version_is_a_string_that_needs_no_token() -> None:
    answer = Client().get("/api/version")
    assert (answer.status_code, answer.headers["Content-Type"].partition(";")[0]) == (200, "application/json")
    assert isinstance(answer.json(), str)


def test_a_new_workflow_is_a_draft_with_what_was_sent(api: Program, made: dict[str, Any]) -> None:
    assert made["id"].startswith("wfl_")
    assert (made["workflowStatus"], made["progress"]) == ("draft", 0)
    assert {made["userId"]} == {api.user_id}
    for name in ("name", "description", "workflowMode", "data1", "data16"):
        assert made[name] == AS_SENT[name]
    assert not {"started", "stopped", "finished", "archived"} & set(made)
    [step] = made["steps"]
    assert step["id"].startswith("stp_")
    assert (step["isStarted"], step["isFinished"], step["logs"]) == (False, False, [])
    assert (step["validityPeriod"], step["maxInvites"]) == (8_553_600_000, 5)
    [recipient] = step["recipients"]
    assert {name: recipient[name] for name in ("email", "firstName", "lastName", "phoneNumber")} == {
        name: BOB_AS_SENT[name] for name in ("email", "firstName", "lastName", "phoneNumber")
    }


def test_times_are_whole_milliseconds(started: dict[str, Any]) -> None:
    times = [started[name] for name in ("created", "updated", "started")]
    assert all(type(each) is int and 10**12 < each < 10**13 for each in times)


def test_a_started_workflow_says_who_is_asked(started: dict[str, Any]) -> None:
    assert (started["workflowStatus"], started["currentRecipientEmails"]) == ("started", [BOB.email])
    assert started["steps"][0]["isStarted"] is True
    [invited] = [each for each in started["steps"][0]["logs"] if each["operation"] == "invite"]
    assert (invited["recipientEmail"], type(invited["created"])) == (BOB.email, int)


def test_the_profile_and_the_places_of_a_document_are_chosen_together(api: Program, made: dict[str, Any]) -> None:
    profile = api("GET", "signatureProfiles").json()["items"][0]["id"]
    form = {"document": io.BytesIO(pdfs.contract())}
    form["document"].name = "Contrat €.pdf"
    answer = Client().post(
        f"/api/workflows/{made['id']}/parts?createDocuments=true&signatureProfileId={profile}",
        form,
        headers={"Authorization": f"Bearer {api.token}"},
    )
    [document] = answer.json()["documents"]
    assert document["id"].startswith("doc_")
    assert document["parts"][0]["filename"] == "Contrat €.pdf"
    place = {"imagePage": -1, "imageX": 390, "imageY": 710, "imageWidth": 150, "imageHeight": 80}
    changed = api(
        "PATCH", f"documents/{document['id']}", {"signatureProfileId": profile, "pdfSignatureFields": [place]}
    )
    assert (changed.status_code, changed.json()["pdfSignatureFields"]) == (200, [place])
    assert api("PATCH", f"workflows/{made['id']}", {"workflowStatus": "started"}).status_code == 200


@pytest.mark.parametrize(
    ("disposition", "name"),
    [
        ('attachment; filename="annexe.pdf"', "annexe.pdf"),
        ("attachment; filename=\"_.pdf\"; filename*=UTF-8''%E2%82%AC.pdf", "€.pdf"),
        ('attachment; filename="été.pdf"', "été.pdf"),
        ("attachment", "document.pdf"),
    ],
)
def test_a_file_has_the_name_of_its_header(api: Program, made: dict[str, Any], disposition: str, name: str) -> None:
    answer = api.upload(made["id"], pdfs.invoice(), HTTP_CONTENT_DISPOSITION=disposition)
    assert answer.json()["parts"][0]["filename"] == name


def test_an_invitation_is_an_address_and_is_sent_again_on_request(
    api: Program, started: dict[str, Any], run_jobs: Callable[[], int]
) -> None:
    path = f"workflows/{started['id']}"
    answer = api("POST", f"{path}/invite", {"recipientEmail": BOB.email, "recipientPhone": BOB.phone_number})
    assert answer.status_code == 200
    assert answer.json()["inviteUrl"].startswith("http://testserver/invite?token=")
    assert api("POST", f"{path}/sendInvite", {"recipientEmail": BOB.email}).status_code == 200


def test_a_list_is_a_page_with_its_count(api: Program, made: dict[str, Any]) -> None:
    query = "text=Demande&itemsPerPage=50&pageIndex=0&sortBy=items.created&sortOrder=desc&items.workflowStatus=draft"
    found = api("GET", f"workflows?{query}").json()
    assert {name: found[name] for name in ("itemsPerPage", "pageIndex", "totalItems")} == {
        "itemsPerPage": 50,
        "pageIndex": 0,
        "totalItems": 1,
    }
    assert found["items"] == [made]


@pytest.mark.parametrize("form", ["a state", "an address of its own"])
def test_what_was_stopped_is_archived_in_either_form(api: Program, started: dict[str, Any], form: str) -> None:
    path = f"workflows/{started['id']}"
    stopped = api("PATCH", path, {"workflowStatus": "stopped"}).json()
    assert (stopped["workflowStatus"], type(stopped["stopped"])) == ("stopped", int)
    answer: Any = (
        api("PATCH", path, {"workflowStatus": "archived"})
        if form == "a state"
        else api.send("PATCH", f"{path}/archive")
    )
    assert (answer.status_code, answer.json()["workflowStatus"]) == (200, "archived")


def test_the_evidence_is_a_file_whatever_is_accepted(
    api: Program,
    send: Callable[..., Any],
    recipient: Callable[..., Any],
    sign: Callable[..., None],
    run_jobs: Callable[[], int],
) -> None:
    workflow = send(BOB)
    sign(recipient(workflow, BOB))
    run_jobs()
    answer: Any = api("GET", f"workflows/{workflow.pk}/downloadEvidenceCertificate", HTTP_ACCEPT="application/json")
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "application/pdf")
    assert answer.headers["Content-Disposition"].startswith("attachment; filename")


@pytest.mark.parametrize(
    ("method", "path", "body", "status"),
    [
        ("GET", "workflows/wfl_unknown", None, 404),
        ("GET", "nowhere", None, 404),
        ("POST", "users/{user}/workflows", {"name": ""}, 400),
        ("POST", "users/{user}/workflows", {"name": "x", "steps": [{"recipients": [{"email": "a@b.c"}]}]}, 400),
        ("PATCH", "workflows/{made}", {"workflowStatus": "stopped"}, 409),
    ],
)
def test_an_error_is_read_by_its_message_its_error_and_its_code(
    api: Program, made: dict[str, Any], method: str, path: str, body: Any, status: int
) -> None:
    answer = api(method, path.format(user=api.user_id, made=made["id"]), body)
    _check_error(answer, status)


def test_a_wrong_token_is_an_error_like_others(db: None) -> None:
    _check_error(Client().get("/api/users/me", headers={"Authorization": "Bearer act_unknown.secret"}), 401)


def _check_error(answer: HttpResponseBase, status: int) -> None:
    assert answer.status_code == status
    said = json.loads(answer.content)  # type: ignore[attr-defined]  # no stream
    assert said["status"] == status
    assert all(said[name] and isinstance(said[name], str) for name in ("error", "message", "code"))
    assert said["code"][0].isupper()
    assert answer.headers["X-Log-Id"].startswith("log_")
