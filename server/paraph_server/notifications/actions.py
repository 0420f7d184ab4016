"""Sending messages, and seeing to it that they arrive."""

from collections.abc import Mapping
from datetime import datetime
from typing import Literal

from django.db import transaction
from procrastinate.contrib.django import app

from paraph_server.accounts.models import Tenant
from paraph_server.accounts.tenancy import id_of
from paraph_server.journal.actions import PLATFORM, record
from paraph_server.notifications.carriers import carry
from paraph_server.notifications.content import Content, render
from paraph_server.notifications.errors import NotDelivered
from paraph_server.notifications.models import Delivery, Message

ATTEMPTS = 7  # with the pauses between them, about five hours
DELIVER = "paraph_server.notifications.tasks.deliver"


@transaction.atomic(savepoint=False)
def send(
    tenant: Tenant | str,
    *,
    channel: Literal["email", "sms"],
    to: str,
    kind: str,
    context: Mapping[str, object],
    language: str,
    about: str,
    recipient_id: str,
    confidential: bool = False,
    cause: str = "",
    at: datetime,
) -> Message:
    """Write a message to somebody and have it delivered; `kinds` says what each kind's context holds.

    The words are fixed now: what changes later does not change what was said. The caller tells the journal why.
    """
    message = Message.objects.create(
        tenant_id=id_of(tenant),
        about=about,
        recipient_id=recipient_id,
        channel=channel,
        to=to,
        kind=kind,
        cause=cause,
        content=render(kind, channel, language, context).encrypted(),
        confidential=confidential,
        created_at=at,
    )
    app.configure_task(DELIVER, allow_unknown=False).defer(tenant_id=message.tenant_id, message_id=message.pk)
    return message


@transaction.atomic
def attempt(message_id: str, *, at: datetime) -> NotDelivered | None:
    """Try to deliver a message that still waits; what stood in the way, if it is worth trying again.

    The message is locked meanwhile, so that two workers do not send it twice. Returned and not raised, because the
    attempt stays on record.
    """
    message = Message.objects.select_for_update().get(pk=message_id)
    if message.sent_at or message.failed_at or message.content is None:
        return None
    try:
        answer = carry(message, Content.decrypt(bytes(message.content)))
    except NotDelivered as failure:
        _note(message, accepted=False, answer=str(failure), at=at)
        if not failure.permanent and message.deliveries.count() < ATTEMPTS:
            return failure
        message.failed_at = at
        _settle(message, "message:failed", answer=str(failure), at=at)
    else:
        _note(message, accepted=True, answer=answer, at=at)
        message.sent_at = at
        _settle(message, "message:sent", answer=answer, at=at)
    return None


def _note(message: Message, *, accepted: bool, answer: str, at: datetime) -> None:
    Delivery.objects.create(tenant_id=message.tenant_id, message=message, at=at, accepted=accepted, answer=answer[:300])


def _settle(message: Message, event: str, *, answer: str, at: datetime) -> None:
    """Nothing more will be tried: what was confidential is wiped."""
    if message.confidential:
        message.content = None
    message.save(update_fields=["sent_at", "failed_at", "content"])
    record(
        event,
        tenant=message.tenant_id,
        subject=message.about,
        by=PLATFORM,
        at=at,
        message=message.pk,
        recipient=message.recipient_id,
        channel=message.channel,
        to=message.to,
        kind=message.kind,
        answer=answer[:300],
    )
