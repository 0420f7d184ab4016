"""Make time-stamp tokens."""

from datetime import UTC, datetime

from paraph.timestamps import Failure

from paraph_trust.timestamping.clock import ClockJumped
from paraph_trust.timestamping.queries import authority, clock, next_serial, serving_unit


def respond(request: bytes, *, unit: str | None = None) -> bytes:
    """Answer a time-stamp request; what cannot be granted is refused in the protocol's own words.

    Raises:
        NotReady: no unit may sign, or not this one.
    """
    name = serving_unit(unit, at=datetime.now(UTC))
    try:
        at = clock().now()
    except ClockJumped:
        return authority(name).refuse(Failure.TIME_NOT_AVAILABLE)
    return authority(name).respond(request, at=at, serial=next_serial())
