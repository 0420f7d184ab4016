"""Make time-stamp tokens."""

from datetime import UTC, datetime

from django.db import connection
from paraph.algorithms import Digest
from paraph.timestamps import Failure, NotGranted

from paraph_trust.timestamping.clock import TimeNotAvailable
from paraph_trust.timestamping.queries import authority, clock, serving_unit


def respond(request: bytes, *, unit: str | None = None) -> bytes:
    """Answer a time-stamp request; what cannot be granted is refused in the protocol's own words.

    Raises:
        NotReady: no unit may sign, or not this one.
    """
    name = serving_unit(unit, at=datetime.now(UTC))
    signing = authority(name)
    try:
        question, at = signing.read(request), clock().now()
    except NotGranted as refusal:
        return signing.refuse(refusal.failure)
    except TimeNotAvailable:
        return signing.refuse(Failure.TIME_NOT_AVAILABLE)
    return signing.grant(question, at=at, serial=record(name, question.digest, at=at))


def record(unit: str, digest: Digest, *, at: datetime) -> int:
    """Write down that a token is made (EN 319 421 §7.12), and give it its serial number.

    The number was never given before, by any process, before or after any crash (RFC 3161 §2.4.2).
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO timestamping_token (serial, unit, at, algorithm, digest)"
            " VALUES (nextval('timestamping_serial'), %s, %s, %s, %s) RETURNING serial",
            [unit, at, digest.algorithm.value, digest.value],
        )
        (serial,) = cursor.fetchone()
    return int(serial)
