"""Documents, attachments and evidence in one ZIP, as large as it gets."""

import io
import tracemalloc
import zipfile
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from paraph_server.documents import actions as documents
from paraph_server.documents import queries as stored
from paraph_server.workflows import downloads
from paraph_server.workflows.contents import add_document
from paraph_server.workflows.models import Recipient, Workflow
from paraph_testing import office, pdfs
from paraph_testing.cast import BOB, Person

GUEST = {"email": BOB.email, "firstName": BOB.first_name, "lastName": BOB.last_name}


def unpacked(answer: Any) -> dict[str, bytes]:
    assert answer.headers["Content-Type"] == "application/zip"
    with zipfile.ZipFile(io.BytesIO(b"".join(answer.streaming_content))) as archive:
        assert archive.testzip() is None
        return {name: archive.read(name) for name in archive.namelist()}


def test_one_document_comes_as_a_zip_when_that_is_asked_for(api: Any, draft: Callable[..., dict[str, Any]]) -> None:
    made = draft(GUEST)["id"]
    api.upload(made, pdfs.invoice(), "un.pdf")
    path = f"workflows/{made}/downloadDocuments"
    assert unpacked(api("GET", path, HTTP_ACCEPT="application/zip")) == {"01 un.pdf": pdfs.invoice()}
    for wanted in ("application/pdf", "application/json", "*/*"):
        assert api("GET", path, HTTP_ACCEPT=wanted).headers["Content-Type"] == "application/pdf"


def test_everything_holds_documents_attachments_sources_and_evidence(
    api: Any,
    send: Callable[..., Workflow],
    sign: Callable[..., None],
    recipient: Callable[[Workflow, Person], Recipient],
    run_jobs: Callable[[], int],
    by_alice: Any,
    noon: datetime,
) -> None:
    workflow = send(BOB)
    Workflow.objects.update(started_at=None)
    picture = office.picture("JPEG")
    for content, taken_as in ((b"postes", documents.As.ANYTHING), (picture, documents.As.CONVERTED)):
        part = documents.receive(
            workflow.tenant_id, io.BytesIO(content), "annexe.jpg", taken_as=taken_as, by=by_alice, at=noon
        )
        add_document(workflow, part, profile=None, by=by_alice, at=noon)
    Workflow.objects.update(started_at=noon)
    sign(recipient(workflow, BOB))
    run_jobs()
    workflow.refresh_from_db()
    assert workflow.evidence is not None
    files = unpacked(api("GET", f"workflows/{workflow.pk}/downloadAll"))
    assert list(files) == [
        "documents/01 file 1.pdf",
        "attachments/01 annexe.jpg",
        "attachments/02 annexe.pdf",
        "sources/01 annexe.jpg",
        workflow.evidence.filename,
    ]
    assert files["sources/01 annexe.jpg"] == picture
    assert files["documents/01 file 1.pdf"].startswith(pdfs.invoice())
    same = api("GET", f"workflows/{workflow.pk}/downloadEvidences")
    assert b"".join(same.streaming_content) == files[workflow.evidence.filename]


def test_nothing_is_no_download(api: Any, draft: Callable[..., dict[str, Any]], mallorys_api: Any) -> None:
    made = draft(GUEST)["id"]
    assert api("GET", f"workflows/{made}/downloadAll").status_code == 404
    assert mallorys_api("GET", f"workflows/{made}/downloadAll").status_code == 404


def test_large_files_pass_through_in_small_pieces(tenant: Any) -> None:
    part = documents.keep(tenant, bytes(40 << 20), "a.pdf", "application/pdf", at=datetime.now(UTC))
    tracemalloc.start()
    sizes = [len(piece) for piece in downloads.zipped([("a", part), ("b", part)])]
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert sum(sizes) > 80 << 20
    assert peak < 8 << 20


def test_a_file_that_was_altered_breaks_the_download_off(tenant: Any) -> None:
    part = documents.keep(tenant, b"content", "a.pdf", "application/pdf", at=datetime.now(UTC))
    path = stored.storage.storage().path(part.tenant_id, part.hash)
    path.write_bytes(path.read_bytes()[:-1] + b"\0")
    with pytest.raises(Exception, match="altered"):
        list(downloads.zipped([("a", part)]))
