"""What a site is to a browser: scheme, host and port, written the one way that browsers compare."""

import re
from urllib.parse import urlsplit

from django.utils.translation import gettext as _

from paraph_server.embedding.errors import BadOrigin

LONGEST = 2000
"""Characters of an address to return to."""
HOST = re.compile(r"(?=.{1,253}\Z)[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*")
UNSAFE = re.compile(r"[^\x21-\x7e]|[\\\"'<>`]")
"""In an address that is going to stand in a header: a browser might read it otherwise than we do."""
LOOPBACK = ("localhost", "127.0.0.1")
PORTS = {"https": 443, "http": 80}


def canonical(written: str) -> str:
    """An origin as browsers write it: `https://shop.example.org`, `http://localhost:8042`.

    Plain HTTP is for trying things on one's own machine: elsewhere, anybody on the way could be the site.

    Raises:
        BadOrigin: it is none, or could be somebody else.
    """
    origin = of_address(written)
    if urlsplit(written.strip()).path not in {"", "/"} or "?" in written or "#" in written:
        raise _bad()
    return origin


def of_address(address: str) -> str:
    """The origin of an address; raises `BadOrigin` as `canonical` does."""
    address = address.strip()
    try:
        parts = urlsplit(address)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        raise _bad() from None
    if len(address) > LONGEST or "@" in parts.netloc or not HOST.fullmatch(host):
        raise _bad()
    if parts.scheme != "https" and not (parts.scheme == "http" and host in LOOPBACK):
        raise _bad()
    usual = port is None or port == PORTS[parts.scheme]
    return f"{parts.scheme}://{host}" if usual else f"{parts.scheme}://{host}:{port}"


def check_address(address: str) -> str:
    """The origin of an address that people will be sent to; raises `BadOrigin`."""
    if UNSAFE.search(address):
        raise _bad()
    return of_address(address)


def _bad() -> BadOrigin:
    return BadOrigin(_("Write a site as https://shop.example.org, or as http://localhost:8042 on your own machine."))
