"""What became of everything that was sent because of a workflow: e-mails, text messages, webhook events."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Literal

from paraph_server.notifications import queries as notifications
from paraph_server.notifications.models import Message
from paraph_server.web.moments import milliseconds
from paraph_server.webhooks import queries
from paraph_server.webhooks.models import Event
from paraph_server.webhooks.schemas import Delivery, Occurrence
from paraph_server.workflows import queries as workflows
from paraph_server.workflows.models import Workflow

MOST = 1000
"""Messages, and webhook events, of one workflow; of more, the latest."""
CHANNELS: dict[str, Literal["email", "sms", "voice"]] = {"email": "email", "sms": "sms", "voice": "voice"}
LINKS = {"invitation", "reminder"}
"""The kinds of message that lead to a page: whether it was opened is known."""


def of(workflow: Workflow) -> list[Delivery]:
    """All deliveries, oldest first, each with its timeline."""
    messages = list(notifications.about([workflow.pk]).order_by("-created_at")[:MOST])
    opened = _opened(workflow, messages)
    made = [of_message(each, opened.get(each.pk)) for each in messages]
    made += [_event(each) for each in queries.told_of(workflow)[:MOST]]
    return sorted(made, key=lambda each: each["created"])


def _opened(workflow: Workflow, messages: Sequence[Message]) -> dict[str, datetime]:
    """The messages through which recipients came: the last that had been sent by then; and when."""
    opened = {}
    for person in workflows.recipients(workflow):
        seen = person.viewed_at
        for each in messages:
            if seen and each.recipient_id == person.pk and each.kind in LINKS and each.created_at <= seen:
                opened[each.pk] = seen
                break
    return opened


def of_message(message: Message, opened_at: datetime | None) -> Delivery:
    timeline = _timeline(message, message.deliveries.all(), over=message.failed_at is not None)
    if opened_at:
        timeline.append({"status": "opened", "created": milliseconds(opened_at)})
    return {
        "id": message.pk,
        "channel": CHANNELS[message.channel],
        "kind": message.kind,
        "to": message.to,
        "recipientId": message.recipient_id,
        "status": timeline[-1]["status"],
        "created": milliseconds(message.created_at),
        "timeline": timeline,
    }


def _event(event: Event) -> Delivery:
    timeline = _timeline(event, event.attempts.all(), over=event.failed_at is not None)
    return {
        "id": event.pk,
        "channel": "webhook",
        "kind": event.event_type,
        "to": event.webhook.endpoint_url,
        "recipientId": event.recipient_id,
        "status": timeline[-1]["status"],
        "created": milliseconds(event.created_at),
        "timeline": timeline,
    }


def _status(attempt: Any) -> Literal["sent", "deferred", "delivered", "failed"]:
    if getattr(attempt, "reported", False):
        return "delivered" if attempt.accepted else "failed"
    return "sent" if attempt.accepted else "deferred"


def _timeline(sent: Message | Event, attempts: Any, *, over: bool) -> list[Occurrence]:
    timeline: list[Occurrence] = [{"status": "queued", "created": milliseconds(sent.created_at)}]
    for each in attempts:
        status = _status(each)
        timeline.append({"status": status, "created": milliseconds(each.at), "reason": each.answer})
    if over and timeline[-1]["status"] == "deferred":
        timeline[-1]["status"] = "failed"
    return timeline
