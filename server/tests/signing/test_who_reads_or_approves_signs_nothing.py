"""Approving and confirming to have read: a consent of its own, a code, an entry in the evidence, and no signature."""

from collections.abc import Callable
from io import BytesIO

import pytest
from django.utils import timezone
from paraph import evidence
from paraph_server.documents import queries as stored
from paraph_server.documents.actions import receive
from paraph_server.journal.actions import Actor
from paraph_server.signing.actions import actor
from paraph_server.workflows import actions, queries
from paraph_server.workflows.contents import add_document
from paraph_server.workflows.errors import NoComments
from paraph_server.workflows.models import Recipient, Status, Step, Workflow
from paraph_testing import pdfs
from paraph_testing.cast import BOB, CAROL, Person

Send = Callable[..., Workflow]
Find = Callable[[Workflow, Person], Recipient]


@pytest.mark.parametrize(("kind", "words"), [(Step.Kind.VIEW, "avoir lu"), (Step.Kind.APPROVAL, "approuve")])
def test_it_is_proved_and_no_document_changes(
    kind: Step.Kind,
    words: str,
    send: Send,
    recipient: Find,
    sign: Callable[..., None],
    run_jobs: Callable[[], int],
) -> None:
    workflow = send(BOB, kind=kind, allow_comments=True)
    sign(recipient(workflow, BOB), comment="Page 3 is clear now")
    run_jobs()
    workflow = Workflow.objects.select_related("evidence").get(pk=workflow.pk)
    document = workflow.documents.select_related("original", "current").get()
    assert workflow.status is Status.FINISHED
    assert document.current == document.original
    assert workflow.evidence
    [person] = evidence.read(stored.content(workflow.evidence)).people
    assert (person.act, person.comment, person.certificate) == (kind.value, "Page 3 is clear now", None)
    assert person.proofs
    assert not person.level
    assert person.consent
    assert words in person.consent.text


def test_where_no_comments_are_asked_for_none_is_kept(send: Send, recipient: Find) -> None:
    bob = recipient(send(BOB), BOB)
    with pytest.raises(NoComments):
        actions.act(bob, comment="Hello", by=actor(bob), at=timezone.now())


def test_attachments_may_be_kept_from_a_step(
    send: Send, recipient: Find, invited: Callable[..., actions.NewRecipient], by_alice: Actor
) -> None:
    at = timezone.now()
    steps = [actions.NewStep([invited(BOB)], hide_attachments=True), actions.NewStep([invited(CAROL)])]
    owner = send(BOB).owner
    draft = actions.create(actions.NewWorkflow("With an annex", steps=steps), owner=owner, by=by_alice, at=at)
    for name, profile in (("contract.pdf", queries.signature_profiles().first()), ("annex.pdf", None)):
        part = receive(draft.tenant_id, BytesIO(pdfs.invoice()), name, by=by_alice, at=at)
        add_document(draft, part, profile=profile, by=by_alice, at=at)
    actions.start(draft, by=by_alice, at=at)
    assert [each.current.filename for each in queries.shown_to(recipient(draft, BOB))] == ["contract.pdf"]
    assert len(queries.shown_to(recipient(draft, CAROL))) == 2
