from collections.abc import Callable
from datetime import timedelta

from django.utils import timezone
from paraph_server.signing import execution, holders, queries, tasks
from paraph_server.signing.models import Signing
from paraph_server.signing.queries import Stage
from paraph_server.workflows import actions as workflows
from paraph_server.workflows.models import Recipient, Status, Workflow
from paraph_testing.cast import BOB, CAROL, Person
from paraph_testing.signing_service import SigningService
from procrastinate.contrib.django.models import ProcrastinateJob

Send = Callable[..., Workflow]
Find = Callable[[Workflow, Person], Recipient]
Sign = Callable[..., None]


def put_off() -> list[timedelta]:
    """How long the jobs that are put off will wait."""
    waiting = ProcrastinateJob.objects.filter(status="todo", scheduled_at__isnull=False)
    return [job.scheduled_at - timezone.now() for job in waiting if job.scheduled_at]


def test_it_is_tried_again_later_and_the_signer_is_told_that_it_is_being_applied(
    send: Send, sign: Sign, recipient: Find, run_jobs: Callable[[], int], trust_service: SigningService
) -> None:
    workflow = send(BOB)
    trust_service.away = True
    sign(recipient(workflow, BOB))
    run_jobs()
    bob, signing = recipient(workflow, BOB), Signing.objects.get()
    assert queries.stage(bob, signing, held=[], at=timezone.now()) is Stage.APPLYING
    assert "does not answer" in signing.failure
    [wait] = put_off()
    assert timedelta() < wait < timedelta(seconds=3)
    trust_service.away = False
    tasks.perform(bob.tenant_id, signing.pk)
    run_jobs()
    assert Workflow.objects.get(pk=workflow.pk).status is Status.FINISHED
    signing.refresh_from_db()
    assert signing.failure == ""


def test_the_pauses_grow_up_to_ten_minutes(
    send: Send, sign: Sign, recipient: Find, run_jobs: Callable[[], int], trust_service: SigningService
) -> None:
    workflow = send(BOB)
    trust_service.away = True
    sign(recipient(workflow, BOB))
    run_jobs()
    for _attempt in range(11):
        tasks.perform(workflow.tenant_id, Signing.objects.get().pk)
    waits = sorted(put_off())
    assert waits[-1] <= timedelta(minutes=10)
    assert waits[-1] > timedelta(minutes=9)


def test_who_signed_in_time_is_not_late_because_of_us(
    send: Send, sign: Sign, recipient: Find, run_jobs: Callable[[], int], trust_service: SigningService
) -> None:
    workflow = send(BOB, validity=timedelta(days=2))
    trust_service.away = True
    sign(recipient(workflow, BOB))
    run_jobs()
    three_days = timedelta(days=3)
    workflow.steps.update(started_at=timezone.now() - three_days)
    Recipient.objects.update(acted_at=timezone.now() - three_days)
    Signing.objects.update(requested_at=timezone.now() - three_days)
    workflows.expire(workflow, at=timezone.now())
    trust_service.away = False
    tasks.perform(workflow.tenant_id, Signing.objects.get().pk)
    run_jobs()
    assert Workflow.objects.get(pk=workflow.pk).status is Status.FINISHED


def test_a_cancelled_workflow_asks_for_no_certificate(
    send: Send,
    sign: Sign,
    recipient: Find,
    run_jobs: Callable[[], int],
    trust_service: SigningService,
    by_alice: object,
) -> None:
    workflow = send(BOB, CAROL)
    sign(recipient(workflow, BOB))
    workflows.stop(workflow, by=by_alice, at=timezone.now())  # type: ignore[arg-type]
    run_jobs()
    assert trust_service.signatures == 0
    assert Signing.objects.get().certificate is None
    assert put_off() == []


def test_a_certificate_that_ran_out_is_replaced(
    send: Send, sign: Sign, recipient: Find, run_jobs: Callable[[], int], trust_service: SigningService
) -> None:
    """It was issued and never used: what was prepared under it is given up, nothing was delivered."""
    workflow = send(BOB)
    sign(recipient(workflow, BOB))
    signing = Signing.objects.select_related("mark", "recipient__step__workflow__owner").get()
    credential = holders.of(signing).credential(signing)
    execution.prepare(signing, credential)
    later = timezone.now() + timedelta(days=1)
    execution.give_up_what_is_useless(signing, at=later)
    assert (signing.attempt, signing.certificate) == (2, None)
    assert not signing.pending.exists()
    run_jobs()
    signing.refresh_from_db()
    assert bytes(signing.certificate or b"") != credential.certificate.tbs_certificate_bytes
    assert Workflow.objects.get(pk=workflow.pk).status is Status.FINISHED


def test_who_comes_second_waits_while_a_signature_is_half_made(
    send: Send, sign: Sign, recipient: Find, run_jobs: Callable[[], int], trust_service: SigningService
) -> None:
    """Bob's key has signed; if Carol's signature came in between, his would have to be made a second time."""
    workflow = send([BOB, CAROL])
    sign(recipient(workflow, BOB))
    trust_service.stamps = False
    run_jobs()
    trust_service.stamps = True
    sign(recipient(workflow, CAROL))
    run_jobs()
    bobs, carols = Signing.objects.order_by("requested_at")
    assert carols.completed_at is None
    for each in (bobs, carols):
        tasks.perform(workflow.tenant_id, each.pk)
    run_jobs()
    assert Workflow.objects.get(pk=workflow.pk).status is Status.FINISHED
    assert trust_service.signatures == 2
