from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone
from paraph_server.notifications.models import Message
from paraph_server.signing.actions import actor
from paraph_server.workflows import actions, tasks
from paraph_server.workflows.errors import WorkflowExpired
from paraph_server.workflows.models import Recipient, Workflow
from paraph_testing.cast import BOB, CAROL, Person

Send = Callable[..., Workflow]
Find = Callable[[Workflow, Person], Recipient]


def test_what_is_out_of_time_stops_by_itself_and_nothing_else(send: Send) -> None:
    late, early = send(BOB, validity=timedelta(days=2)), send(CAROL)
    late.steps.update(started_at=timezone.now() - timedelta(days=2))
    tasks.expire(0)
    late.refresh_from_db()
    early.refresh_from_db()
    assert (late.status.value, late.stop_reason) == ("stopped", "expired")
    assert early.status.value == "started"


def test_whoever_comes_too_late_is_told_so(send: Send, recipient: Find) -> None:
    workflow = send(BOB, validity=timedelta(days=2))
    bob, late = recipient(workflow, BOB), timezone.now() + timedelta(days=2)
    with pytest.raises(WorkflowExpired):
        actions.refuse(bob, reason="wrong amount", by=actor(bob), at=late)
    actions.expire(workflow, at=late)
    bob = recipient(workflow, BOB)
    with pytest.raises(WorkflowExpired):
        actions.check_turn(bob.workflow, bob.pk, at=late)


def test_the_time_of_a_step_begins_with_it(send: Send) -> None:
    workflow = send(BOB, CAROL, validity=timedelta(days=2))
    first, second = workflow.steps.all()
    assert first.expires_at
    assert second.expires_at is None


def test_the_sender_learns_of_a_refusal(send: Send, recipient: Find) -> None:
    workflow = send(BOB)
    bob = recipient(workflow, BOB)
    actions.refuse(bob, reason="wrong amount", by=actor(bob), at=timezone.now())
    assert list(Message.objects.filter(kind="refused").values_list("to", flat=True)) == ["alice@example.org"]
