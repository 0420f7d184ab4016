"""Large files arrive in pieces; others are fetched, but only from where a stranger may send us."""

import base64
import hashlib
from collections.abc import Callable
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.utils import timezone
from paraph_server.documents import tasks
from paraph_server.documents.models import Blob
from paraph_server.documents.storage import storage
from paraph_server.web import reach
from paraph_testing import pdfs
from paraph_testing.cast import BOB
from paraph_testing.listener import Listener

GUEST = {"email": BOB.email, "firstName": BOB.first_name, "lastName": BOB.last_name}


@pytest.fixture
def draft_id(draft: Callable[..., dict[str, Any]]) -> str:
    return str(draft(GUEST)["id"])


@pytest.fixture
def blob(api: Any, draft_id: str) -> Callable[[bytes], Any]:
    def blob(content: bytes) -> Any:
        return api.send("POST", f"workflows/{draft_id}/blobs", content, content_type="application/octet-stream").json()

    return blob


def test_a_part_is_made_of_its_pieces_in_order(api: Any, draft_id: str, blob: Any) -> None:
    pdf = pdfs.invoice()
    first, second = blob(pdf[:500]), blob(pdf[500:])
    assert first["id"].startswith("blb_")
    assert first["size"] == 500
    assert first["hash"] == base64.b64encode(hashlib.sha256(pdf[:500]).digest()).decode()
    wanted = {"blobs": [first["id"], second["id"]], "contentType": "application/pdf", "filename": "contrat été.pdf"}
    answer = api("POST", f"workflows/{draft_id}/blobs/parts?createDocuments=true", {"parts": [wanted]}).json()
    assert answer["parts"][0]["hash"] == base64.b64encode(hashlib.sha256(pdf).digest()).decode()
    assert answer["parts"][0]["filename"] == "contrat été.pdf"
    assert len(answer["documents"]) == 1


def test_a_piece_belongs_to_its_workflow(api: Any, draft: Any, draft_id: str, blob: Any, mallorys_api: Any) -> None:
    wanted = {"parts": [{"blobs": [blob(b"piece")["id"]]}]}
    other = draft(GUEST)["id"]
    assert api("POST", f"workflows/{other}/blobs/parts", wanted).json()["code"] == "BlobNotFound"
    assert mallorys_api("POST", f"workflows/{draft_id}/blobs/parts", wanted).status_code == 404


def test_pieces_together_are_no_larger_than_a_file(
    api: Any, draft_id: str, blob: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    piece = blob(bytes(3 << 20))["id"]
    monkeypatch.setattr("paraph_server.documents.actions.LARGEST", 8 << 20)
    answer = api("POST", f"workflows/{draft_id}/blobs/parts", {"parts": [{"blobs": [piece] * 3}]})
    assert (answer.status_code, answer.json()["code"]) == (413, "TooLarge")


def test_pieces_that_nobody_used_are_swept_up(api: Any, blob: Any, tenant: Any) -> None:
    made = Blob.objects.get(pk=blob(b"piece")["id"])
    tasks.sweep.func(timestamp=int(timezone.now().timestamp()))
    assert Blob.objects.exists()
    tomorrow = timezone.now() + timedelta(days=2)
    tasks.sweep.func(timestamp=int(tomorrow.timestamp()))
    assert not Blob.objects.exists()
    assert not storage().path(tenant.pk, made.hash).exists()


# ---------------------------------------------------------------- from elsewhere


def fetch(api: Any, draft_id: str, url: str) -> Any:
    return api("POST", f"workflows/{draft_id}/urls/parts?createDocuments=true", {"parts": [{"url": url}]})


def test_a_file_is_fetched_from_its_address(api: Any, draft_id: str) -> None:
    with Listener(body=pdfs.invoice()) as elsewhere:
        answer = fetch(api, draft_id, elsewhere.url.replace("/heard", "/contrat%20%C3%A9t%C3%A9.pdf?key=1"))
    assert answer.status_code == 200
    assert answer.json()["parts"][0]["filename"] == "contrat été.pdf"


@pytest.mark.parametrize("status", [301, 302, 307, 403, 500])
def test_where_an_address_leads_on_is_not_followed(api: Any, draft_id: str, status: int) -> None:
    with Listener(body=pdfs.invoice(), status=status) as elsewhere:
        answer = fetch(api, draft_id, elsewhere.url)
        assert len(elsewhere.asked) == 1
    assert (answer.status_code, answer.json()["code"]) == (422, "NotFetched")
    assert str(status) in answer.json()["message"]


@pytest.mark.parametrize("url", ["file:///etc/passwd", "ftp://a/b", "http://[::1", "https://nowhere.invalid/a.pdf", ""])
def test_what_is_no_address_is_said(api: Any, draft_id: str, url: str) -> None:
    assert fetch(api, draft_id, url).json()["code"] == "NotFetched"


def test_our_own_network_is_out_of_reach(api: Any, draft_id: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reach, "options", lambda: SimpleNamespace(networks=()))
    with Listener(body=pdfs.invoice()) as elsewhere:
        answer = fetch(api, draft_id, elsewhere.url)
        assert elsewhere.asked == []
    assert (answer.status_code, answer.json()["code"]) == (422, "NotFetched")


def test_what_does_not_end_is_cut_off(api: Any, draft_id: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("paraph_server.documents.actions.LARGEST", 1 << 20)
    with Listener(body=bytes(4 << 20)) as elsewhere:
        assert fetch(api, draft_id, elsewhere.url).status_code == 413
