"""Sending messages, and seeing to it that they arrive."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Literal

from django.db import transaction

from paraph_server.accounts.models import Tenant
from paraph_server.accounts.tenancy import id_of
from paraph_server.journal.actions import PLATFORM, defer, record
from paraph_server.notifications import carriers
from paraph_server.notifications.content import Content, render, spoken
from paraph_server.notifications.errors import NotDelivered
from paraph_server.notifications.models import Delivery, Message, Piece
from paraph_server.notifications.telephone import Report
from paraph_server.web.rows import insert

ATTEMPTS = 7  # with the pauses between them, about five hours
DELIVER = "paraph_server.notifications.tasks.deliver"


@transaction.atomic(savepoint=False)
def send(
    tenant: Tenant | str,
    *,
    channel: Literal["email", "sms", "voice"],
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
    message = Message(
        tenant_id=id_of(tenant),
        about=about,
        recipient_id=recipient_id,
        channel=channel,
        to=to,
        kind=kind,
        language=spoken(language),
        cause=cause,
        content=render(kind, channel, language, context).encrypted(),
        confidential=confidential,
        created_at=at,
    )
    insert([message])
    defer(DELIVER, tenant_id=message.tenant_id, message_id=message.pk)
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
    asked = carriers.of(message)
    failures = []
    for each in asked:
        try:
            taken = each.carry(message, Content.decrypt(bytes(message.content)))
        except NotDelivered as failure:
            failures.append(failure)
            _note(message, each.name, accepted=False, answer=str(failure), at=at)
        else:
            _note(message, each.name, accepted=True, answer=taken.answer, at=at)
            pieces = [
                Piece(tenant_id=message.tenant_id, message=message, carrier=each.name, reference=reference, sent_at=at)
                for reference in taken.references
            ]
            Piece.objects.bulk_create(pieces)
            message.sent_at = at
            _settle(message, "message:sent", answer=taken.answer, at=at)
            return None
    return _not_taken(message, failures, at)


def _not_taken(message: Message, failures: Sequence[NotDelivered], at: datetime) -> NotDelivered | None:
    """Nobody took it: for good, or to be tried again."""
    if not failures:
        nobody = NotDelivered("Nobody is configured who sends this (PARAPH_SMS_URL).", permanent=True)
        _note(message, "", accepted=False, answer=str(nobody), at=at)
        failures = [nobody]
    passing = [each for each in failures if not each.permanent]
    if passing and message.deliveries.count() < ATTEMPTS * len(failures):
        return passing[0]
    message.failed_at = at
    _settle(message, "message:failed", answer=str(failures[-1]), at=at)
    return None


@transaction.atomic
def take_report(message: Message, report: Report, *, carrier: str, at: datetime) -> None:
    """A carrier tells what became of a message that it had taken; told twice, it is known once."""
    message = Message.objects.select_for_update().get(pk=message.pk)
    if message.deliveries.filter(reported=True, carrier=carrier).exists():
        return
    _note(message, carrier, accepted=report.arrived, answer=report.answer, at=at, reported=True)
    event = "message:arrived" if report.arrived else "message:undelivered"
    _record(message, event, answer=report.answer, at=at)


@transaction.atomic
def take_receipt(piece: Piece, report: Report, *, at: datetime) -> None:
    """An SMSC tells what became of a piece: the message arrived when all of it did, and did not when one is lost."""
    message = Message.objects.select_for_update().get(pk=piece.message_id)
    Piece.objects.filter(pk=piece.pk, settled_at=None).update(settled_at=at)
    if report.arrived and message.pieces.filter(settled_at=None).exists():
        return
    take_report(message, report, carrier=piece.carrier, at=at)


def _note(message: Message, carrier: str, *, accepted: bool, answer: str, at: datetime, reported: bool = False) -> None:
    Delivery.objects.create(
        tenant_id=message.tenant_id,
        message=message,
        at=at,
        accepted=accepted,
        carrier=carrier,
        answer=answer[:300],
        reported=reported,
    )


def _settle(message: Message, event: str, *, answer: str, at: datetime) -> None:
    """Nothing more will be tried: what was confidential is wiped."""
    if message.confidential:
        message.content = None
    message.save(update_fields=["sent_at", "failed_at", "content"])
    _record(message, event, answer=answer, at=at)


def _record(message: Message, event: str, *, answer: str, at: datetime) -> None:
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
