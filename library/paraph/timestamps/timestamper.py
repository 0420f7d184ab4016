"""Whoever time-stamps a digest: a service far away, or an authority in this process."""

import secrets
from collections.abc import Callable
from datetime import datetime
from typing import Protocol
from urllib.parse import urlsplit

from paraph import fetch
from paraph.algorithms import Digest
from paraph.errors import Unavailable
from paraph.timestamps.authority import Authority
from paraph.timestamps.request import request, token_of

_NONCE_BITS = 64
_OK = 200


class Timestamper(Protocol):
    """A source of time-stamp tokens."""

    def timestamp(self, digest: Digest, /) -> bytes:
        """A token over a digest, DER.

        Raises:
            Unavailable: the authority did not answer.
            Refused: it said no.
            BrokenToken: it answered something else.
        """


class HttpTimestamper:
    """A time-stamp authority behind an address (RFC 3161 §3.4)."""

    def __init__(self, url: str) -> None:
        self._url = url

    def __str__(self) -> str:
        """The host alone: paths and queries can hold secrets."""
        try:
            return urlsplit(self._url).hostname or "an address without a host"
        except ValueError:
            return "an address that cannot be read"

    def timestamp(self, digest: Digest) -> bytes:
        asked = request(digest, nonce=secrets.randbits(_NONCE_BITS))
        answer = fetch.post(self._url, asked, content_type="application/timestamp-query")
        if answer.status != _OK:
            raise Unavailable(f"The time-stamp authority answered with HTTP status {answer.status}.")
        return token_of(answer.body, asked)


class LocalTimestamper:
    """An authority in this process, for tests and measurements; serial numbers start anew with it."""

    def __init__(self, authority: Authority, clock: Callable[[], datetime]) -> None:
        self._authority, self._clock, self._serial = authority, clock, 0

    def __str__(self) -> str:
        return "the authority in this process"

    def timestamp(self, digest: Digest) -> bytes:
        self._serial += 1
        return self._authority.token(digest, at=self._clock(), serial=self._serial)
