"""A person at a terminal, before a real process: reads until something is there, and types.

terminal = Terminal("paraph_agent", "--terminal", environment=os.environ | {"LANG": "fr_FR.UTF-8"})
terminal.type("yes", when="Do you want to sign this?")
"""

import os
import pty
import select
import subprocess
import sys
import time
from collections.abc import Mapping

PATIENCE = 30  # seconds


class Terminal:
    """A Python module that runs in a terminal of its own."""

    def __init__(self, module: str, *arguments: str, environment: Mapping[str, str] | None = None) -> None:
        self._own, theirs = pty.openpty()
        command = [sys.executable, "-m", module, *arguments]
        self.process = subprocess.Popen(
            command, stdin=theirs, stdout=theirs, stderr=theirs, env=environment, start_new_session=True
        )
        os.close(theirs)
        self.seen = ""

    def type(self, text: str, *, when: str) -> None:
        self.read_until(when)
        os.write(self._own, f"{text}\n".encode())

    def read_until(self, words: str) -> None:
        until = time.monotonic() + PATIENCE
        while words not in self.seen.replace("\r\n", "\n"):
            assert time.monotonic() < until, self.seen
            if select.select([self._own], [], [], 0.1)[0]:
                try:
                    self.seen += os.read(self._own, 4096).decode()
                except OSError:
                    assert words in self.seen, self.seen
                    return

    def code(self) -> int:
        return self.process.wait(PATIENCE)
