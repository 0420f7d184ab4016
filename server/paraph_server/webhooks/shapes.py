"""Webhooks and their events as the REST API shows them."""

from typing import cast

from paraph_server.web.moments import milliseconds
from paraph_server.webhooks import delivery, schemas
from paraph_server.webhooks.models import Event, Webhook


def webhook(found: Webhook) -> schemas.Webhook:
    return {
        "id": found.pk,
        "tenantId": found.tenant_id,
        "userId": found.user_id,
        "isGlobal": found.is_global,
        "endpointUrl": found.endpoint_url,
        "notifiedEvents": found.notified_events,
        "isDisabled": found.is_disabled,
        "created": milliseconds(found.created_at),
        "updated": milliseconds(found.updated_at),
    }


def event(found: Event) -> schemas.WebhookEvent:
    """What was told, and how the endpoint took it."""
    taken = {
        "delivered": milliseconds(found.delivered_at),
        "failed": milliseconds(found.failed_at),
        "attempts": [
            {"created": milliseconds(each.at), "accepted": each.accepted, "answer": each.answer}
            for each in found.attempts.all()
        ],
    }
    return cast("schemas.WebhookEvent", delivery.payload(found) | taken)
