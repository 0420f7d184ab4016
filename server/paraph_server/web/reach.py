"""Where strangers may send us: the addresses that webhooks and documents to fetch may have."""

from ipaddress import IPv4Address, IPv6Address

from paraph_server.config.options import options


def reachable(address: IPv4Address | IPv6Address) -> bool:
    """Whether it lies on the public internet, or where the operator lets it."""
    plain = getattr(address, "ipv4_mapped", None) or address
    if any(plain in network for network in options().networks):
        return True
    return plain.is_global and not plain.is_multicast
