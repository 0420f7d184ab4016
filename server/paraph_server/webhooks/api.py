"""Webhooks over REST. No decisions here."""

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from ninja import Query, Router, Schema, Status
from pydantic import Field

from paraph_server.accounts.api import caller
from paraph_server.journal.actors import acting
from paraph_server.web.errors import Forbidden
from paraph_server.web.listing import Listing, Paging
from paraph_server.web.schemas import Page
from paraph_server.webhooks import actions, deliveries, queries, schemas, shapes
from paraph_server.workflows import queries as workflows
from paraph_server.workflows.events import EventType

router = Router(tags=["webhooks"])


class WebhookIn(Schema):
    endpointUrl: str = Field(max_length=500)  # noqa: N815  the API's spelling
    notifiedEvents: list[str] = Field(default_factory=list, max_length=50)  # noqa: N815
    isGlobal: bool = False  # noqa: N815


class WebhookPatch(Schema):
    endpointUrl: str | None = Field(None, max_length=500)  # noqa: N815
    notifiedEvents: list[str] | None = Field(None, max_length=50)  # noqa: N815
    isDisabled: bool | None = None  # noqa: N815


class EventListing(Paging):
    webhookId: str = Field("", max_length=40, description="Only what this webhook was told.")  # noqa: N815
    workflowId: str = Field("", max_length=40, description="Only of this workflow.")  # noqa: N815
    eventType: EventType | None = Field(None, description="Only of this kind.")  # noqa: N815
    failed: bool = Field(default=False, description="Only the dead letters: what was given up.")


@router.post("/tenants/{tenant_id}/webhooks", summary="Register an endpoint", response=schemas.NewWebhook)
def register(request: HttpRequest, tenant_id: str, payload: WebhookIn) -> schemas.NewWebhook:
    """The `secret` is shown this once: deliveries are signed with it as Standard Webhooks says."""
    user = caller(request)
    if tenant_id != user.tenant_id:
        raise Forbidden(_("This is another organisation."))
    made, secret = actions.register(
        user,
        endpoint_url=payload.endpointUrl,
        notified_events=payload.notifiedEvents,
        is_global=payload.isGlobal,
        by=acting(request),
        at=timezone.now(),
    )
    return {**shapes.webhook(made), "secret": secret}


@router.get("/webhooks", summary="List webhooks", response=Page[schemas.Webhook])
def webhooks(request: HttpRequest, listing: Query[Listing]) -> Page[schemas.Webhook]:
    found = queries.webhooks(caller(request)).filter(endpoint_url__icontains=listing.text)
    return listing.page(listing.sorted(found, {"created": "created_at"}), shapes.webhook)


@router.get("/webhooks/{webhook_id}", summary="A webhook", response=schemas.Webhook)
def webhook(request: HttpRequest, webhook_id: str) -> schemas.Webhook:
    return shapes.webhook(queries.webhook(caller(request), webhook_id))


@router.patch("/webhooks/{webhook_id}", summary="Change, stop or resume a webhook", response=schemas.Webhook)
def change(request: HttpRequest, webhook_id: str, payload: WebhookPatch) -> schemas.Webhook:
    changed = actions.change(
        queries.webhook(caller(request), webhook_id),
        endpoint_url=payload.endpointUrl,
        notified_events=payload.notifiedEvents,
        is_disabled=payload.isDisabled,
        by=acting(request),
        at=timezone.now(),
    )
    return shapes.webhook(changed)


@router.delete("/webhooks/{webhook_id}", summary="Remove a webhook", response={204: None})
def remove(request: HttpRequest, webhook_id: str) -> Status[None]:
    actions.remove(queries.webhook(caller(request), webhook_id), by=acting(request), at=timezone.now())
    return Status(204, None)


@router.get(
    "/webhookEvents", summary="What endpoints were told, and what was given up", response=Page[schemas.WebhookEvent]
)
def events(request: HttpRequest, listing: Query[EventListing]) -> Page[schemas.WebhookEvent]:
    found = queries.events(caller(request)).prefetch_related("attempts")
    wanted = {"webhook": listing.webhookId, "workflow": listing.workflowId, "event_type": listing.eventType}
    found = found.filter(**{field: value for field, value in wanted.items() if value})
    if listing.failed:
        found = found.filter(failed_at__isnull=False)
    return listing.page(listing.sorted(found, {"created": "created_at"}), shapes.event)


@router.get(
    "/webhookEvents/{event_id}", summary="An event, for receivers who want to be sure", response=schemas.WebhookEvent
)
def event(request: HttpRequest, event_id: str) -> schemas.WebhookEvent:
    return shapes.event(queries.event(caller(request), event_id))


@router.post("/webhookEvents/{event_id}/redeliver", summary="Tell an event once more", response=schemas.WebhookEvent)
def redeliver(request: HttpRequest, event_id: str) -> schemas.WebhookEvent:
    told = actions.tell_again(queries.event(caller(request), event_id), by=acting(request), at=timezone.now())
    return shapes.event(told)


@router.get(
    "/workflows/{workflow_id}/deliveries", summary="What was sent, and what became of it", response=schemas.Deliveries
)
def workflow_deliveries(request: HttpRequest, workflow_id: str) -> schemas.Deliveries:
    """Every invitation, reminder, code, notice and webhook event of a workflow, each with its timeline."""
    return {"items": deliveries.of(workflows.workflow(caller(request), workflow_id))}
