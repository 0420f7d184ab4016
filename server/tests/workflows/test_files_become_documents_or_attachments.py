"""What is uploaded becomes a document to sign, an attachment, or a part for later; what it cannot become is said."""

import io
import zipfile
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

import pytest
from paraph_server.documents.models import Part
from paraph_server.workflows.models import Document
from paraph_testing import pdfs
from paraph_testing.cast import BOB

GUEST = {"email": BOB.email, "firstName": BOB.first_name, "lastName": BOB.last_name}
CSV = b"poste;heures\nsoudeur;35\n"


@pytest.fixture
def draft_id(draft: Callable[..., dict[str, Any]]) -> str:
    return str(draft(GUEST)["id"])


@pytest.fixture
def profile(api: Any) -> str:
    return str(api("GET", "signatureProfiles").json()["items"][0]["id"])


@pytest.fixture
def upload(api: Any, draft_id: str) -> Callable[..., Any]:
    def upload(content: bytes, name: str = "file.pdf", **query: Any) -> Any:
        return api.upload(draft_id, content, name, QUERY_STRING=urlencode(query))

    return upload


def zipped(**files: bytes) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return target.getvalue()


def test_without_a_profile_any_file_is_an_attachment(api: Any, upload: Any) -> None:
    [document] = upload(CSV, "heures.csv").json()["documents"]
    assert document["signatureProfileId"] is None
    assert document["parts"][0]["contentType"] == "text/plain"


def test_a_name_does_not_make_a_pdf(upload: Any, profile: str) -> None:
    answer = upload(CSV, "heures.pdf", signatureProfileId=profile)
    assert (answer.status_code, answer.json()["code"]) == (422, "NotAPdf")
    assert "a text file" in answer.json()["message"]
    assert not Document.objects.exists()
    assert not Part.objects.exists()


def test_what_could_only_be_attached_is_left_out_and_counted_when_asked(upload: Any, profile: str) -> None:
    answer = upload(CSV, "heures.csv", signatureProfileId=profile, ignoreAttachments="true").json()
    assert (answer["documents"], answer["parts"], answer["ignoredAttachments"]) == ([], [], 1)
    answer = upload(pdfs.invoice(), "a.pdf", ignoreAttachments="true").json()
    assert (answer["documents"], answer["ignoredAttachments"]) == ([], 1)


def test_every_file_of_a_zip_becomes_a_document(upload: Any, profile: str) -> None:
    archive = zipped(
        **{
            "contrats/un.pdf": pdfs.invoice(1),
            "contrats/deux.pdf": pdfs.invoice(2),
            "__MACOSX/._un.pdf": b"x",
            ".DS_Store": b"x",
            "heures.csv": CSV,
        }
    )
    answer = upload(archive, "tout.zip", unzip="true", signatureProfileId=profile, ignoreAttachments="true").json()
    assert [each["parts"][0]["filename"] for each in answer["documents"]] == ["un.pdf", "deux.pdf"]
    assert answer["ignoredAttachments"] == 1


def test_of_a_zip_with_one_bad_file_nothing_is_taken(upload: Any, profile: str) -> None:
    archive = zipped(**{"un.pdf": pdfs.invoice(1), "deux.pdf": pdfs.invoice(2)[:-400]})
    answer = upload(archive, "tout.zip", unzip="true", signatureProfileId=profile)
    assert (answer.status_code, answer.json()["code"]) == (422, "BrokenDocument")
    assert not Document.objects.exists()
    assert not Part.objects.exists()


@pytest.mark.parametrize(
    ("archive", "status"),
    [
        (zipped(**{"bombe.txt": bytes(2 << 20)}), 413),
        (zipped(**{"../../etc/passwd": b"x"}), 422),
        (zipped(**{"a.pdf": pdfs.invoice()})[:-10], 422),
        (b"before" + zipped(**{"a.pdf": pdfs.invoice()}), 422),
    ],
    ids=["bomb", "name that leads elsewhere", "cut off", "something before it"],
)
def test_hostile_zip_files_are_refused(upload: Any, profile: str, archive: bytes, status: int) -> None:
    assert upload(archive, "a.zip", unzip="true", signatureProfileId=profile).status_code == status
    assert not Document.objects.exists()


def test_a_zip_that_is_not_unzipped_is_an_attachment(upload: Any) -> None:
    [document] = upload(zipped(**{"a.txt": b"a"}), "a.zip").json()["documents"]
    assert document["parts"][0]["contentType"] == "application/zip"


def test_parts_wait_until_documents_are_made_of_them(api: Any, draft_id: str, upload: Any, profile: str) -> None:
    answer = upload(pdfs.invoice(), "un.pdf", createDocuments="false").json()
    assert answer["documents"] == []
    field = {"imagePage": 1, "imageX": 100.0, "imageY": 100.0, "imageWidth": 150.0, "imageHeight": 80.0}
    wanted = {"parts": answer["parts"], "signatureProfileId": profile, "pdfSignatureFields": [field]}
    made = api("POST", f"workflows/{draft_id}/documents", wanted)
    assert made.status_code == 200
    assert made.json()["parts"] == answer["parts"]
    assert made.json()["pdfSignatureFields"] == [field]
    assert made.json()["signatureProfileId"] == profile
    assert [each["id"] for each in made.json()["documents"]] == [made.json()["id"]]
    again = api("POST", f"workflows/{draft_id}/documents", wanted)
    assert (again.status_code, again.json()["code"]) == (422, "NoSuchPart")


def test_a_part_of_another_workflow_is_none_of_this_one(
    api: Any, draft: Any, draft_id: str, upload: Any, mallorys_api: Any
) -> None:
    [part] = upload(pdfs.invoice(), createDocuments="false").json()["parts"]
    other = draft(GUEST)["id"]
    assert api("POST", f"workflows/{other}/documents", {"parts": [part]}).status_code == 422
    assert mallorys_api("POST", f"workflows/{draft_id}/documents", {"parts": [part]}).status_code == 404


def test_an_attachment_that_is_no_pdf_cannot_be_made_a_document_to_sign(api: Any, upload: Any, profile: str) -> None:
    [document] = upload(CSV, "heures.csv").json()["documents"]
    answer = api("PATCH", f"documents/{document['id']}", {"signatureProfileId": profile})
    assert (answer.status_code, answer.json()["code"]) == (422, "NotSignable")


def test_a_document_of_a_draft_is_taken_out_again(api: Any, draft_id: str, upload: Any, profile: str) -> None:
    first, second = (
        upload(pdfs.invoice(number), signatureProfileId=profile).json()["documents"][0]["id"] for number in (1, 2)
    )
    assert api("DELETE", f"documents/{first}").status_code == 204
    assert api("GET", f"documents/{first}").status_code == 404
    assert Part.objects.count() == 1
    third = upload(pdfs.invoice(3), signatureProfileId=profile).json()["documents"][0]["id"]
    assert [each.pk for each in Document.objects.order_by("position")] == [second, third]


def test_nothing_is_added_or_taken_out_once_it_is_on_its_way(
    api: Any, draft_id: str, upload: Any, profile: str
) -> None:
    [part] = upload(pdfs.invoice(2), createDocuments="false").json()["parts"]
    [document] = upload(pdfs.invoice(1), signatureProfileId=profile).json()["documents"]
    assert api("PATCH", f"workflows/{draft_id}", {"workflowStatus": "started"}).status_code == 200
    for answer in (
        api("DELETE", f"documents/{document['id']}"),
        api("POST", f"workflows/{draft_id}/documents", {"parts": [part]}),
        upload(pdfs.invoice(3)),
    ):
        assert (answer.status_code, answer.json()["code"]) == (409, "WorkflowNotDraft")
