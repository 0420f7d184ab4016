"""A seal step needs nobody: the platform seals in the organisation's name, once, whatever happens in between."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from django.utils import timezone
from paraph import evidence, pades
from paraph.errors import Unavailable
from paraph.evidence import SignatureLevel
from paraph_server.documents import queries as stored
from paraph_server.journal.actions import Actor
from paraph_server.journal.models import Entry
from paraph_server.sealing.actions import seal_step
from paraph_server.sealing.tasks import seal
from paraph_server.workflows import actions, queries
from paraph_server.workflows.errors import (
    AlreadyActed,
    BadRecipient,
    NoSuchRecipient,
    NothingToRepair,
    NotYourTurn,
)
from paraph_server.workflows.models import Recipient, Status, Step, Workflow
from paraph_testing.cast import BOB, Person
from paraph_testing.signing_service import SigningService

Send = Callable[..., Workflow]
Find = Callable[[Workflow, Person], Recipient]
SEAL = actions.NewStep([], kind=Step.Kind.SEAL)


def organisation(workflow: Workflow) -> Recipient:
    return queries.recipient(Recipient.objects.get(step__workflow=workflow, step__kind="seal").pk)


def signatures(workflow: Workflow) -> list[str]:
    document = Workflow.objects.get(pk=workflow.pk).documents.get()
    return [each.signer for each in pades.read(stored.content(document.current))]


def test_it_seals_after_the_signer_and_the_evidence_names_it(
    send: Send, recipient: Find, sign: Callable[..., None], run_jobs: Callable[[], int], trust_service: SigningService
) -> None:
    workflow = send(BOB, SEAL)
    with pytest.raises(NotYourTurn):
        seal_step(organisation(workflow))
    sign(recipient(workflow, BOB))
    run_jobs()
    workflow = Workflow.objects.select_related("evidence").get(pk=workflow.pk)
    assert workflow.status is Status.FINISHED
    first, second = signatures(workflow)
    assert "Bob" in first
    assert second == trust_service.authority.seal.certificate.subject.rfc4514_string()
    assert workflow.evidence
    record = evidence.read(stored.content(workflow.evidence))
    assert [(each.name, each.act) for each in record.people] == [(BOB.name, "signature"), ("Marchand & Co", "seal")]


def test_a_workflow_may_begin_with_a_seal(
    send: Send, recipient: Find, sign: Callable[..., None], run_jobs: Callable[[], int]
) -> None:
    workflow = send(SEAL, BOB)
    run_jobs()
    sign(recipient(workflow, BOB))
    run_jobs()
    assert len(signatures(workflow)) == 2
    assert Workflow.objects.get(pk=workflow.pk).status is Status.FINISHED


@pytest.mark.usefixtures("trust_service")
def test_repeated_it_changes_nothing(send: Send, run_jobs: Callable[[], int]) -> None:
    workflow = send(SEAL)
    run_jobs()
    sealed = signatures(workflow)
    with pytest.raises(AlreadyActed):
        seal_step(organisation(workflow))
    seal(workflow.tenant_id, workflow.pk, "")
    assert signatures(workflow) == sealed
    assert Entry.objects.filter(event="recipient:sealed").count() == 1


@pytest.mark.usefixtures("trust_service")
def test_what_was_sealed_and_not_committed_is_sealed_again_and_stands_there_once(
    send: Send, run_jobs: Callable[[], int], monkeypatch: pytest.MonkeyPatch
) -> None:
    def die(*_arguments: object, **_facts: object) -> None:
        raise ConnectionError("The database went away.")

    workflow = send(SEAL)
    with monkeypatch.context() as outage:
        outage.setattr(actions, "complete", die)
        with pytest.raises(ConnectionError):
            run_jobs()
    assert signatures(workflow) == []
    seal(workflow.tenant_id, workflow.pk, "")
    run_jobs()
    assert len(signatures(workflow)) == 1
    assert Workflow.objects.get(pk=workflow.pk).status is Status.FINISHED


def test_what_stands_in_the_way_is_shown_and_can_be_tried_again(
    send: Send, run_jobs: Callable[[], int], trust_service: SigningService, by_alice: Actor
) -> None:
    trust_service.away = True
    workflow = send(SEAL)
    with pytest.raises(Unavailable):
        run_jobs()
    workflow = Workflow.objects.get(pk=workflow.pk)
    assert "does not answer" in workflow.repair_reason
    trust_service.away = False
    actions.retry(workflow, by=by_alice, at=timezone.now())
    run_jobs()
    workflow = Workflow.objects.get(pk=workflow.pk)
    assert (workflow.status, workflow.repair_reason) == (Status.FINISHED, "")
    with pytest.raises(NothingToRepair):
        actions.retry(workflow, by=by_alice, at=timezone.now())


def test_people_do_not_take_part_in_it(send: Send, invited: Callable[..., actions.NewRecipient]) -> None:
    with pytest.raises(BadRecipient):
        send(actions.NewStep([invited(BOB)], kind=Step.Kind.SEAL))


def test_nobody_gets_a_link_to_the_organisations_place(send: Send, by_alice: Actor) -> None:
    workflow = send(SEAL)
    with pytest.raises(NoSuchRecipient):
        queries.recipient_of(workflow, "")
    with pytest.raises(AlreadyActed):
        actions.resend_invitation(organisation(workflow), by=by_alice, at=timezone.now())


def test_the_nth_field_stays_the_nth_persons(send: Send, recipient: Find) -> None:
    assert recipient(send(SEAL, BOB), BOB).position == 0


def test_evidence_that_somebody_made_up_is_sealed_as_any_document(
    send: Send,
    recipient: Find,
    sign: Callable[..., None],
    run_jobs: Callable[[], int],
    trust_service: SigningService,
) -> None:
    """Raised by a level, and sent through a seal step: the platform's seal is on it, and it proves nothing."""
    workflow = send(BOB)
    sign(recipient(workflow, BOB))
    run_jobs()
    honest = Workflow.objects.select_related("evidence").get(pk=workflow.pk).evidence
    assert honest
    record = evidence.read(stored.content(honest))
    raised = tuple(replace(each, level=SignatureLevel.QUALIFIED) for each in record.people)
    forged = send(SEAL, contents=(evidence.build(replace(record, people=raised)),))
    run_jobs()
    document = Workflow.objects.get(pk=forged.pk).documents.select_related("current").get()
    verdict = evidence.verify(
        stored.content(document.current), [], trusted=trust_service.authority.trusted, at=timezone.now()
    )
    assert len(signatures(forged)) == 1
    assert verdict.checks[0].reason == "it was not made to seal this evidence"
    assert not verdict.holds
