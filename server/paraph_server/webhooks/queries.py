"""Find webhooks and what they are told. A user sees their own."""

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from paraph_server.accounts.models import User
from paraph_server.webhooks.errors import NoSuchWebhook, NoSuchWebhookEvent
from paraph_server.webhooks.models import Event, Webhook
from paraph_server.workflows.events import EventType
from paraph_server.workflows.models import Workflow


def webhooks(user: User) -> QuerySet[Webhook]:
    return Webhook.objects.filter(user=user, removed_at=None)


def webhook(user: User, webhook_id: str) -> Webhook:
    found = webhooks(user).filter(pk=webhook_id).first()
    if found is None:
        raise NoSuchWebhook(_("There is no such webhook."))
    return found


def events(user: User) -> QuerySet[Event]:
    return Event.objects.filter(webhook__in=webhooks(user)).select_related("webhook", "step", "recipient")


def told_of(workflow: Workflow) -> QuerySet[Event]:
    """What anybody's endpoints were told of a workflow, the latest first."""
    found = Event.objects.filter(workflow=workflow).select_related("webhook")
    return found.prefetch_related("attempts").order_by("-created_at", "-pk")


def event(user: User, event_id: str) -> Event:
    found = events(user).filter(pk=event_id).first()
    if found is None:
        raise NoSuchWebhookEvent(_("There is no such webhook event."))
    return found


def listening(workflow: Workflow, kind: EventType) -> list[Webhook]:
    """Who wants to be told of an event of a workflow."""
    mine = Q(is_global=True) | Q(user_id=workflow.owner_id)
    active = Webhook.objects.filter(mine, is_disabled=False, removed_at=None)
    return [each for each in active if not each.notified_events or kind in each.notified_events]


def waiting(webhook: Webhook) -> Event | None:
    """What the endpoint is told next: events keep their order."""
    open_events = webhook.events.filter(delivered_at=None, failed_at=None)
    return open_events.select_for_update(of=("self",)).select_related("step", "recipient").first()
