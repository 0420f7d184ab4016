"""Endpoints are told what happens: in order, signed, and again until they have heard it."""

import base64
import hashlib
import hmac
import json
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone
from paraph_server.accounts.models import User
from paraph_server.journal.actions import Actor
from paraph_server.webhooks import actions
from paraph_server.webhooks.errors import BadEndpoint, UnknownEvent
from paraph_server.webhooks.models import Event, Webhook
from paraph_server.webhooks.tasks import deliver
from paraph_testing.cast import BOB, CAROL
from paraph_testing.listener import Listener
from procrastinate.contrib.django.models import ProcrastinateJob

Registered = Callable[..., Any]


def types(listener: Listener) -> list[str]:
    return [json.loads(body)["eventType"] for _, body in listener.heard]


def queued(webhook: Webhook) -> datetime:
    """When the one job for an endpoint is due that was put off."""
    job = ProcrastinateJob.objects.get(queueing_lock=f"webhook:{webhook.pk}", status="todo")
    assert job.scheduled_at
    return job.scheduled_at


def test_a_workflow_is_told_from_start_to_end(
    registered: Registered,
    send: Callable[..., Any],
    recipient: Callable[..., Any],
    sign: Callable[..., None],
    run_jobs: Callable[[], int],
    listener: Listener,
) -> None:
    registered()
    workflow = send(BOB, CAROL)
    run_jobs()
    for person in (BOB, CAROL):
        sign(recipient(workflow, person))
        run_jobs()
    each_signed = ["recipientFinished", "stepFinished"]
    assert types(listener) == ["workflowStarted", *each_signed, *each_signed, "workflowFinished"]
    told = json.loads(listener.heard[1][1])
    bob = recipient(workflow, BOB)
    assert (told["workflowId"], told["stepId"], told["recipientEmail"]) == (workflow.pk, bob.step_id, BOB.email)


def test_a_refusal_is_told(
    registered: Registered,
    send: Callable[..., Any],
    recipient: Callable[..., Any],
    run_jobs: Callable[[], int],
    listener: Listener,
) -> None:
    from paraph_server.signing.actions import actor  # noqa: PLC0415  models need Django set up
    from paraph_server.workflows.actions import refuse  # noqa: PLC0415  as above

    registered("recipientRefused")
    workflow = send(BOB)
    bob = recipient(workflow, BOB)
    refuse(bob, reason="Too dear", by=actor(bob, address="", agent=""), at=workflow.started_at)
    run_jobs()
    assert types(listener) == ["recipientRefused"]


def test_deliveries_are_signed(
    registered: Registered, send: Callable[..., Any], run_jobs: Callable[[], int], listener: Listener
) -> None:
    _, secret = registered("workflowStarted")
    send(BOB)
    run_jobs()
    ((headers, body),) = listener.heard
    signed = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
    value = hmac.new(base64.b64decode(secret.removeprefix("whsec_")), signed, hashlib.sha256).digest()
    assert headers["webhook-signature"] == f"v1,{base64.b64encode(value).decode()}"
    assert json.loads(body)["id"] == headers["webhook-id"]


def test_an_endpoint_that_fails_is_told_again_in_order(
    registered: Registered,
    send: Callable[..., Any],
    run_jobs: Callable[[], int],
    listener: Listener,
    noon: datetime,
    by_alice: Actor,
) -> None:
    from paraph_server.workflows.actions import stop  # noqa: PLC0415  models need Django set up

    webhook, _ = registered("workflowStarted", "workflowStopped")
    listener.status = 503
    workflow = send(BOB)
    run_jobs()
    stop(workflow, by=by_alice, at=noon)
    run_jobs()
    assert types(listener) == ["workflowStarted"], "it has been told too soon again"
    first = queued(webhook)
    deliver(tenant_id=webhook.tenant_id, webhook_id=webhook.pk)  # when the time has come
    assert types(listener) == ["workflowStarted", "workflowStarted"]
    assert queued(webhook) > first + timedelta(seconds=5)
    listener.status = 200
    while actions.tell_next(webhook.pk, at=workflow.started_at + timedelta(hours=1)):
        pass
    assert types(listener)[2:] == ["workflowStarted", "workflowStopped"]
    first_told = Event.objects.first()
    assert first_told is not None
    assert [attempt.accepted for attempt in first_told.attempts.all()] == [False, False, True]


def test_after_days_it_is_a_dead_letter_and_can_be_told_again(
    registered: Registered,
    send: Callable[..., Any],
    run_jobs: Callable[[], int],
    listener: Listener,
    by_alice: Actor,
) -> None:
    webhook, _ = registered("workflowStarted")
    listener.status = 500
    workflow = send(BOB)
    run_jobs()
    late = workflow.started_at + timedelta(days=4)
    assert actions.tell_next(webhook.pk, at=late) is True
    event = Event.objects.get()
    assert event.failed_at == late
    listener.status = 204
    actions.tell_again(event, by=by_alice, at=late)
    assert actions.tell_next(webhook.pk, at=late) is True
    assert Event.objects.get().delivered_at == late


def test_what_happens_twice_in_the_queue_is_told_once(
    registered: Registered, send: Callable[..., Any], run_jobs: Callable[[], int], listener: Listener
) -> None:
    registered("workflowStarted")
    send(BOB)
    run_jobs()
    actions.announce(Event.objects.get().entry)
    run_jobs()
    assert len(listener.heard) == 1


def test_who_does_not_listen_hears_nothing(
    registered: Registered,
    send: Callable[..., Any],
    run_jobs: Callable[[], int],
    listener: Listener,
    noon: datetime,
    by_alice: Actor,
) -> None:
    stopped, _ = registered()
    actions.change(stopped, is_disabled=True, by=by_alice, at=noon)
    removed, _ = registered()
    actions.remove(removed, by=by_alice, at=noon)
    registered("workflowFinished")
    send(BOB)
    run_jobs()
    assert listener.heard == []


@pytest.mark.parametrize(
    "host", ["10.0.0.7", "169.254.169.254", "[::1]", "192.168.1.1", "0.0.0.0", "localhost.invalid"]
)
def test_nothing_is_sent_into_the_operators_network(
    registered: Registered, send: Callable[..., Any], run_jobs: Callable[[], int], host: str
) -> None:
    registered("workflowStarted", url=f"http://{host}/x")
    send(BOB)
    run_jobs()
    (attempt,) = Event.objects.get().attempts.all()
    assert "not asked from here" in attempt.answer or "is not known" in attempt.answer


@pytest.mark.parametrize(
    "url", ["ftp://example.org/", "https://user:secret@example.org/", "nonsense", "http://:80/", "https://[x"]
)
def test_what_is_no_endpoint_is_refused(registered: Registered, url: str) -> None:
    with pytest.raises(BadEndpoint):
        registered(url=url)


def test_unknown_events_are_refused(registered: Registered, alice: User) -> None:
    with pytest.raises(UnknownEvent):
        registered("workflowExploded")


def test_a_fault_of_our_own_puts_it_off_as_well(
    registered: Registered,
    send: Callable[..., Any],
    run_jobs: Callable[[], int],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise ZeroDivisionError

    webhook, _ = registered("workflowStarted")
    send(BOB)
    monkeypatch.setattr(actions, "tell_next", fail)
    run_jobs()
    assert queued(webhook) > timezone.now() + timedelta(seconds=50)


def test_who_asks_for_it_or_mends_the_endpoint_does_not_wait(
    registered: Registered,
    send: Callable[..., Any],
    run_jobs: Callable[[], int],
    listener: Listener,
    by_alice: Actor,
) -> None:
    webhook, _ = registered("workflowStarted")
    listener.status = 503
    send(BOB)
    run_jobs()
    actions.change(webhook, is_disabled=False, by=by_alice, at=timezone.now())
    assert queued(webhook) <= timezone.now()
    deliver(tenant_id=webhook.tenant_id, webhook_id=webhook.pk)
    assert queued(webhook) > timezone.now()
    actions.tell_again(Event.objects.get(), by=by_alice, at=timezone.now())
    assert queued(webhook) <= timezone.now()
