"""What was sent to whom, and what became of it."""

from collections.abc import Iterable

from django.db.models import QuerySet

from paraph_server.notifications.models import Message


def about(subjects: Iterable[str]) -> QuerySet[Message]:
    """The messages that speak of these, oldest first, each with its deliveries."""
    return Message.objects.filter(about__in=list(subjects)).prefetch_related("deliveries").order_by("created_at")


def caused_by(entry_id: str) -> QuerySet[Message]:
    """The messages that tell of an entry of the journal."""
    return Message.objects.filter(cause=entry_id)
