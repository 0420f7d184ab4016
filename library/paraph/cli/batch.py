"""Many documents under one key, in as many processes as there are processors.

A sealed file has its name only when it is whole, so a batch that was stopped, however, is resumed by running it again.
"""

import os
import time
from collections import deque
from collections.abc import Generator, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor, as_completed
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from functools import cache
from multiprocessing import get_context
from pathlib import Path

from cryptography.hazmat.primitives.serialization import Encoding

from paraph import pades
from paraph.cli import sealed
from paraph.cli.signing import Wish
from paraph.errors import ParaphError

_WORTH = 1.0
"""Seconds that what is left must take before other processes are worth their start, which takes half of one."""
_HANDFUL = 0.01
"""Seconds of work handed to a process at once: each handing over costs a good part of a quick seal."""
_QUICKEST = 0.0003
"""Seconds that no document is expected to undercut."""
_AHEAD = 3
"""Handfuls that each process has, to go on while this one is busy; more would only wait there."""


class State(StrEnum):
    SEALED = "sealed"
    BEFORE = "sealed before"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Task:
    """A document and where its sealed form goes."""

    source: Path
    place: Path


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a document."""

    source: Path
    state: State
    code: str = ""
    reason: str = ""


_Told = tuple[str, str, str]
"""Of an outcome: its state, code and reason."""


def run(tasks: Iterable[Task], wish: Wish) -> Generator[Outcome]:
    """Seal the documents; the outcomes come in the order in which they are known. Closing the iterator stops."""
    waiting, helpers, began = deque(tasks), _Helpers(wish), None
    try:
        while waiting:
            outcome = _outcome(waiting.popleft(), wish)
            now = time.monotonic()
            if began is not None and (now - began) * len(waiting) > _WORTH:
                helpers.start()
            yield outcome
            yield from helpers.exchange(waiting, now - (began or now))
            began = time.monotonic()
        yield from helpers.rest()
    finally:
        helpers.stop()


class _Helpers:
    """Further processes, one for each further processor."""

    def __init__(self, wish: Wish) -> None:
        self._wish, self._number = wish, _processors() - 1
        self._pool: ProcessPoolExecutor | None = None
        self._pending: dict[Future[list[_Told]], list[Task]] = {}

    def start(self) -> None:
        if self._pool is None and self._number:
            # Spawned, not forked: a fork would copy locks and progress displays in any state.
            self._pool = ProcessPoolExecutor(self._number, get_context("spawn"), _begin, (self._wish,))

    def exchange(self, waiting: deque[Task], seconds: float) -> Iterator[Outcome]:
        """Take what is done, and hand out what they can do where a document takes so long: less towards the end."""
        if self._pool is None:
            return
        done = [future for future in self._pending if future.done()]
        outcomes = [outcome for future in done for outcome in self._outcomes(future)]
        share = len(waiting) // (_AHEAD * (1 + self._number))
        size = max(1, min(share, int(_HANDFUL / max(seconds, _QUICKEST))))
        while waiting and len(self._pending) < self._number * _AHEAD:
            handful = [waiting.popleft() for _ in range(min(size, len(waiting)))]
            paths = [(str(task.source), str(task.place)) for task in handful]
            self._pending[self._pool.submit(_go_on, paths)] = handful
        yield from outcomes

    def rest(self) -> Iterator[Outcome]:
        """What they are still at."""
        for future in as_completed(list(self._pending)):
            yield from self._outcomes(future)

    def _outcomes(self, future: "Future[list[_Told]]") -> Iterator[Outcome]:
        for task, (state, code, reason) in zip(self._pending.pop(future), future.result(), strict=True):
            yield Outcome(task.source, State(state), code, reason)

    def stop(self) -> None:
        if self._pool:
            self._pool.shutdown(cancel_futures=True)


def _processors() -> int:
    """Those that this process may use, which in a container are fewer than there are."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


# ---------------------------------------------------------------- in each process

_wishes: list[Wish] = []


def _begin(wish: Wish) -> None:
    _wishes.append(wish)


def _go_on(handful: list[tuple[str, str]]) -> list[_Told]:
    """Seal what stands at paths, which travel as texts: as `Path` they would take several times as long."""
    outcomes = [_outcome(Task(Path(source), Path(place)), _wishes[0]) for source, place in handful]
    return [(outcome.state.value, outcome.code, outcome.reason) for outcome in outcomes]


@cache
def _sealer(wish: Wish) -> pades.Sealer:
    return wish.sealer()


@cache
def _certificate(wish: Wish) -> bytes:
    return wish.key.signer().certificate.public_bytes(Encoding.DER)


def _outcome(task: Task, wish: Wish) -> Outcome:
    try:
        return Outcome(task.source, _seal(task, wish))
    except ParaphError as error:
        return Outcome(task.source, State.FAILED, error.code, str(error))
    except OSError as error:
        return Outcome(task.source, State.FAILED, "not-accessible", error.strerror or str(error))
    except Exception as error:  # noqa: BLE001  one document must not take thousands of others with it
        return Outcome(task.source, State.FAILED, "internal", f"internal error: {type(error).__name__}: {error}")


def _seal(task: Task, wish: Wish) -> State:
    if task.place.exists():
        if _is_sealed(task.place.read_bytes(), task.source.read_bytes(), wish):
            return State.BEFORE
        raise FileExistsError(0, f"{task.place} exists, is not this document sealed by this key, and is left alone")
    task.place.parent.mkdir(parents=True, exist_ok=True)
    sealed.write(_sealer(wish), task.source, task.place, at=datetime.now(UTC))
    return State.SEALED


def _is_sealed(result: bytes, document: bytes, wish: Wish) -> bool:
    """Whether a result is the document with one more signature by the wish's certificate."""
    if not (result.startswith(document) and len(result) > len(document)):
        return False
    try:
        return _count(result, wish) > _count(document, wish)
    except ParaphError:
        return False


def _count(document: bytes, wish: Wish) -> int:
    held = _certificate(wish)
    return sum(signature.certificate == held for signature in pades.read(document, password=wish.password))
