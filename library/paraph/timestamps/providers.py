"""Several time-stamp authorities in the order of preference: the first that answers."""

import time
from collections.abc import Iterator, Sequence

from paraph.algorithms import Digest
from paraph.errors import BrokenToken, InputError, Refused, Unavailable, Untrusted
from paraph.timestamps.timestamper import Timestamper

_REST = 60.0
"""Seconds for which one that failed is asked last: no batch waits for a dead service at every document."""


class Providers:
    """A source of tokens that fails only when all of its sources do.

    What an authority answers wrongly counts as a failure of that authority alone: the next one is asked.
    """

    def __init__(self, timestampers: Sequence[Timestamper]) -> None:
        if not timestampers:
            raise InputError("No time-stamp authority is named.")
        self._timestampers = tuple(timestampers)
        self._failed: dict[int, float] = {}

    def timestamp(self, digest: Digest) -> bytes:
        """A token over a digest, DER.

        Raises:
            Unavailable: no authority gave one; the message says of each why.
        """
        reasons: list[str] = []
        for place, timestamper in self._by_preference():
            try:
                token = timestamper.timestamp(digest)
            except (Unavailable, Refused, BrokenToken, Untrusted) as error:
                self._failed[place] = time.monotonic()
                reasons.append(f"{timestamper}: {error}")
            else:
                self._failed.pop(place, None)
                return token
        raise Unavailable(f"No time-stamp authority gave a token. {' '.join(reasons)}")

    def __str__(self) -> str:
        return ", ".join(map(str, self._timestampers))

    def _by_preference(self) -> Iterator[tuple[int, Timestamper]]:
        """In the given order, those that failed just now behind the others."""
        now = time.monotonic()
        resting = {place for place, since in self._failed.items() if now - since < _REST}
        order = sorted(range(len(self._timestampers)), key=lambda place: (place in resting, place))
        return ((place, self._timestampers[place]) for place in order)
