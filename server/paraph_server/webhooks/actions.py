"""Register endpoints, and tell them."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued

from paraph_server.accounts.models import User
from paraph_server.journal.actions import Actor, record
from paraph_server.journal.models import Entry
from paraph_server.web.sealed import seal
from paraph_server.webhooks import delivery, queries
from paraph_server.webhooks.errors import BadEndpoint, NotHeard, UnknownEvent
from paraph_server.webhooks.models import Attempt, Event, Webhook
from paraph_server.workflows.events import KINDS, EventType
from paraph_server.workflows.models import Recipient, Workflow

DELIVER = "paraph_server.webhooks.tasks.deliver"
PATIENCE = timedelta(days=3)
LONGEST_PAUSE = 6 * 60 * 60  # seconds
POSTPONE = """
UPDATE procrastinate_jobs SET scheduled_at = now() + %s * interval '1 second'
WHERE queueing_lock = %s AND status = 'todo'
"""


@transaction.atomic
def register(
    user: User, *, endpoint_url: str, notified_events: Sequence[str], is_global: bool, by: Actor, at: datetime
) -> tuple[Webhook, str]:
    """A new webhook and its secret, which is shown this once.

    Raises:
        BadEndpoint: not an address that could be told.
        UnknownEvent: an event type that does not exist.
    """
    secret = delivery.new_secret()
    made = Webhook.objects.create(
        tenant_id=user.tenant_id,
        user=user,
        is_global=is_global,
        endpoint_url=_endpoint(endpoint_url),
        notified_events=_events(notified_events),
        secret=seal(secret),
        created_at=at,
        updated_at=at,
    )
    record("webhook:registered", tenant=user.tenant_id, subject=made.pk, by=by, at=at, endpoint=made.endpoint_url)
    return made, secret


@transaction.atomic
def change(
    webhook: Webhook,
    *,
    endpoint_url: str | None = None,
    notified_events: Sequence[str] | None = None,
    is_disabled: bool | None = None,
    by: Actor,
    at: datetime,
) -> Webhook:
    """Change what is given.

    Raises:
        BadEndpoint: not an address that could be told.
        UnknownEvent: an event type that does not exist.
    """
    if endpoint_url is not None:
        webhook.endpoint_url = _endpoint(endpoint_url)
    if notified_events is not None:
        webhook.notified_events = _events(notified_events)
    if is_disabled is not None:
        webhook.is_disabled = is_disabled
    webhook.updated_at = at
    webhook.save()
    tell_in(webhook.pk, seconds=0)
    record("webhook:changed", tenant=webhook.tenant_id, subject=webhook.pk, by=by, at=at, endpoint=webhook.endpoint_url)
    return webhook


@transaction.atomic
def remove(webhook: Webhook, *, by: Actor, at: datetime) -> None:
    """Tell it nothing more; what it was told stays on record."""
    webhook.removed_at = at
    webhook.save(update_fields=["removed_at"])
    record("webhook:removed", tenant=webhook.tenant_id, subject=webhook.pk, by=by, at=at)


@transaction.atomic
def announce(entry: Entry) -> None:
    """Have everybody told who listens; repeated, it changes nothing."""
    workflow = Workflow.objects.get(pk=entry.subject)
    for kind, recipient in _happened(entry):
        for webhook in queries.listening(workflow, kind):
            Event.objects.get_or_create(
                tenant_id=entry.tenant_id,
                webhook=webhook,
                entry=entry,
                event_type=kind,
                defaults={
                    "workflow": workflow,
                    "step": recipient.step if recipient else None,
                    "recipient": recipient if kind != EventType.STEP_FINISHED else None,
                    "created_at": entry.at,
                    "give_up_at": entry.at + PATIENCE,
                },
            )
            _wake(webhook)


@transaction.atomic
def tell_next(webhook_id: str, *, at: datetime) -> bool | NotHeard:
    """Tell an endpoint the oldest event that it has not heard; whether there was one.

    The event is locked meanwhile, so that two workers do not tell it twice. A failure is returned and not raised,
    because the attempt stays on record.
    """
    webhook = Webhook.objects.get(pk=webhook_id)
    event = None if webhook.is_disabled or webhook.removed_at else queries.waiting(webhook)
    if event is None:
        return False
    accepted, answer = delivery.deliver(event, at=at)
    Attempt.objects.create(tenant_id=event.tenant_id, event=event, at=at, accepted=accepted, answer=answer[:300])
    if accepted:
        event.delivered_at = at
    elif at >= event.give_up_at:
        event.failed_at = at
    else:
        return NotHeard(min(5 * 3 ** min(event.attempts.count() - 1, 10), LONGEST_PAUSE))
    event.save(update_fields=["delivered_at", "failed_at"])
    return True


@transaction.atomic
def tell_again(event: Event, *, by: Actor, at: datetime) -> Event:
    """Tell an event once more, whatever became of it."""
    event.delivered_at = event.failed_at = None
    event.give_up_at = at + PATIENCE
    event.save(update_fields=["delivered_at", "failed_at", "give_up_at"])
    tell_in(event.webhook_id, seconds=0)
    record("webhook:told-again", tenant=event.tenant_id, subject=event.webhook_id, by=by, at=at, told=event.pk)
    return event


@transaction.atomic
def tell_in(webhook_id: str, *, seconds: int) -> None:
    """Have an endpoint told in so many seconds, whatever was queued for it: it is told one event after the other."""
    webhook = Webhook.objects.get(pk=webhook_id)
    with connection.cursor() as cursor:
        cursor.execute(POSTPONE, [seconds, _lock(webhook)])
        queued = cursor.rowcount
    if not queued:
        _wake(webhook, wait=timedelta(seconds=seconds))


def _wake(webhook: Webhook, *, wait: timedelta | None = None) -> None:
    """Have a worker tell the endpoint what waits, unless one is about to."""
    lock, at = _lock(webhook), timezone.now() + wait if wait else None
    job = app.configure_task(DELIVER, allow_unknown=False, lock=lock, queueing_lock=lock, schedule_at=at)
    try:
        with transaction.atomic():
            job.defer(tenant_id=webhook.tenant_id, webhook_id=webhook.pk)
    except AlreadyEnqueued:
        return


def _lock(webhook: Webhook) -> str:
    """One job at a time is at work for an endpoint, and one at most is queued."""
    return f"webhook:{webhook.pk}"


def _happened(entry: Entry) -> Iterator[tuple[EventType, Recipient | None]]:
    """What an entry of the journal means to those outside."""
    kind, recipient_id = KINDS[entry.event], entry.payload.details.get("recipient")
    recipient = Recipient.everybody.select_related("step").get(pk=recipient_id) if recipient_id else None
    yield kind, recipient
    if kind == EventType.RECIPIENT_FINISHED and recipient and recipient.step.finished_at == entry.at:
        yield EventType.STEP_FINISHED, recipient


def _endpoint(url: str) -> str:
    try:
        parts = urlsplit(url.strip())
        port = parts.port
    except ValueError:
        raise BadEndpoint(_("This is not an address.")) from None
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.username or port == 0:
        raise BadEndpoint(_("Write the endpoint as https://example.org/path, without a user name."))
    return url.strip()


def _events(wanted: Sequence[str]) -> list[str]:
    for each in wanted:
        if each not in EventType.values:
            raise UnknownEvent(_("There is no event %(name)s.") % {"name": each[:60]})
    return sorted(set(wanted))
