"""The units' authorities, and their clock."""

from datetime import datetime
from functools import cache

from paraph.timestamps import Authority

from paraph_trust.authority.queries import TIMESTAMPING, serving, signer
from paraph_trust.config.options import options
from paraph_trust.errors import NotReady
from paraph_trust.timestamping.clock import Clock
from paraph_trust.timestamping.models import Unit
from paraph_trust.timestamping.reference import Reference


def unit(name: str) -> Unit:
    """What was decided about a unit.

    Raises:
        NotReady: there is none of this name.
    """
    try:
        return Unit.objects.get(name=name)
    except Unit.DoesNotExist:
        raise NotReady(f"There is no time-stamping unit {name}: perform the key ceremony.") from None


def serving_unit(name: str | None, *, at: datetime) -> str:
    """The unit of this name or, without one, the newest: it signs in its predecessors' place (EN 319 421 §7.6).

    Raises:
        NotReady: it is not there, its key is retired or its certificate over.
    """
    return str(serving(TIMESTAMPING, name=name, at=at).name)


@cache
def authority(name: str) -> Authority:
    """A unit's key and policy, opened once per process."""
    return Authority(signer(name), policy=unit(name).policy, accuracy=unit(name).accuracy)


@cache
def clock() -> Clock:
    """The guarded clock of this process, good enough for the unit that promises most."""
    accuracy = min(unit.accuracy for unit in Unit.objects.all())
    servers = options().servers
    if not servers:
        return Clock(accuracy)
    reference = Reference(servers, accuracy.total_seconds())
    reference.watch()
    return Clock(accuracy, reference)
