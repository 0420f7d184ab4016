"""What sites ask when a signer comes back to them. No decisions here."""

from typing import Annotated, Any

from django.http import HttpRequest
from django.utils import timezone
from ninja import Router, Schema
from pydantic import Field

from paraph_server.accounts.api import caller
from paraph_server.signing import returns
from paraph_server.workflows import queries
from paraph_server.workflows.shapes import milliseconds

router = Router(tags=["workflows"])


class ReturnIn(Schema):
    code: Annotated[str, Field(max_length=2000)]


@router.post("/workflows/{workflow_id}/return", summary="What the code says with which a signer came back")
def come_back(request: HttpRequest, workflow_id: str, payload: ReturnIn) -> dict[str, Any]:
    """`outcome` is `signed`, `refused`, or `pending` for somebody who left before; believe this, not the browser."""
    workflow = queries.workflow(caller(request), workflow_id)
    found = returns.read(workflow, payload.code, at=timezone.now())
    return {
        "workflowId": workflow.pk,
        "workflowStatus": workflow.status.value,
        "recipientId": found.recipient_id,
        "outcome": found.outcome,
        "created": milliseconds(found.at),
    }
