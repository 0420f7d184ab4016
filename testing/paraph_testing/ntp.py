"""A time server whose clock can be wrong.

with TimeServer(ahead=2.0) as server:
    ntp.ask(server.address)
"""

import socket
import struct
import threading
import time
from typing import Self

_PACKET = struct.Struct("!BBbbII4sQQQQ")
_EPOCH, _LONG = 2208988800, 1 << 32


class TimeServer:
    """Answers SNTP on a port of its own; `ahead` is how wrong it is, `stratum` how near to a clock it says it is."""

    def __init__(self, ahead: float = 0.0, *, stratum: int = 1) -> None:
        self.ahead, self.stratum, self.silent = ahead, stratum, False
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.bind(("127.0.0.1", 0))
        self._thread = threading.Thread(target=self._serve, daemon=True)

    @property
    def address(self) -> str:
        return f"127.0.0.1:{self._socket.getsockname()[1]}"

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *exception: object) -> None:
        self._socket.close()

    def _serve(self) -> None:
        while True:
            try:
                question, client = self._socket.recvfrom(512)
            except OSError:
                return
            if not self.silent:
                self._socket.sendto(self.answer(question), client)

    def answer(self, question: bytes) -> bytes:
        now = int((time.time() + self.ahead + _EPOCH) * _LONG)
        [origin] = struct.unpack_from("!Q", question, 40)
        return _PACKET.pack(4 << 3 | 4, self.stratum, 0, -20, 0, 0, b"TEST", now, origin, now, now)
