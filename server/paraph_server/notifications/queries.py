"""What was sent to whom, and what became of it."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db.models import QuerySet

from paraph_server.accounts.tenancy import every_tenant
from paraph_server.notifications.models import Message, Piece

TOLD_WITHIN = timedelta(days=3)
"""After a text message went out: later nobody knows any more."""


def about(subjects: Iterable[str]) -> QuerySet[Message]:
    """The messages that speak of these, oldest first, each with its deliveries."""
    return Message.objects.filter(about__in=list(subjects)).prefetch_related("deliveries").order_by("created_at")


def piece(reference: str, *, at: datetime) -> Piece | None:
    """Whatever an SMSC calls by this number, whosever it is; numbers come back after a while, so the newest."""
    with every_tenant():
        told = Piece.objects.filter(reference__in=_spellings(reference), sent_at__gt=at - TOLD_WITHIN)
        return told.order_by("-sent_at").first()


def expects_receipts(*, at: datetime) -> bool:
    """Whether an SMSC has still to tell of something."""
    with every_tenant():
        return Piece.objects.filter(settled_at=None, sent_at__gt=at - TOLD_WITHIN).exists()


def _spellings(reference: str) -> set[str]:
    """Some SMSCs answer with a hexadecimal number, and tell of the same in decimals."""
    return {reference, *([f"{int(reference):x}"] if reference.isdecimal() else [])}


def caused_by(entry_id: str) -> QuerySet[Message]:
    """The messages that tell of an entry of the journal."""
    return Message.objects.filter(cause=entry_id)
