"""While its owner holds it back nobody may act, nobody is reminded, no time runs, and nothing that was done is lost."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone
from paraph_server.journal.actions import Actor
from paraph_server.notifications.models import Message
from paraph_server.signing.actions import actor
from paraph_server.workflows import actions, queries, tasks
from paraph_server.workflows.errors import NotPaused, NotStarted, WorkflowOver, WorkflowPaused
from paraph_server.workflows.models import Recipient, Status, Workflow
from paraph_testing.cast import BOB, CAROL, Person

Send = Callable[..., Workflow]
Find = Callable[[Workflow, Person], Recipient]
DAY = timedelta(days=1)


def now_of(workflow: Workflow) -> Workflow:
    return Workflow.objects.get(pk=workflow.pk)


def test_nobody_acts_until_it_goes_on(send: Send, recipient: Find, by_alice: Actor) -> None:
    workflow = send(BOB)
    actions.pause(workflow, by=by_alice, at=timezone.now())
    bob = recipient(workflow, BOB)
    assert now_of(workflow).status is Status.PAUSED
    assert not queries.state(now_of(workflow)).turn
    with pytest.raises(WorkflowPaused):
        actions.refuse(bob, reason="wrong amount", by=actor(bob), at=timezone.now())
    with pytest.raises(WorkflowPaused):
        actions.act(bob, by=actor(bob), at=timezone.now())
    with pytest.raises(WorkflowPaused):
        actions.resend_invitation(bob, by=by_alice, at=timezone.now())
    actions.resume(workflow, by=by_alice, at=timezone.now())
    assert now_of(workflow).status is Status.STARTED
    actions.act(bob, by=actor(bob), at=timezone.now())


def test_its_step_has_as_much_time_left_as_before(send: Send, by_alice: Actor) -> None:
    workflow = send(BOB, validity=2 * DAY)
    began = workflow.steps.get().started_at
    assert began
    actions.pause(workflow, by=by_alice, at=began + DAY)
    actions.expire(workflow, at=began + 4 * DAY)
    assert now_of(workflow).status is Status.PAUSED
    actions.resume(workflow, by=by_alice, at=began + 4 * DAY)
    assert workflow.steps.get().expires_at == began + 5 * DAY
    actions.expire(workflow, at=began + 5 * DAY - timedelta(seconds=1))
    assert now_of(workflow).status is Status.STARTED
    actions.expire(workflow, at=began + 5 * DAY)
    assert now_of(workflow).stop_reason == "expired"


def test_no_reminder_goes_out_and_the_next_one_comes_later(send: Send, recipient: Find, by_alice: Actor) -> None:
    workflow = send(BOB, max_invites=3, invite_period=DAY)
    due = recipient(workflow, BOB).remind_at
    assert due
    actions.pause(workflow, by=by_alice, at=due - DAY / 2)
    assert not actions.remind(workflow, recipient(workflow, BOB).pk, at=due + DAY)
    actions.resume(workflow, by=by_alice, at=due + DAY)
    assert recipient(workflow, BOB).remind_at == due + DAY * 1.5
    assert not Message.objects.filter(kind="reminder").exists()


def test_a_signature_that_was_given_is_made_and_the_next_one_waits(
    send: Send,
    recipient: Find,
    sign: Callable[..., None],
    by_alice: Actor,
    run_jobs: Callable[[], int],
) -> None:
    workflow = send(BOB, CAROL)
    sign(recipient(workflow, BOB))
    actions.pause(workflow, by=by_alice, at=timezone.now())
    run_jobs()
    assert recipient(workflow, BOB).done_at
    assert not Message.objects.filter(kind="invitation", to=CAROL.email).exists()
    actions.resume(workflow, by=by_alice, at=timezone.now())
    assert Message.objects.filter(kind="invitation", to=CAROL.email).count() == 1
    sign(recipient(workflow, CAROL))
    run_jobs()
    assert now_of(workflow).status is Status.FINISHED


def test_what_is_not_under_way_is_neither_paused_nor_resumed(send: Send, by_alice: Actor) -> None:
    workflow, at = send(BOB), timezone.now()
    with pytest.raises(NotPaused):
        actions.resume(workflow, by=by_alice, at=at)
    actions.pause(workflow, by=by_alice, at=at)
    with pytest.raises(WorkflowPaused):
        actions.pause(workflow, by=by_alice, at=at)
    actions.stop(workflow, by=by_alice, at=at)
    assert now_of(workflow).status is Status.STOPPED
    with pytest.raises(WorkflowOver):
        actions.resume(workflow, by=by_alice, at=at)
    draft = actions.create(actions.NewWorkflow("Draft"), owner=workflow.owner, by=by_alice, at=at)
    with pytest.raises(NotStarted):
        actions.pause(draft, by=by_alice, at=at)


def test_the_clockwork_leaves_it_alone(send: Send, by_alice: Actor) -> None:
    workflow = send(BOB, validity=DAY)
    workflow.steps.update(started_at=timezone.now() - 2 * DAY)
    actions.pause(workflow, by=by_alice, at=timezone.now())
    tasks.expire(0)
    assert now_of(workflow).status is Status.PAUSED
