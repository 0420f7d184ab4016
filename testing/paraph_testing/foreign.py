"""Programs of others, each a process of its own that answers on a port of this machine."""

import socket
import subprocess
import time
from abc import ABC, abstractmethod
from contextlib import closing
from pathlib import Path
from typing import Self

_PATIENCE = 30.0


class Foreign(ABC):
    """Runs while it is used as a context; what it is and needs, a subclass says in `command`."""

    folder: Path | None = None
    """Where it is started."""

    def __init__(self, port: int = 0) -> None:
        self.port = port or free_port()

    @abstractmethod
    def command(self) -> list[str]:
        """How it is started."""

    def __enter__(self) -> Self:
        quiet = subprocess.DEVNULL
        self._process = subprocess.Popen(self.command(), cwd=self.folder, stdout=quiet, stderr=quiet)
        self._wait()
        return self

    def __exit__(self, *exception: object) -> None:
        self._process.terminate()
        self._process.wait()

    def _wait(self) -> None:
        end = time.monotonic() + _PATIENCE
        while time.monotonic() < end and self._process.poll() is None:
            try:
                socket.create_connection(("127.0.0.1", self.port), 1).close()
            except OSError:
                time.sleep(0.05)
            else:
                return
        raise TimeoutError(f"{type(self).__name__} does not answer.")


def free_port() -> int:
    with closing(socket.socket()) as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])
