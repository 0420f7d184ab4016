"""The only module that opens a connection: time-stamps, remote keys, certificate status, trusted lists."""

import atexit
import socket
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from http.cookiejar import CookieJar, DefaultCookiePolicy
from ipaddress import IPv4Address, IPv6Address, ip_address
from time import monotonic
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


def get(url: str, *, headers: dict[str, str] | None = None, reachable: Reachable | None = None) -> Answer:
    """Ask for what lies behind an address; `reachable` as in `post`.

    Raises:
        Unavailable: no connection, no answer in time, or more than `LARGEST_ANSWER`.
        Refused: the host has an address that is not `reachable`.
    """
    return _ask("GET", url, headers=headers or {}, body=None, reachable=reachable)


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
    return _ask("POST", url, headers=given, body=body, reachable=reachable)


@contextmanager
def download(url: str, *, reachable: Reachable, patience: float) -> Iterator[tuple[int, Iterator[bytes]]]:
    """What lies behind an address that a stranger names: the status, and the body bit by bit.

    Where it leads further is not followed. Whoever reads it says how much is enough; it takes no longer than
    `patience` seconds.

    Raises:
        Unavailable: no connection, or no answer in time.
        Refused: the host has an address that is not `reachable`.
    """
    import httpx2  # noqa: PLC0415  as below

    pinned, netloc, name = _looked_up(url, reachable)
    headers = {"Host": netloc, "Accept-Encoding": "identity"}
    try:
        with _client().stream("GET", pinned, headers=headers, extensions={"sni_hostname": name}) as response:
            yield response.status_code, _in_time(response.iter_raw(), name, monotonic() + patience)
    except (httpx2.HTTPError, httpx2.InvalidURL) as error:
        raise Unavailable(f"{name} does not answer ({str(error) or type(error).__name__}).") from error


def _in_time(pieces: Iterable[bytes], name: str, until: float) -> Iterator[bytes]:
    for piece in pieces:
        if monotonic() > until:
            raise Unavailable(f"{name} answers too slowly.")
        yield piece


def _looked_up(url: str, reachable: Reachable) -> tuple[str, str, str]:
    """The address with a number in the place of the host; the host with its port; and its name."""
    try:
        parts = urlsplit(url)
        return _pinned(parts, reachable), parts.netloc, parts.hostname or ""
    except (OSError, ValueError) as error:
        raise Unavailable(f"{_host(url)} is not known.") from error


def _pinned(url: SplitResult, reachable: Reachable) -> str:
    """The address with a number in the place of the host: what was looked at is what is asked."""
    found = socket.getaddrinfo(url.hostname, url.port or url.scheme, type=socket.SOCK_STREAM)
    addresses = [ip_address(str(each[4][0]).partition("%")[0]) for each in found]
    if not all(map(reachable, addresses)):
        raise Refused(f"{url.hostname} lies in a network that is not asked from here.")
    number = f"[{addresses[0]}]" if isinstance(addresses[0], IPv6Address) else str(addresses[0])
    return urlunsplit(url._replace(netloc=f"{number}:{url.port}" if url.port else number))


def _ask(method: str, url: str, *, headers: dict[str, str], body: bytes | None, reachable: Reachable | None) -> Answer:
    if reachable is None:
        return _send(method, url, headers=headers, body=body)
    pinned, netloc, name = _looked_up(url, reachable)
    return _send(method, pinned, headers=headers | {"Host": netloc}, body=body, name=name)


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
