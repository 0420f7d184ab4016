"""What is not allowed, or makes no sense, is answered with a reason and changes nothing."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from paraph_testing import pdfs
from paraph_testing.cast import BOB

GUEST = {"email": BOB.email, "firstName": BOB.first_name, "lastName": BOB.last_name}
Draft = Callable[..., dict[str, Any]]


def test_without_a_token(db: None) -> None:
    answer = Client().get("/api/workflows")
    assert answer.status_code == 401
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert answer.json()["code"] == "NotSignedIn"


def test_with_an_altered_token(api: Any) -> None:
    answer = Client().get("/api/workflows", headers={"Authorization": f"Bearer {api.token}x"})
    assert answer.status_code == 401


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "workflows/{workflow}"),
        ("PATCH", "workflows/{workflow}"),
        ("PATCH", "workflows/{workflow}/archive"),
        ("POST", "workflows/{workflow}/invite"),
        ("POST", "workflows/{workflow}/sendInvite"),
        ("POST", "workflows/{workflow}/parts"),
        ("GET", "workflows/{workflow}/downloadDocuments"),
        ("GET", "workflows/{workflow}/downloadEvidenceCertificate"),
        ("GET", "documents/{document}"),
        ("PATCH", "documents/{document}"),
        ("GET", "documents/{document}/parts/{hash}"),
    ],
)
def test_somebody_elses_things_do_not_exist(api: Any, mallorys_api: Any, draft: Draft, method: str, path: str) -> None:
    made = draft(GUEST)
    [document] = api.upload(made["id"], pdfs.invoice()).json()["documents"]
    address = path.format(workflow=made["id"], document=document["id"], hash=document["parts"][0]["hash"])
    body = {"recipientEmail": BOB.email} if "nvite" in path else {}
    answer = mallorys_api(method, address, body)
    assert answer.status_code == 404
    assert answer.json()["code"] in {"WorkflowNotFound", "DocumentNotFound"}


def test_workflows_in_somebody_elses_name(api: Any, mallorys_api: Any) -> None:
    answer = mallorys_api("POST", f"users/{api.user_id}/workflows", {"name": "Contract"})
    assert answer.status_code == 403


def test_a_list_shows_ones_own_only(draft: Draft, mallorys_api: Any) -> None:
    draft(GUEST)
    assert mallorys_api("GET", "workflows").json()["totalItems"] == 0


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        ({"firstName": ""}, "first name"),
        ({"lastName": " "}, "last name"),
        ({"email": "bob"}, "e-mail address"),
        ({"phoneNumber": "12"}, "telephone number"),
        ({"consentPageId": "cop_unknown"}, "consent page"),
        ({"country": "France"}, "country"),
        ({"userId": "usr_unknown"}, "user"),
    ],
)
def test_a_recipient_with_a_fault(api: Any, fault: dict[str, str], words: str) -> None:
    steps = [{"recipients": [GUEST | fault]}]
    answer = api("POST", f"users/{api.user_id}/workflows", {"name": "Contract", "steps": steps})
    assert answer.status_code == 400
    assert words in answer.json()["message"]
    assert api("GET", "workflows").json()["totalItems"] == 0


def test_a_telephone_number_is_needed_for_codes_by_sms(api: Any) -> None:
    pages = api("GET", "consentPages").json()["items"]
    [by_sms] = [page["id"] for page in pages if page["authenticationMode"] == "sms"]
    steps = [{"recipients": [GUEST | {"consentPageId": by_sms}]}]
    answer = api("POST", f"users/{api.user_id}/workflows", {"name": "Contract", "steps": steps})
    assert answer.status_code == 400
    assert "telephone number" in answer.json()["message"]


def test_starting_without_a_document_to_sign(api: Any, draft: Draft) -> None:
    made = draft(GUEST)
    api.upload(made["id"], pdfs.invoice())  # an attachment: no signature profile was named
    answer = api("PATCH", f"workflows/{made['id']}", {"workflowStatus": "started"})
    assert (answer.status_code, answer.json()["code"]) == (400, "IncompleteWorkflow")


def test_starting_with_more_required_than_invited(api: Any, draft: Draft) -> None:
    made = draft(steps=[{"recipients": [GUEST], "requiredRecipients": 2}])
    profile = api("GET", "signatureProfiles").json()["items"][0]["id"]
    [document] = api.upload(made["id"], pdfs.invoice()).json()["documents"]
    api("PATCH", f"documents/{document['id']}", {"signatureProfileId": profile})
    answer = api("PATCH", f"workflows/{made['id']}", {"workflowStatus": "started"})
    assert answer.json()["code"] == "IncompleteWorkflow"


def test_stopping_a_draft(api: Any, draft: Draft) -> None:
    answer = api("PATCH", f"workflows/{draft(GUEST)['id']}", {"workflowStatus": "stopped"})
    assert (answer.status_code, answer.json()["code"]) == (409, "WorkflowNotStarted")


@pytest.mark.parametrize("body", [b"{", b"[]", b"\xff\xfe", b'{"name": 5}', b'{"name": ""}', b'{"name": "a\\u0000b"}'])
def test_a_body_that_makes_no_sense(api: Any, body: bytes) -> None:
    answer = api.send("POST", f"users/{api.user_id}/workflows", body, content_type="application/json")
    assert answer.status_code == 400
    assert answer.json()["message"]


def test_characters_that_no_database_holds(api: Any) -> None:
    assert api("GET", "workflows/wfl_%00").status_code == 400
    assert api("GET", "workflows?text=%00").status_code == 400


@pytest.mark.parametrize("query", ["itemsPerPage=0", "itemsPerPage=1000000", "pageIndex=-1", "pageIndex=x"])
def test_a_page_that_cannot_be(api: Any, query: str) -> None:
    assert api("GET", f"workflows?{query}").status_code == 400
