"""Read the log."""

from typing import Any

from paraph_trust.errors import TrustError
from paraph_trust.log.models import GENESIS, Entry


class BrokenChain(TrustError):
    """An entry was changed, removed or slipped in behind the service's back."""


def verify() -> int:
    """Follow the whole chain and return its length.

    Raises:
        BrokenChain: names the first entry that does not follow from the one before.
    """
    previous, expected = GENESIS, 1
    for entry in Entry.objects.order_by("sequence").iterator():
        follows = entry.sequence == expected and bytes(entry.previous) == previous
        if not follows or bytes(entry.hash) != entry.chained():
            raise BrokenChain(f"The log is broken at entry {entry.sequence}.")
        previous, expected = bytes(entry.hash), expected + 1
    return expected - 1


def told(event: str, *, subject: str) -> dict[str, Any]:
    """The details of the newest entry about an event; empty if there is none."""
    newest = Entry.objects.filter(event=event, subject=subject).order_by("-sequence").first()
    return dict(newest.details) if newest else {}
