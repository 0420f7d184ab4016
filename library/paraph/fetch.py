"""The only module that opens a connection: time-stamps, remote keys, certificate status, trusted lists."""

import atexit
from dataclasses import dataclass
from functools import cache
from http.cookiejar import CookieJar, DefaultCookiePolicy
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from paraph.errors import Unavailable

if TYPE_CHECKING:
    import httpx2

LARGEST_ANSWER = 16 << 20
"""Bytes; a list of revoked certificates may be long, a hostile answer endless."""
PATIENCE = 10.0
"""Seconds for a connection, and for each piece of the answer."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back, whatever its status."""

    status: int
    content_type: str
    body: bytes


def get(url: str, *, headers: dict[str, str] | None = None) -> Answer:
    """Ask for what lies behind an address.

    Raises:
        Unavailable: no connection, no answer in time, or more than `LARGEST_ANSWER`.
    """
    return _send("GET", url, headers=headers or {}, body=None)


def post(url: str, body: bytes, *, content_type: str, headers: dict[str, str] | None = None) -> Answer:
    """Send something and read what is answered; nothing is sent twice.

    Raises:
        Unavailable: no connection, no answer in time, or more than `LARGEST_ANSWER`.
    """
    return _send("POST", url, headers={**(headers or {}), "Content-Type": content_type}, body=body)


def _send(method: str, url: str, *, headers: dict[str, str], body: bytes | None) -> Answer:
    import httpx2  # noqa: PLC0415  it takes longer to load than a seal to make, and most seals ask nobody

    try:
        with _client().stream(method, url, headers=headers, content=body) as response:
            received = bytearray()
            for piece in response.iter_bytes():
                received += piece
                if len(received) > LARGEST_ANSWER:
                    raise Unavailable(f"{_host(url)} answered with more than {LARGEST_ANSWER >> 20} MB.")
            content_type = response.headers.get("content-type", "").partition(";")[0].strip().lower()
            return Answer(response.status_code, content_type, bytes(received))
    except (httpx2.HTTPError, httpx2.InvalidURL) as error:
        reason = str(error) or type(error).__name__
        raise Unavailable(f"{_host(url)} does not answer ({reason}).") from error


@cache
def _client() -> "httpx2.Client":
    """Keeps connections open for the next request, and no cookies: what one asks says nothing of what another did."""
    import httpx2  # noqa: PLC0415  as above

    nobody = CookieJar(DefaultCookiePolicy(allowed_domains=[]))
    client = httpx2.Client(timeout=PATIENCE, cookies=nobody)
    atexit.register(client.close)
    return client


def _host(url: str) -> str:
    """The part of an address that may stand in a message: paths and queries can hold secrets."""
    try:
        return urlsplit(url).hostname or "The address"
    except ValueError:
        return "The address"
