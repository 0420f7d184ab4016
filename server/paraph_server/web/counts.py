"""How many there are.

A count that goes into the millions takes longer than a page of what is counted: above `EXACT` it is taken once a
minute, by one of those who ask; the others get the one before.
"""

from collections.abc import Callable, Sequence
from hashlib import sha256
from typing import Any

from django.core.cache import cache
from django.db.models import QuerySet

from paraph_server.config.postgresql.base import ask

EXACT = 10_000
MINUTE = 60  # seconds
KEPT = 3600  # seconds until a count that nobody renews is forgotten


def total(found: QuerySet[Any]) -> int:
    """How many there are: exactly up to `EXACT`, and above as somebody counted them lately."""
    found = found.order_by()
    return lately(found.query.sql_with_params(), lambda: counted(found))


def lately(question: Sequence[object], count: Callable[[], int]) -> int:
    """The answer to a question, as somebody counted it lately; up to `EXACT` as it is now."""
    [speaks_for] = ask(("SELECT current_setting('paraph.tenant', true)", []))
    key = f"total:{sha256(repr((speaks_for, *question)).encode()).hexdigest()}"
    known: int | None = cache.get(key)
    if known is not None and not cache.add(f"{key}:counted", True, MINUTE):
        return known
    now = count()
    if now > EXACT:
        cache.set(key, now, KEPT)
        cache.set(f"{key}:counted", True, MINUTE)
    else:
        cache.delete(key)
    return now


def counted(found: QuerySet[Any]) -> int:
    """How many there are now: a few are counted sooner than all."""
    few = found[: EXACT + 1].count()
    return few if few <= EXACT else found.count()
