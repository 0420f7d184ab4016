"""How often an access token may call: a bucket per token, filled evenly, counted in PostgreSQL.

There and not in memory, because several processes on several hosts answer the same token; in an unlogged table, because
it costs one short statement and nobody misses it after a crash. A refused call takes nothing out of the bucket.
"""

from dataclasses import dataclass
from datetime import datetime
from math import ceil

from django.db import connection

from paraph_server.accounts.models import AccessToken

WINDOW = 60  # seconds
TAKE = """
INSERT INTO accounts_allowance AS had (token_id, tenant_id, remaining, granted, at)
VALUES (%(token)s, %(tenant)s, %(limit)s - 1, true, %(at)s)
ON CONFLICT (token_id) DO UPDATE SET (remaining, granted, at) = (
    SELECT CASE WHEN filled >= 1 THEN filled - 1 ELSE filled END, filled >= 1, greatest(had.at, excluded.at)
    FROM (SELECT least(%(limit)s, had.remaining + %(limit)s::float / %(window)s
        * greatest(0, extract(epoch FROM excluded.at - had.at))) AS filled) AS bucket
)
RETURNING remaining, granted
"""


@dataclass(frozen=True, slots=True)
class Taken:
    """What came of a call, and what is left."""

    granted: bool
    limit: int
    remaining: float

    @property
    def retry_after(self) -> int:
        """Seconds until one call is possible."""
        return ceil(max(0.0, 1 - self.remaining) * WINDOW / self.limit)

    @property
    def headers(self) -> dict[str, str]:
        """As the IETF's draft on RateLimit header fields writes them."""
        full = ceil((self.limit - self.remaining) * WINDOW / self.limit)
        return {
            "RateLimit-Policy": f'"token";q={self.limit};w={WINDOW}',
            "RateLimit": f'"token";r={int(self.remaining)};t={full}',
        }


def take(token: AccessToken, *, limit: int, at: datetime) -> Taken:
    """Count a call of a token that may call `limit` times a minute, and all of them at once after a pause."""
    facts: dict[str, str | int | datetime] = {
        "token": token.pk,
        "tenant": token.tenant_id,
        "limit": limit,
        "window": WINDOW,
        "at": at,
    }
    with connection.cursor() as cursor:
        cursor.execute(TAKE, facts)
        remaining, granted = cursor.fetchone()
    return Taken(granted, limit, remaining)
