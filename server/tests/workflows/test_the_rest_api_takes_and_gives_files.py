"""Uploads in both forms, downloads as they are or as a ZIP."""

import base64
import hashlib
import io
import zipfile
from collections.abc import Callable
from typing import Any
from urllib.parse import quote

import pytest
from django.test import Client
from django.test.client import MULTIPART_CONTENT
from paraph import evidence
from paraph_server.workflows.models import Recipient, Workflow
from paraph_testing import pdfs
from paraph_testing.cast import BOB, Person

GUEST = {"email": BOB.email, "firstName": BOB.first_name, "lastName": BOB.last_name}
Draft = Callable[..., dict[str, Any]]


def content(answer: Any) -> bytes:
    return b"".join(answer.streaming_content)


def test_raw_bytes_with_a_name_in_the_header(api: Any, draft: Draft) -> None:
    made, pdf = draft(GUEST), pdfs.invoice()
    answer = api.upload(made["id"], pdf).json()
    [document], [part] = answer["documents"], answer["parts"]
    assert part == {
        "filename": "contract.pdf",
        "contentType": "application/pdf",
        "size": len(pdf),
        "hash": base64.b64encode(hashlib.sha256(pdf).digest()).decode(),
    }
    assert document["workflowId"] == made["id"]
    assert document["parts"] == [part]
    assert answer["ignoredAttachments"] == 0


def test_a_name_beyond_ascii(api: Any, draft: Draft) -> None:
    header = {"HTTP_CONTENT_DISPOSITION": "attachment; filename*=UTF-8''" + quote("Contrat été €.pdf")}
    [part] = api.upload(draft(GUEST)["id"], pdfs.invoice(), **header).json()["parts"]
    assert part["filename"] == "Contrat été €.pdf"


def test_several_files_in_a_form_under_any_name(api: Any, draft: Draft) -> None:
    files = {"one": io.BytesIO(pdfs.invoice(1)), "other": io.BytesIO(pdfs.invoice(2))}
    files["one"].name, files["other"].name = "one.pdf", "two.pdf"
    path = f"/api/workflows/{draft(GUEST)['id']}/parts"
    answer = Client().post(path, files, headers={"Authorization": f"Bearer {api.token}"})
    assert answer.status_code == 200, answer.content
    assert [part["filename"] for part in answer.json()["parts"]] == ["one.pdf", "two.pdf"]


def test_a_form_without_a_file(api: Any, draft: Draft) -> None:
    answer = api.send(
        "POST", f"workflows/{draft(GUEST)['id']}/parts", b"--BoUnDaRyStRiNg--\r\n", content_type=MULTIPART_CONTENT
    )
    assert answer.status_code == 400
    assert answer.json()["code"] == "BadInput"


@pytest.mark.parametrize(
    ("hostile", "status", "code"),
    [
        (b"", 422, "EmptyDocument"),
        (b"MZ\x90\x00 not a PDF", 422, "NotAPdf"),
        (pdfs.invoice()[:-400], 422, "BrokenDocument"),
    ],
    ids=["empty", "not a PDF", "cut off"],
)
def test_what_cannot_be_signed_is_refused_with_its_reason(
    api: Any, draft: Draft, hostile: bytes, status: int, code: str
) -> None:
    made, profile = draft(GUEST), api("GET", "signatureProfiles").json()["items"][0]["id"]
    answer = api.upload(made["id"], hostile, QUERY_STRING=f"signatureProfileId={profile}")
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert answer.json()["message"]
    assert api("PATCH", f"workflows/{made['id']}", {"workflowStatus": "started"}).json()["code"] == "IncompleteWorkflow"


def test_signature_fields_are_placed_on_a_draft(api: Any, draft: Draft) -> None:
    [document] = api.upload(draft(GUEST)["id"], pdfs.invoice()).json()["documents"]
    field = {"imagePage": -1, "imageX": 390.0, "imageY": 710.0, "imageWidth": 150.0, "imageHeight": 80.0}
    profile = api("GET", "signatureProfiles").json()["items"][0]["id"]
    wanted = {"pdfSignatureFields": [field], "signatureProfileId": profile}
    changed = api("PATCH", f"documents/{document['id']}", wanted).json()
    assert changed["pdfSignatureFields"] == [field]
    assert changed["signatureProfileId"] == profile
    assert api("GET", f"documents/{document['id']}").json() == changed


@pytest.mark.parametrize("spelling", ["/", "_"], ids=["standard alphabet", "alphabet for addresses"])
def test_a_part_is_fetched_by_its_digest(api: Any, draft: Draft, spelling: str) -> None:
    pdf = pdfs.invoice()
    [document] = api.upload(draft(GUEST)["id"], pdf).json()["documents"]
    digest = document["parts"][0]["hash"]
    if spelling == "_":
        digest = digest.replace("+", "-").replace("/", "_")
    answer = api("GET", f"documents/{document['id']}/parts/{quote(digest, safe='')}")
    assert content(answer) == pdf
    assert answer.headers["Content-Disposition"] == "attachment; filename*=UTF-8''contract.pdf"
    assert api("GET", f"documents/{document['id']}/parts/AAAA").status_code == 404


def test_one_document_comes_as_it_is_and_several_as_a_zip(api: Any, draft: Draft) -> None:
    one = draft(GUEST)
    api.upload(one["id"], pdfs.invoice())
    single = api("GET", f"workflows/{one['id']}/downloadDocuments")
    assert single.headers["Content-Type"] == "application/pdf"
    assert content(single) == pdfs.invoice()
    api.upload(one["id"], pdfs.contract(), name="contract.pdf")
    several = api("GET", f"workflows/{one['id']}/downloadDocuments")
    assert several.headers["Content-Type"] == "application/zip"
    with zipfile.ZipFile(io.BytesIO(content(several))) as archive:
        assert sorted(archive.read(name) for name in archive.namelist()) == sorted([pdfs.invoice(), pdfs.contract()])
        assert len(set(archive.namelist())) == 2


def test_the_evidence_comes_when_everybody_has_signed(
    api: Any,
    send: Callable[..., Workflow],
    sign: Callable[..., None],
    recipient: Callable[[Workflow, Person], Recipient],
    run_jobs: Callable[[], int],
) -> None:
    workflow = send(BOB)
    path = f"workflows/{workflow.pk}/downloadEvidenceCertificate"
    assert api("GET", path).json()["code"] == "WorkflowNotFinished"
    sign(recipient(workflow, BOB))
    run_jobs()
    answer = api("GET", path)
    assert answer.headers["Content-Type"] == "application/pdf"
    assert evidence.read(content(answer)).reference == workflow.pk
    finished = api("GET", f"workflows/{workflow.pk}").json()
    assert finished["workflowStatus"] == "finished"
    assert finished["progress"] == 100
    happened = finished["steps"][0]["logs"]
    assert [each["operation"] for each in happened] == ["start", "invite", "open", "consent", "identify", "sign"]
    assert happened[-1]["evidenceId"] == Workflow.objects.get(pk=workflow.pk).evidence_id
    assert happened[-1]["recipientEmail"] == BOB.email
