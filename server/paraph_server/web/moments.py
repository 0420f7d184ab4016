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


@overload
def moment(written: int) -> datetime: ...
@overload
def moment(written: int | None) -> datetime | None: ...
def moment(written: int | None) -> datetime | None:
    return None if written is None else datetime.fromtimestamp(written / 1000, UTC)
