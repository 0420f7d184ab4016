"""Webhooks over REST. No decisions here."""

from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from ninja import Query, Router, Schema, Status
from pydantic import Field

from paraph_server.accounts.api import caller
from paraph_server.web.errors import Forbidden
from paraph_server.web.listing import Listing
from paraph_server.webhooks import actions, queries, shapes
from paraph_server.workflows.api import acting

router = Router(tags=["webhooks"])


class WebhookIn(Schema):
    endpointUrl: str = Field(max_length=500)  # noqa: N815  the API's spelling
    notifiedEvents: list[str] = Field(default_factory=list, max_length=50)  # noqa: N815
    isGlobal: bool = False  # noqa: N815


class WebhookPatch(Schema):
    endpointUrl: str | None = Field(None, max_length=500)  # noqa: N815
    notifiedEvents: list[str] | None = Field(None, max_length=50)  # noqa: N815
    isDisabled: bool | None = None  # noqa: N815


class EventListing(Listing):
    webhookId: str = ""  # noqa: N815
    failed: bool = False
    """Only what was given up."""


@router.post("/tenants/{tenant_id}/webhooks", summary="Register an endpoint")
def register(request: HttpRequest, tenant_id: str, payload: WebhookIn) -> dict[str, Any]:
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
    return shapes.webhook(made) | {"secret": secret}


@router.get("/webhooks", summary="List webhooks")
def webhooks(request: HttpRequest, listing: Query[Listing]) -> dict[str, Any]:
    found = queries.webhooks(caller(request)).filter(endpoint_url__icontains=listing.text)
    return listing.page(found.order_by("-created_at"), shapes.webhook)


@router.get("/webhooks/{webhook_id}", summary="A webhook")
def webhook(request: HttpRequest, webhook_id: str) -> dict[str, Any]:
    return shapes.webhook(queries.webhook(caller(request), webhook_id))


@router.patch("/webhooks/{webhook_id}", summary="Change, stop or resume a webhook")
def change(request: HttpRequest, webhook_id: str, payload: WebhookPatch) -> dict[str, Any]:
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


@router.get("/webhookEvents", summary="What endpoints were told, and what was given up")
def events(request: HttpRequest, listing: Query[EventListing]) -> dict[str, Any]:
    found = queries.events(caller(request)).prefetch_related("attempts")
    if listing.webhookId:
        found = found.filter(webhook=listing.webhookId)
    if listing.failed:
        found = found.filter(failed_at__isnull=False)
    return listing.page(found.order_by("-created_at"), shapes.event)


@router.get("/webhookEvents/{event_id}", summary="An event, for receivers who want to be sure")
def event(request: HttpRequest, event_id: str) -> dict[str, Any]:
    return shapes.event(queries.event(caller(request), event_id))


@router.post("/webhookEvents/{event_id}/redeliver", summary="Tell an event once more")
def redeliver(request: HttpRequest, event_id: str) -> dict[str, Any]:
    told = actions.tell_again(queries.event(caller(request), event_id), by=acting(request), at=timezone.now())
    return shapes.event(told)
