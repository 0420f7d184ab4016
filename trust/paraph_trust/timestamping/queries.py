"""The unit's authority and its next serial number."""

from functools import cache

from django.db import connection
from paraph.timestamps import Authority

from paraph_trust.authority.queries import TIMESTAMPING, signer
from paraph_trust.errors import NotReady
from paraph_trust.timestamping.clock import Clock
from paraph_trust.timestamping.models import Unit


def unit() -> Unit:
    """The unit that the ceremony set up."""
    found = Unit.objects.first()
    if found is None:
        raise NotReady("There is no time-stamping unit: perform the key ceremony.")
    return found


@cache
def authority() -> Authority:
    """The unit's key and policy, opened once per process."""
    return Authority(signer(TIMESTAMPING), policy=unit().policy, accuracy=unit().accuracy)


@cache
def clock() -> Clock:
    """The guarded clock of this process."""
    return Clock(unit().accuracy)


def next_serial() -> int:
    """A serial number that was never given before, by any process, before or after any crash (RFC 3161 §2.4.2)."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval('timestamping_serial')")
        (serial,) = cursor.fetchone()
    return int(serial)
