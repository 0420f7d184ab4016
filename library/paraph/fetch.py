"""The only module that opens a connection: time-stamps, remote keys, certificate status, trusted lists."""

import atexit
import socket
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from http.cookiejar import CookieJar, DefaultCookiePolicy
from ipaddress import IPv4Address, IPv6Address, ip_address
from typing import TYPE_CHECKING
from urllib.parse import SplitResult, urlsplit, urlunsplit

from paraph.errors import Refused, Unavailable

if TYPE_CHECKING:
    import httpx2

Reachable = Callable[[IPv4Address | IPv6Address], bool]
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


def post(
    url: str,
    body: bytes,
    *,
    content_type: str,
    headers: dict[str, str] | None = None,
    reachable: Reachable | None = None,
) -> Answer:
    """Send something and read what is answered; nothing is sent twice.

    Args:
        url: where to.
        body: what.
        content_type: of `body`.
        headers: further ones.
        reachable: whether an address may be asked, where strangers say whom to ask; it is the one that is connected to.

    Raises:
        Unavailable: no connection, no answer in time, or more than `LARGEST_ANSWER`.
        Refused: the host has an address that is not `reachable`.
    """
    given = {**(headers or {}), "Content-Type": content_type}
    if reachable is None:
        return _send("POST", url, headers=given, body=body)
    try:
        parts = urlsplit(url)
        pinned = _pinned(parts, reachable)
    except (OSError, ValueError) as error:
        raise Unavailable(f"{_host(url)} is not known.") from error
    return _send("POST", pinned, headers=given | {"Host": parts.netloc}, body=body, name=parts.hostname or "")


def _pinned(url: SplitResult, reachable: Reachable) -> str:
    """The address with a number in the place of the host: what was looked at is what is asked."""
    found = socket.getaddrinfo(url.hostname, url.port or url.scheme, type=socket.SOCK_STREAM)
    addresses = [ip_address(str(each[4][0]).partition("%")[0]) for each in found]
    if not all(map(reachable, addresses)):
        raise Refused(f"{url.hostname} lies in a network that is not asked from here.")
    number = f"[{addresses[0]}]" if isinstance(addresses[0], IPv6Address) else str(addresses[0])
    return urlunsplit(url._replace(netloc=f"{number}:{url.port}" if url.port else number))


def _send(method: str, url: str, *, headers: dict[str, str], body: bytes | None, name: str = "") -> Answer:
    import httpx2  # noqa: PLC0415  it takes longer to load than a seal to make, and most seals ask nobody

    try:
        known_as = {"sni_hostname": name} if name else {}
        with _client().stream(method, url, headers=headers, content=body, extensions=known_as) as response:
            received = bytearray()
            for piece in response.iter_bytes():
                received += piece
                if len(received) > LARGEST_ANSWER:
                    raise Unavailable(f"{name or _host(url)} answered with more than {LARGEST_ANSWER >> 20} MB.")
            content_type = response.headers.get("content-type", "").partition(";")[0].strip().lower()
            return Answer(response.status_code, content_type, bytes(received))
    except (httpx2.HTTPError, httpx2.InvalidURL) as error:
        reason = str(error) or type(error).__name__
        raise Unavailable(f"{name or _host(url)} does not answer ({reason}).") from error


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
