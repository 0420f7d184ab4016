"""When a call is made again, and after how long."""

import random
from dataclasses import dataclass
from http import HTTPStatus

from paraph.client.calls import Answer, Silence

_BUSY = {
    HTTPStatus.TOO_MANY_REQUESTS,
    HTTPStatus.BAD_GATEWAY,
    HTTPStatus.SERVICE_UNAVAILABLE,
    HTTPStatus.GATEWAY_TIMEOUT,
}
_DICE = random.SystemRandom()


@dataclass(frozen=True, slots=True)
class Patience:
    """How often a call is tried, and how long is waited between tries: twice as long each time, a little by chance.

    What the server says in `Retry-After` goes before; when that is more than `longest`, the call fails at once. What a
    broken connection may have brought to the server is sent again, too: by its key it is known for a repetition.
    """

    tries: int = 4
    first: float = 0.5
    """Seconds."""
    longest: float = 60.0

    def after(self, outcome: Answer | Silence, *, tried: int) -> float | None:
        """Seconds until the next try; None when this outcome stands."""
        wished = outcome.retry_after if isinstance(outcome, Answer) and outcome.refused else None
        worth = isinstance(outcome, Silence) or outcome.status in _BUSY or wished is not None
        if tried >= self.tries or not worth:
            return None
        if wished is not None:
            return wished if wished <= self.longest else None
        return min(self.first * 2.0 ** (tried - 1), self.longest) * _DICE.uniform(0.5, 1)
