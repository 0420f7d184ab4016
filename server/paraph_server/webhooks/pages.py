"""The sender's page of deliveries."""

from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.views.decorators.http import require_safe

from paraph_server.web.moments import moment
from paraph_server.webhooks import deliveries
from paraph_server.webhooks.schemas import Delivery
from paraph_server.workflows import queries as workflows
from paraph_server.workflows.models import Workflow
from paraph_server.workflows.pages import of_workflow


@of_workflow
@require_safe
def timeline(request: HttpRequest, workflow: Workflow) -> HttpResponse:
    """What was sent to whom, and what became of it."""
    names = {each.pk: each.name for each in workflows.recipients(workflow)} | {workflow.owner_id: workflow.owner.name}
    made = [_shown(each, names.get(each["recipientId"] or "", "")) for each in deliveries.of(workflow)]
    return render(request, "webhooks/deliveries.html", {"workflow": workflow, "deliveries": made})


def _shown(delivery: Delivery, name: str) -> dict[str, Any]:
    occurrences: list[tuple[datetime, str, str]] = [
        (moment(each["created"]), each["status"], each.get("reason", "")) for each in delivery["timeline"]
    ]
    return {**delivery, "name": name, "occurrences": occurrences}


urlpatterns = [path("workflows/<str:workflow_id>/deliveries/", timeline, name="deliveries")]
