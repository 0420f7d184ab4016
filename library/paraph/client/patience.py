"""When a call is made again, and after how long."""

import random
from dataclasses import dataclass
from http import HTTPStatus

from paraph.client.calls import Answer, Call, Silence

_NOT_DONE = {HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE}
_PERHAPS_DONE = {HTTPStatus.BAD_GATEWAY, HTTPStatus.GATEWAY_TIMEOUT}
_DICE = random.SystemRandom()


@dataclass(frozen=True, slots=True)
class Patience:
    """How often a call is tried, and how long is waited between tries: twice as long each time, a little by chance.

    What the server says in `Retry-After` goes before; when that is more than `longest`, the call fails at once.
    What a broken connection may have brought to the server is sent again only where that does no harm.
    """

    tries: int = 4
    first: float = 0.5
    """Seconds."""
    longest: float = 60.0

    def after(self, call: Call[object], outcome: "Answer | Silence", *, tried: int) -> float | None:
        """Seconds until the next try; None when this outcome stands."""
        if tried >= self.tries or not _worth_another(call, outcome):
            return None
        wished = outcome.retry_after if isinstance(outcome, Answer) else None
        if wished is not None:
            return wished if wished <= self.longest else None
        return min(self.first * 2.0 ** (tried - 1), self.longest) * _DICE.uniform(0.5, 1)


def _worth_another(call: Call[object], outcome: "Answer | Silence") -> bool:
    if isinstance(outcome, Silence):
        return call.repeatable or not outcome.sent
    return outcome.status in _NOT_DONE or (call.repeatable and outcome.status in _PERHAPS_DONE)
