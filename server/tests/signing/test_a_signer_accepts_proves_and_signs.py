from collections.abc import Callable

from paraph import pades
from paraph.signatures import Level
from paraph_server.documents import queries as stored
from paraph_server.journal.models import Entry
from paraph_server.workflows.models import Recipient, Status, Workflow
from paraph_testing.cast import BOB, CAROL, Person
from paraph_testing.signing_service import SigningService

Send = Callable[..., Workflow]
Sign = Callable[..., None]
Find = Callable[[Workflow, Person], Recipient]


def signatures(workflow: Workflow) -> list[list[str]]:
    """The signers of each document, by their name."""
    documents = Workflow.objects.get(pk=workflow.pk).documents.select_related("current")
    return [[each.signer for each in pades.read(stored.content(document.current))] for document in documents]


def test_the_document_carries_one_signature_in_the_signers_own_name(
    send: Send, sign: Sign, recipient: Find, run_jobs: Callable[[], int]
) -> None:
    workflow = send(BOB)
    sign(recipient(workflow, BOB))
    run_jobs()
    document = Workflow.objects.get(pk=workflow.pk).documents.get()
    [signature] = pades.read(stored.content(document.current))
    assert "CN=Bob Durand" in signature.signer
    assert signature.level is Level.T


def test_two_in_sequence_sign_one_after_the_other(
    send: Send, sign: Sign, recipient: Find, run_jobs: Callable[[], int]
) -> None:
    workflow = send(BOB, CAROL)
    sign(recipient(workflow, BOB))
    run_jobs()
    sign(recipient(workflow, CAROL))
    run_jobs()
    [[first, second]] = signatures(workflow)
    assert "Bob" in first
    assert "Carol" in second
    assert Workflow.objects.get(pk=workflow.pk).status is Status.FINISHED


def test_two_at_the_same_time_sign_without_reading_again(
    send: Send, sign: Sign, recipient: Find, run_jobs: Callable[[], int], trust_service: SigningService
) -> None:
    """What Carol accepted is still there, byte for byte, under the signature that Bob added meanwhile."""
    workflow = send([BOB, CAROL])
    sign(recipient(workflow, BOB))
    sign(recipient(workflow, CAROL))
    run_jobs()
    assert len(signatures(workflow)[0]) == 2
    assert trust_service.signatures == 2
    assert Workflow.objects.get(pk=workflow.pk).status is Status.FINISHED


def test_the_journal_tells_digests_and_certificate(
    send: Send, sign: Sign, recipient: Find, run_jobs: Callable[[], int]
) -> None:
    workflow = send(BOB)
    before = workflow.documents.get().original.hash
    sign(recipient(workflow, BOB))
    run_jobs()
    entry = Entry.objects.get(event="recipient:signed")
    document = Workflow.objects.get(pk=workflow.pk).documents.get()
    details = entry.payload.details
    assert details["documents"] == [[document.pk, before, document.current.hash]]
    assert "CN=Bob Durand" in details["certificate"]["subject"]
    assert details["actor"] == {"name": BOB.name, "address": "192.0.2.7", "agent": "Browser"}
