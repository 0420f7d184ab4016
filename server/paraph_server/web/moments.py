"""Times and lengths of time as the REST API writes them: milliseconds."""

from datetime import UTC, datetime, timedelta
from typing import overload

MILLISECOND = timedelta(milliseconds=1)


@overload
def milliseconds(at: datetime) -> int: ...
@overload
def milliseconds(at: datetime | None) -> int | None: ...
def milliseconds(at: datetime | None) -> int | None:
    """Since 1970."""
    return None if at is None else int(at.timestamp() * 1000)


def moment(written: int) -> datetime:
    return datetime.fromtimestamp(written / 1000, UTC)
