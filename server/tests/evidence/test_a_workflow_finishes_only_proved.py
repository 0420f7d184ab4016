"""“Finished” means proved: whoever gets files gets such that were checked, together with their evidence."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from django.utils import timezone
from paraph import evidence
from paraph.errors import Unavailable
from paraph.evidence import Means, SignatureLevel
from paraph_server.documents import actions as documents
from paraph_server.documents import queries as stored
from paraph_server.evidence import tasks
from paraph_server.evidence.errors import NotProved
from paraph_server.journal.models import Entry
from paraph_server.notifications.content import Content
from paraph_server.notifications.models import Message
from paraph_server.workflows.models import Document, Recipient, Status, Workflow
from paraph_testing import pdfs
from paraph_testing.cast import ALICE, BOB, CAROL, Person
from paraph_testing.signing_service import SigningService

Send = Callable[..., Workflow]
Find = Callable[[Workflow, Person], Recipient]
Sign = Callable[..., None]


@pytest.fixture
def finished(send: Send, sign: Sign, recipient: Find, run_jobs: Callable[[], int]) -> Workflow:
    """Bob and Carol have signed two documents."""
    workflow = send(BOB, CAROL, contents=(pdfs.invoice(), pdfs.contract()))
    for person in (BOB, CAROL):
        sign(recipient(workflow, person))
        run_jobs()
    return Workflow.objects.select_related("evidence").get(pk=workflow.pk)


def signed_documents(workflow: Workflow) -> list[bytes]:
    return [stored.content(each.current) for each in workflow.documents.select_related("current")]


def test_the_evidence_holds_together_with_the_documents(finished: Workflow, trust_service: SigningService) -> None:
    assert finished.evidence is not None
    verdict = evidence.verify(
        stored.content(finished.evidence),
        signed_documents(finished),
        trusted=trust_service.authority.trusted,
        at=datetime.now(UTC),
    )
    assert verdict.holds, str(verdict)


def test_the_evidence_tells_who_consented_to_what_and_how_they_were_identified(finished: Workflow) -> None:
    assert finished.evidence is not None
    record = evidence.read(stored.content(finished.evidence))
    assert record.reference == finished.pk
    assert [person.name for person in record.people] == [BOB.name, CAROL.name]
    bob = record.people[0]
    assert bob.certificate is not None
    assert bob.consent is not None
    assert "CN=Bob Durand" in bob.certificate.subject
    assert [(each.means, each.address, each.tries) for each in bob.proofs] == [(Means.EMAIL_CODE, "b••@example.org", 1)]
    assert bob.level == SignatureLevel.SIMPLE
    assert "article 25, § 1" in bob.consent.text.replace("\u00a0", " ")
    assert bob.address == "192.0.2.7"
    for told, document in zip(record.documents, finished.documents.select_related("original", "current"), strict=True):
        assert (told.before, told.after) == (document.original.hash, document.current.hash)
    events = [event.link.event for event in record.events]
    assert events.count("recipient:signed") == 2
    assert {"workflow:created", "part:received", "code:accepted", "workflow:signed"} <= set(events)


def test_no_secret_stands_in_it(finished: Workflow) -> None:
    assert finished.evidence is not None
    text = evidence.read(stored.content(finished.evidence)).to_json()
    assert BOB.phone_number not in text
    assert "invite?token" not in text


def test_the_sender_and_the_signers_are_told_where_the_files_are(finished: Workflow) -> None:
    told = Message.objects.filter(kind="finished")
    assert sorted(told.values_list("to", flat=True)) == sorted([ALICE.email, BOB.email, CAROL.email])
    [alices] = [Content.decrypt(bytes(each.content or b"")).text for each in told if each.to == ALICE.email]
    assert f"/workflows/{finished.pk}/" in alices
    [bobs] = [Content.decrypt(bytes(each.content or b"")).text for each in told if each.to == BOB.email]
    assert "/invite?token=" in bobs


def test_it_finishes_once(finished: Workflow) -> None:
    tasks.finish(finished.tenant_id, finished.pk, "")
    assert Message.objects.filter(kind="finished").count() == 3
    assert Entry.objects.filter(event="workflow:finished").count() == 1


def test_a_seal_that_cannot_be_had_leaves_it_waiting_visibly(
    send: Send,
    sign: Sign,
    recipient: Find,
    run_jobs: Callable[[], int],
    trust_service: SigningService,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    workflow = send(BOB)
    sign(recipient(workflow, BOB))
    monkeypatch.setattr(trust_service, "credential", absent)
    with pytest.raises(Unavailable):
        run_jobs()
    workflow.refresh_from_db()
    assert workflow.status is Status.STARTED
    assert workflow.signed_at
    assert "does not answer" in workflow.repair_reason
    assert not Message.objects.filter(kind="finished").exists()
    monkeypatch.undo()


def absent(_credential_id: str) -> None:
    raise Unavailable("The trust service does not answer.")


def test_a_document_that_does_not_hold_is_never_delivered(
    send: Send, sign: Sign, recipient: Find, run_jobs: Callable[[], int], trust_service: SigningService
) -> None:
    workflow = send(BOB)
    trust_service.stamps = True
    sign(recipient(workflow, BOB))
    damaged = pdfs.invoice(2)

    def exchange() -> None:
        part = documents.keep(workflow.tenant_id, damaged, "x.pdf", "application/pdf", pages=1, at=timezone.now())
        Document.objects.update(current=part)

    with pytest.MonkeyPatch.context() as patch:
        finish = tasks.actions.finish
        patch.setattr(tasks.actions, "finish", lambda workflow: (exchange(), finish(workflow)))
        with pytest.raises(NotProved):
            run_jobs()
    workflow.refresh_from_db()
    assert workflow.status is Status.STARTED
    assert "FAILED" in workflow.repair_reason
    assert Entry.objects.filter(event="workflow:needs-repair").count() == 1
    assert not Message.objects.filter(kind="finished").exists()
