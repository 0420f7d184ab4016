"""The only module that opens a connection: time-stamps, remote keys, certificate status, trusted lists."""

import ssl
from dataclasses import dataclass
from functools import cache
from urllib.parse import urlsplit

from paraph.errors import Unavailable

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
        with httpx2.stream(method, url, headers=headers, content=body, timeout=PATIENCE, verify=_roots()) as response:
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
def _roots() -> ssl.SSLContext:
    """Whom TLS trusts; reading the list takes longer than most requests, so it is read once."""
    import httpx2  # noqa: PLC0415  as above

    return httpx2.create_ssl_context()


def _host(url: str) -> str:
    """The part of an address that may stand in a message: paths and queries can hold secrets."""
    try:
        return urlsplit(url).hostname or "The address"
    except ValueError:
        return "The address"
