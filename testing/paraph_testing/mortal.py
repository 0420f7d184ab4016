"""The platform with programs that kill themselves at chosen points (`crash`), and are started again.

with Mortal(folder, Ports.free(), {"worker": ["paraph_server.signing.execution:prepare>"]}) as platform:
    ...
    platform.start_the_dead()
    assert platform.spared == []
"""

import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import psycopg

from paraph_testing import crash, postgres
from paraph_testing.demo import Child, Platform, Ports


class Mortal(Platform):
    """Each program dies once at each of its points, or, unless `armed`, passes each until `arm` says to die there."""

    def __init__(self, folder: Path, ports: Ports, points: Mapping[str, Sequence[str]], *, armed: bool = True) -> None:
        super().__init__(folder, ports)
        self._points, self._armed = points, armed
        self._marks = self.folder / "marks"
        self._marks.mkdir(parents=True)

    def _child(self, name: str, module: str, *arguments: str, health: str = "") -> Child:
        child = super()._child(name, module, *arguments, health=health)
        if points := self._points.get(name):
            child.command = [sys.executable, "-m", "paraph_testing.crash", *child.command[2:]]
            child.environment |= crash.environment(self._marks, *points)
            if not self._armed:
                crash.spare(self._marks, *points)
        return child

    def arm(self, point: str) -> None:
        """Let a program die, once more, at this point."""
        crash.arm(self._marks, point)

    def start_the_dead(self) -> None:
        """Start at once what has died, however often, until everything answers."""
        self._start_again()
        while not all(child.healthy for child in self.children.values()):
            time.sleep(0.05)
            self._start_again()

    def _start_again(self) -> None:
        """What has died; the time passes after which a worker's work is given to others."""
        for child in self.children.values():
            if child.process and child.process.poll() is not None:
                child.kill()
                if child.name == "worker":
                    self.rows("UPDATE procrastinate_workers SET last_heartbeat = now() - interval '1 hour'")
                child.start()

    @property
    def spared(self) -> list[str]:
        """Points at which nothing has died."""
        every = [each for points in self._points.values() for each in points]
        return [each for each in every if not crash.happened(self._marks, each)]

    def rows(self, query: str, *values: object, database: str = "paraph") -> list[tuple[Any, ...]]:
        """What a database answers, for every tenant."""
        with psycopg.connect(postgres.url(self.folder / "postgres", database), autocommit=True) as connection:
            connection.execute("SELECT set_config('paraph.tenant', '*', false)")
            cursor = connection.execute(query, values)
            return cursor.fetchall() if cursor.description else []
