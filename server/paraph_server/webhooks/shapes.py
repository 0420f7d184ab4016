"""Webhooks and their events as the REST API shows them."""

from typing import Any

from paraph_server.webhooks import delivery
from paraph_server.webhooks.models import Event, Webhook


def webhook(found: Webhook) -> dict[str, Any]:
    return {
        "id": found.pk,
        "tenantId": found.tenant_id,
        "userId": found.user_id,
        "isGlobal": found.is_global,
        "endpointUrl": found.endpoint_url,
        "notifiedEvents": found.notified_events,
        "isDisabled": found.is_disabled,
        "created": _milliseconds(found.created_at),
        "updated": _milliseconds(found.updated_at),
    }


def event(found: Event) -> dict[str, Any]:
    """What was told, and how the endpoint took it."""
    return delivery.payload(found) | {
        "delivered": _milliseconds(found.delivered_at),
        "failed": _milliseconds(found.failed_at),
        "attempts": [
            {"created": _milliseconds(each.at), "accepted": each.accepted, "answer": each.answer}
            for each in found.attempts.all()
        ],
    }


def _milliseconds(moment: Any) -> int | None:
    return moment and int(moment.timestamp() * 1000)
