"""What a time server says (SNTP, RFC 4330 §5)."""

import secrets
import socket
import struct
import time
from dataclasses import dataclass

from paraph_trust.errors import NotReady

_PORT = 123
_PACKET = struct.Struct("!BBbbII4sQQQQ")
_CLIENT = 4 << 3 | 3  # version 4, mode 3
_SERVER = 4
_SYNCHRONISED = range(1, 16)
_UNSYNCHRONISED = 3
_EPOCH = 2208988800
"""Seconds from 1900, where NTP begins, to 1970."""
_SHORT, _LONG = 1 << 16, 1 << 32


@dataclass(frozen=True, slots=True)
class Offset:
    """How far this machine's clock is behind a server's."""

    seconds: float
    uncertainty: float
    """Half of the way there and back, and what the server says of its own doubts, in seconds."""


def ask(server: str, *, patience: float = 2.0) -> Offset:
    """Compare the clock with a server's: `host` or `host:port`.

    Raises:
        NotReady: it does not answer, not to this question, or does not know the time itself.
    """
    host, _, port = server.partition(":")
    # The question carries a random number instead of the time, so that only who saw it can answer (RFC 9523 §5).
    token = secrets.randbits(64)
    try:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as channel:
            channel.settimeout(patience)
            channel.connect((host, int(port or _PORT)))
            sent = time.time()
            channel.send(_PACKET.pack(_CLIENT, 0, 0, 0, 0, 0, b"", 0, 0, 0, token))
            answer = channel.recv(512)
            received = time.time()
        flags, stratum, _, _, delay, dispersion, _, _, origin, arrived, left = _PACKET.unpack_from(answer)
    except (OSError, ValueError, struct.error) as error:
        raise NotReady(f"The time server {server} does not answer: {error}") from None
    if flags & 7 != _SERVER or origin != token:
        raise NotReady(f"The time server {server} answers another question.")
    if flags >> 6 == _UNSYNCHRONISED or stratum not in _SYNCHRONISED or not left:
        raise NotReady(f"The time server {server} does not know the time.")
    there, back = _unix(arrived) - sent, _unix(left) - received
    travelled = max(received - sent - (_unix(left) - _unix(arrived)), 0.0)
    return Offset((there + back) / 2, travelled / 2 + dispersion / _SHORT + delay / _SHORT / 2)


def _unix(stamp: int) -> float:
    """The first era ends in 2036; what is below its second half belongs to the next one (RFC 4330 §3)."""
    seconds = stamp / _LONG
    return seconds - _EPOCH + (0 if stamp >> 63 else _LONG)
