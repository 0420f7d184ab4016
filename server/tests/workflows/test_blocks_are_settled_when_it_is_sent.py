"""Where blocks go is settled at the start: by the sender, a tag or a field of the file; faults are said."""

from collections.abc import Callable
from io import BytesIO
from typing import Any
from urllib.parse import urlencode

import pikepdf
import pytest
from paraph import pades
from paraph_server.documents import queries as stored
from paraph_server.workflows.models import Document, Recipient, Workflow
from paraph_testing import pdfs
from paraph_testing.cast import BOB, CAROL, Person

BOTH = [{"email": each.email, "firstName": each.first_name, "lastName": each.last_name} for each in (BOB, CAROL)]
FIELD = {"imagePage": 1, "imageX": 50.0, "imageY": 60.0, "imageWidth": 150.0, "imageHeight": 70.0}


@pytest.fixture
def start(api: Any, draft: Callable[..., dict[str, Any]]) -> Callable[..., Any]:
    """Send a document to Bob and Carol; the answer, and the fields afterwards."""

    def start(content: bytes, *fields: dict[str, Any]) -> tuple[Any, list[dict[str, Any]]]:
        made, profile = draft(*BOTH)["id"], api("GET", "signatureProfiles").json()["items"][0]["id"]
        query = urlencode({"signatureProfileId": profile})
        [document] = api.upload(made, content, QUERY_STRING=query).json()["documents"]
        if fields:
            api("PATCH", f"documents/{document['id']}", {"pdfSignatureFields": fields})
        answer = api("PATCH", f"workflows/{made}", {"workflowStatus": "started"})
        return answer, api("GET", f"documents/{document['id']}").json()["pdfSignatureFields"]

    return start


def test_tags_become_fields(start: Any) -> None:
    answer, fields = start(pdfs.tagged((72, 600, "{{sig:2}}"), (300, 600, "{{sig:1:120x50}}")))
    assert answer.status_code == 200
    assert [each["signer"] for each in fields] == [1, 2]
    assert (fields[0]["imageWidth"], fields[0]["imageHeight"]) == (120, 50)
    assert fields[0]["imageX"] == pytest.approx(300, abs=2)
    assert (fields[1]["imageWidth"], fields[1]["imageHeight"]) == (165, 68)


def test_a_block_at_the_edge_is_moved_onto_the_page(start: Any) -> None:
    answer, [field] = start(pdfs.tagged((540, 830, "{{sig:1}}")))
    assert answer.status_code == 200
    assert field["imageX"] + field["imageWidth"] <= 596
    assert field["imageY"] + field["imageHeight"] <= 842


def test_what_the_sender_says_comes_before_what_the_file_says(start: Any) -> None:
    _, fields = start(pdfs.tagged((72, 600, "{{sig:1}}"), (72, 700, "{{sig:2}}")), FIELD)
    assert fields[0] == FIELD
    assert [each.get("signer") for each in fields] == [None, 2]


def test_fields_of_the_file_are_found_by_their_names(start: Any) -> None:
    _, fields = start(renamed("Signature2", "form1.sig_1"))
    assert fields == [{"signer": 1, "fieldName": "form1.sig_1"}, {"signer": 2, "fieldName": "Signature2"}]


def test_other_fields_are_named_by_the_sender(start: Any) -> None:
    answer, fields = start(pdfs.form(), {"signer": 2, "fieldName": "client"})
    assert answer.status_code == 200
    assert fields == [{"signer": 2, "fieldName": "client"}]


@pytest.mark.parametrize(
    ("content", "fields", "words"),
    [
        (pdfs.tagged((72, 600, "{{sig:3}}")), [], "{{sig:3}}"),
        (pdfs.tagged((72, 600, "{{sig:1}}"), (72, 700, "{{sig:1}}")), [], "more than once"),
        (pdfs.invoice(), [FIELD | {"imagePage": 7}], "page"),
        (pdfs.invoice(), [{"fieldName": "nothing"}], "nothing"),
        (pdfs.form(), [{"fieldName": "client"}, {"fieldName": "client"}], "one person"),
    ],
    ids=["nobody's tag", "a tag twice", "no such page", "no such field", "a field of two"],
)
def test_what_cannot_be_is_said_to_the_sender(start: Any, content: bytes, fields: Any, words: str) -> None:
    answer, _ = start(content, *fields)
    assert (answer.status_code, answer.json()["code"]) == (422, "BadSignatureFields")
    assert words in answer.json()["message"]


@pytest.mark.parametrize("field", [{"imagePage": 1}, {}, {"signer": 0, "fieldName": "a"}, FIELD | {"imageX": -1}])
def test_half_a_field_is_none(api: Any, draft: Any, field: dict[str, Any]) -> None:
    [document] = api.upload(draft(*BOTH)["id"], pdfs.invoice()).json()["documents"]
    answer = api("PATCH", f"documents/{document['id']}", {"pdfSignatureFields": [field]})
    assert answer.status_code == 400


def test_a_signature_goes_into_the_files_own_field_and_beside_a_tag(
    send: Callable[..., Workflow],
    sign: Callable[..., None],
    recipient: Callable[[Workflow, Person], Recipient],
    run_jobs: Callable[[], int],
) -> None:
    workflow = send(BOB, contents=(renamed("sig1", "other"), pdfs.tagged((72, 600, "{{sig:1}}"))))
    sign(recipient(workflow, BOB))
    run_jobs()
    form, tagged = Document.objects.filter(workflow=workflow).order_by("position")
    content = stored.content(form.current)
    assert pades.inspect(content).fields == ("other",)
    assert content.startswith(stored.content(form.original))
    with pikepdf.open(BytesIO(stored.content(tagged.current))) as pdf:
        [widget] = pdf.pages[0].Annots
        assert float(widget.Rect[0]) == pytest.approx(72, abs=2)
        assert 842 - float(widget.Rect[3]) == pytest.approx(600, abs=14)


def renamed(client: str, provider: str) -> bytes:
    """The sample form with other names for its two signature fields; `a.b` is a field in another one."""
    with pikepdf.open(BytesIO(pdfs.form())) as pdf:
        for field, name in zip(list(pdf.Root.AcroForm.Fields)[1:], (client, provider), strict=True):
            parent, _, last = name.rpartition(".")
            field.T = pikepdf.String(last)
            if parent:
                group = pdf.make_indirect(pikepdf.Dictionary(T=pikepdf.String(parent), Kids=pikepdf.Array([field])))
                field.Parent = group
                pdf.Root.AcroForm.Fields[2] = group
        target = BytesIO()
        pdf.save(target)
        return target.getvalue()
