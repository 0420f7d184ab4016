"""How an endpoint is told: JSON, signed as Standard Webhooks has it, and only where a stranger may send us."""

import base64
import hashlib
import hmac
import json
import secrets
from datetime import datetime
from http import HTTPStatus
from typing import Any

from paraph import fetch
from paraph.errors import Refused, Unavailable

from paraph_server.web.reach import reachable
from paraph_server.web.sealed import unseal
from paraph_server.webhooks.models import Event

PREFIX = "whsec_"
_SECRET_BYTES = 32


def payload(event: Event) -> dict[str, Any]:
    """What is told; receivers may read it again through the API."""
    told: dict[str, Any] = {
        "id": event.pk,
        "eventType": event.event_type,
        "workflowId": event.workflow_id,
        "tenantId": event.tenant_id,
        "webhookId": event.webhook_id,
        "created": int(event.created_at.timestamp() * 1000),
    }
    if event.step:
        told["stepId"] = event.step_id
    if event.recipient:
        told |= {"recipientEmail": event.recipient.email, "recipientUserId": event.recipient.user_id}
    return told


def deliver(event: Event, *, at: datetime) -> tuple[bool, str]:
    """Tell the endpoint; whether it took it, and what it answered."""
    body = json.dumps(payload(event), separators=(",", ":")).encode()
    try:
        answer = fetch.post(
            event.webhook.endpoint_url,
            body,
            content_type="application/json",
            headers=headers(event.pk, body, unseal(event.webhook.secret), at=at),
            reachable=reachable,
        )
    except (Unavailable, Refused) as failure:
        return False, str(failure)
    return answer.status // 100 == HTTPStatus.OK // 100, f"HTTP status {answer.status}"


def headers(identifier: str, body: bytes, secret: str, *, at: datetime) -> dict[str, str]:
    """The three headers of Standard Webhooks 1.0: HMAC-SHA256 over `id.timestamp.body`."""
    moment = str(int(at.timestamp()))
    key = base64.b64decode(secret.removeprefix(PREFIX))
    value = hmac.new(key, b".".join((identifier.encode(), moment.encode(), body)), hashlib.sha256).digest()
    return {
        "webhook-id": identifier,
        "webhook-timestamp": moment,
        "webhook-signature": f"v1,{base64.b64encode(value).decode()}",
    }


def new_secret() -> str:
    return PREFIX + base64.b64encode(secrets.token_bytes(_SECRET_BYTES)).decode()
