"""Where a request comes from, as far as we can know."""

from collections.abc import Sequence
from ipaddress import IPv4Address, IPv6Address, ip_address

from django.http import HttpRequest

from paraph_server.config.options import Network, options

Address = IPv4Address | IPv6Address


def of(request: HttpRequest) -> str:
    """The address of whoever sent the request.

    Anyone can write `X-Forwarded-For`; what the operator's own proxies (`PARAPH_TRUSTED_PROXIES`) wrote in it, from the
    right, is believed, and nothing before.
    """
    found = _read(request.META.get("REMOTE_ADDR") or "")
    written = request.headers.get("X-Forwarded-For", "").split(",")
    while found and written and _is_a_proxy(found):
        before = _read(written.pop())
        if before is None:
            break
        found = before
    return str(found) if found else ""


def agent(request: HttpRequest) -> str:
    """The browser's name for itself, cut to what is worth keeping."""
    return request.headers.get("User-Agent", "")[:300]


def came_through(request: HttpRequest, networks: Sequence[Network]) -> bool:
    """Whether whoever is connected with us, and not who they say to speak for, is in one of these networks."""
    found = _read(request.META.get("REMOTE_ADDR") or "")
    return found is not None and any(found in network for network in networks)


def _is_a_proxy(address: Address) -> bool:
    return any(address in network for network in options().proxies)


def _read(written: str) -> Address | None:
    """An address; IPv4 in IPv6's clothes is IPv4."""
    try:
        parsed = ip_address(written.strip())
    except ValueError:
        return None
    return getattr(parsed, "ipv4_mapped", None) or parsed
