"""How many there are.

A count that goes into the millions takes longer than a page of what is counted: above `EXACT` it is taken once a
minute, by one of those who ask; the others get the one before.
"""

from collections.abc import Callable
from hashlib import sha256
from typing import Any

from django.core.cache import cache
from django.db.models import QuerySet

from paraph_server.config.postgresql.base import ask

EXACT = 10_000
MINUTE = 60  # seconds
KEPT = 3600  # seconds until a count that nobody renews is forgotten


def total(found: Any) -> int:
    """How many there are: exactly up to `EXACT`, and above as somebody counted them lately."""
    found = found.order_by()
    return lately(found, lambda: _counted(found))


def lately(found: QuerySet[Any], count: Callable[[], int]) -> int:
    """A count of what is found, as somebody took it lately; up to `EXACT` as it is now."""
    key = _question(found)
    known: int | None = cache.get(key)
    if known is not None and not cache.add(f"{key}:counted", True, MINUTE):
        return known
    counted = count()
    if counted > EXACT:
        cache.set(key, counted, KEPT)
        cache.set(f"{key}:counted", True, MINUTE)
    else:
        cache.delete(key)
    return counted


def _counted(found: QuerySet[Any]) -> int:
    few = found[: EXACT + 1].count()
    return few if few <= EXACT else found.count()


def _question(found: QuerySet[Any]) -> str:
    """What PostgreSQL would be told: whose rows, and which of them."""
    [speaks_for] = ask(("SELECT current_setting('paraph.tenant', true)", []))
    said = repr((speaks_for, *found.query.sql_with_params()))
    return f"total:{sha256(said.encode()).hexdigest()}"
