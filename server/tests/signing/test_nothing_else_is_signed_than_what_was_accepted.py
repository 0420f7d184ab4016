"""Somebody who can write to the database and the storage still gets no signature on another document."""

import io
from collections.abc import Callable

import pytest
from django.utils import timezone
from paraph import pades
from paraph_server.documents import actions as documents
from paraph_server.documents import queries as stored
from paraph_server.documents.models import Part
from paraph_server.signing import execution
from paraph_server.signing.models import PendingSignature, Signing
from paraph_server.workflows.models import Document, Recipient, Status, Workflow
from paraph_testing import pdfs
from paraph_testing.cast import BOB, Person
from paraph_testing.signing_service import SigningService
from pyhanko.pdf_utils.generic import ArrayObject, NumberObject
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

Send = Callable[..., Workflow]
Find = Callable[[Workflow, Person], Recipient]
Sign = Callable[..., None]


def another(workflow: Workflow, content: bytes) -> Part:
    return documents.keep(workflow.tenant_id, content, "contract.pdf", "application/pdf", pages=1, at=timezone.now())


def refused(workflow: Workflow) -> str:
    """Why the signature is not made; nothing may have been signed."""
    document = workflow.documents.select_related("current").get()
    assert pades.read(stored.content(document.current)) == []
    assert Workflow.objects.get(pk=workflow.pk).status is Status.STARTED
    return Signing.objects.get().failure


def test_a_document_put_in_its_place(
    send: Send, sign: Sign, recipient: Find, run_jobs: Callable[[], int], trust_service: SigningService
) -> None:
    workflow = send(BOB)
    sign(recipient(workflow, BOB))
    Document.objects.update(current=another(workflow, pdfs.invoice(2)))
    run_jobs()
    assert "have changed" in refused(workflow)
    assert trust_service.signatures == 0


def test_a_document_that_grew(
    send: Send, sign: Sign, recipient: Find, run_jobs: Callable[[], int], trust_service: SigningService
) -> None:
    """A revision that somebody slipped in after the accepted bytes is no signature that the journal tells of."""
    workflow = send(BOB)
    sign(recipient(workflow, BOB))
    accepted = workflow.documents.select_related("current").get()
    Document.objects.update(current=another(workflow, redrawn(stored.content(accepted.current))))
    run_jobs()
    assert "have changed" in refused(workflow)
    assert trust_service.signatures == 0


def redrawn(document: bytes) -> bytes:
    """The same document with one more revision, which shows another page."""
    writer = IncrementalPdfFileWriter(io.BytesIO(document))
    page = writer.root["/Pages"]["/Kids"].raw_get(0)
    page.get_object()["/MediaBox"] = ArrayObject(map(NumberObject, (0, 0, 300, 300)))
    writer.mark_update(page)
    output = io.BytesIO()
    writer.write(output)
    return output.getvalue()


def test_an_accepted_text_that_was_exchanged(
    send: Send, sign: Sign, recipient: Find, run_jobs: Callable[[], int], trust_service: SigningService
) -> None:
    workflow = send(BOB)
    sign(recipient(workflow, BOB))
    Signing.objects.update(consent_text="I owe Mallory a fortune.")
    run_jobs()
    assert "have changed" in refused(workflow)
    assert trust_service.signatures == 0


@pytest.mark.parametrize("when", ["before it is prepared", "after it was prepared"])
def test_an_attachment_that_became_a_document_to_sign(
    send: Send, sign: Sign, recipient: Find, run_jobs: Callable[[], int], trust_service: SigningService, when: str
) -> None:
    workflow = send(BOB)
    sign(recipient(workflow, BOB))
    if when == "after it was prepared":
        trust_service.away = True
        run_jobs()
        trust_service.away = False
    found = workflow.documents.get()
    new = another(workflow, pdfs.invoice(2))
    added = Document.objects.create(
        tenant_id=found.tenant_id,
        workflow=workflow,
        position=1,
        original=new,
        current=new,
        signature_profile=found.signature_profile,
        created_at=found.created_at,
        updated_at=found.updated_at,
    )
    run_jobs()
    added.refresh_from_db()
    assert added.current == new


def test_a_prepared_signature_that_was_exchanged(
    send: Send,
    sign: Sign,
    recipient: Find,
    run_jobs: Callable[[], int],
    trust_service: SigningService,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Bob's stored state is replaced by one over another invoice: the result is never delivered."""
    workflow = send(BOB)
    sign(recipient(workflow, BOB))
    prepare = execution.prepare

    def exchanging(*args: object) -> list[PendingSignature]:
        prepared = prepare(*args)  # type: ignore[arg-type]
        other = another(workflow, pdfs.invoice(2))
        for each in prepared:
            state = pades.prepare(pdfs.invoice(2), args[1].certificate, at=timezone.now())  # type: ignore[attr-defined]
            each.part, each.state = other, state.to_bytes()
        return prepared

    monkeypatch.setattr(execution, "prepare", exchanging)
    run_jobs()
    assert refused(workflow)
