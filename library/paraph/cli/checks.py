"""What a doctor's check says. Packages offer theirs as entry points of the group `paraph.checks`.

Each entry point is a callable without arguments that yields `Check`s. It runs in a process of its own, so that it may
set up whatever it likes.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

GROUP = "paraph.checks"


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that was looked at."""

    name: str
    ok: bool | None
    """None when there was nothing to look at, because it is not used here."""
    sentence: str
    remedy: str = ""
    """What to do when it is not well."""


Checks = Callable[[], Iterator[Check]]
