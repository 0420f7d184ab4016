"""How many there are.

A count that goes into the millions takes longer than a page of what is counted: above `EXACT` it is taken once a
minute, by one of those who ask; the others get the one before.
"""

from hashlib import sha256
from typing import Any

from django.core.cache import cache
from django.db import connection
from django.db.models import QuerySet

EXACT = 10_000
MINUTE = 60  # seconds
KEPT = 3600  # seconds until a count that nobody renews is forgotten


def total(found: Any) -> int:
    """How many there are: exactly up to `EXACT`, and above as somebody counted them lately."""
    found = found.order_by()
    key = _question(found)
    known: int | None = cache.get(key)
    if known is not None and not cache.add(f"{key}:counted", True, MINUTE):
        return known
    counted: int = found[: EXACT + 1].count()
    if counted > EXACT:
        counted = found.count()
        cache.set(key, counted, KEPT)
        cache.set(f"{key}:counted", True, MINUTE)
    else:
        cache.delete(key)
    return counted


def _question(found: QuerySet[Any]) -> str:
    """What PostgreSQL would be told: whose rows, and which of them."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('paraph.tenant', true)")
        said = repr((cursor.fetchone(), *found.query.sql_with_params()))
    return f"total:{sha256(said.encode()).hexdigest()}"
