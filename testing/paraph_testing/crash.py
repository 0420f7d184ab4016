"""Run a program of the platform that kills itself at a chosen point, once, as a power cut would.

    python -m paraph_testing.crash paraph_server worker

The points stand in the environment, separated by spaces: `CRASH_AT="paraph_server.signing.execution:prepare>"` kills
the program's whole process group, with SIGKILL, after that function has run, `<` instead of `>` before it runs. Each
point kills once: a file in the folder `CRASH_MARKS` says that it has, and the next start passes it.
"""

import functools
import importlib.util
import os
import runpy
import signal
import sys
from collections.abc import Callable, Sequence
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from pathlib import Path
from types import ModuleType
from typing import Any, NoReturn

BEFORE, AFTER = "<", ">"


def environment(marks: Path, *points: str) -> dict[str, str]:
    """What to set for a program that is to die at these points."""
    return {"CRASH_AT": " ".join(points), "CRASH_MARKS": str(marks)}


def spare(marks: Path, *points: str) -> None:
    """Let a program pass these points, as if it had died there."""
    for point in points:
        _mark(marks, point).touch()


def arm(marks: Path, point: str) -> None:
    """Let it die at a point that it was to pass."""
    _mark(marks, point).unlink()


def happened(marks: Path, point: str) -> bool:
    """Whether a program has died there."""
    return _mark(marks, point).exists()


def _mark(marks: Path, point: str) -> Path:
    return marks / point.replace(BEFORE, "-before").replace(AFTER, "-after").replace(":", "-")


class _Saboteur(MetaPathFinder):
    """Puts the death into a module as soon as it is loaded: whoever imports from it gets the mortal function."""

    def __init__(self, points: Sequence[str], marks: Path) -> None:
        self._points, self._marks = points, marks
        self._looking = False

    def find_spec(
        self, fullname: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        del path, target
        mine = [point for point in self._points if point.partition(":")[0] == fullname]
        if not mine or self._looking:
            return None
        self._looking = True
        try:
            spec = importlib.util.find_spec(fullname)
        finally:
            self._looking = False
        if spec and spec.loader:
            setattr(spec.loader, "exec_module", self._loading(spec.loader, mine))  # noqa: B010  no type allows it
        return spec

    def _loading(self, loader: Loader, points: Sequence[str]) -> Callable[[ModuleType], None]:
        load = loader.exec_module

        def sabotaged(module: ModuleType) -> None:
            load(module)
            for point in points:
                self._sabotage(module, point)

        return sabotaged

    def _sabotage(self, module: ModuleType, point: str) -> None:
        *owners, name = point.partition(":")[2].rstrip(BEFORE + AFTER).split(".")
        owner: Any = functools.reduce(getattr, owners, module)
        original = getattr(owner, name)

        @functools.wraps(original)
        def mortal(*args: Any, **kwargs: Any) -> Any:
            if point.endswith(BEFORE):
                self._die(point)
            result = original(*args, **kwargs)
            if point.endswith(AFTER):
                self._die(point)
            return result

        setattr(owner, name, mortal)

    def _die(self, point: str) -> None:
        try:
            _mark(self._marks, point).touch(exist_ok=False)
        except FileExistsError:
            return
        os.killpg(0, signal.SIGKILL)


def main() -> NoReturn:
    module = sys.argv[1]
    sys.argv = sys.argv[1:]
    runpy.run_module(module, run_name="__main__", alter_sys=True)
    raise SystemExit


# Also in the processes that a server starts: they load this module anew (multiprocessing, `__mp_main__`).
if os.environ.get("CRASH_AT"):
    sys.meta_path.insert(0, _Saboteur(os.environ["CRASH_AT"].split(), Path(os.environ["CRASH_MARKS"])))

if __name__ == "__main__":
    main()
