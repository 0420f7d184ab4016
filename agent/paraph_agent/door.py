"""Whom the agent answers: the pages of the platforms that the signer paired it with, and nobody else."""

from dataclasses import dataclass
from urllib.parse import urlsplit

LOOPBACK = {"127.0.0.1", "[::1]", "localhost"}


class NotPairedError(Exception):
    """The request does not come from a page of a paired platform."""


@dataclass(frozen=True, slots=True)
class Door:
    """Knows the origins (RFC 6454) of the paired platforms, such as `https://sign.example.org`."""

    paired: frozenset[str]

    def admit(self, *, origin: str, host: str) -> str:
        """Check the `Origin` and `Host` headers of a request and return the origin to allow in the answer.

        A browser writes both and a page cannot forge them. `Host` must be the loopback address: a name that somebody
        pointed at this machine (DNS rebinding) makes the page's own origin look like ours.

        Raises:
            NotPairedError: another page, another host, or no page at all.
        """
        if _without_port(host) not in LOOPBACK:
            raise NotPairedError(f"The agent answers on the loopback address only, not as {host}.")
        if origin not in self.paired or urlsplit(origin).scheme != "https":
            raise NotPairedError(f"{origin or 'A request without an origin'} is not paired with this agent.")
        return origin


def _without_port(host: str) -> str:
    name, colon, port = host.rpartition(":")
    return name if colon and port.isdecimal() else host
