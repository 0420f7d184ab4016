"""One call of the API and what comes of it, whichever way it travels: nothing here opens a connection."""

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from pathlib import Path
from typing import Any, BinaryIO, Generic, NoReturn, TypeVar
from uuid import uuid4

from paraph.client.wire import Unexpected
from paraph.errors import BadRequest, Overloaded, Problem, Unavailable
from paraph.formats import disposition

T_co = TypeVar("T_co", covariant=True)
Progress = Callable[[int, int | None], None]
"""Told how many bytes have gone, and of how many where that is known."""
PIECE = 1 << 16  # bytes
LARGEST_ANSWER = 16 << 20
"""Bytes of what is not written into a file."""
_BAD_REQUESTS = {
    HTTPStatus.BAD_REQUEST,
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
    HTTPStatus.UNPROCESSABLE_ENTITY,
}


@dataclass(frozen=True, slots=True)
class Silence:
    """No answer came."""

    reason: str


@dataclass(frozen=True, slots=True)
class Answer:
    """What the server said; header names in small letters. The body is empty when it was written into a file."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    written: int = 0

    @property
    def refused(self) -> bool:
        return self.status // 100 != HTTPStatus.OK // 100

    @property
    def retry_after(self) -> float | None:
        """Seconds."""
        said = self.headers.get("retry-after", "").strip()
        if said.isdecimal():
            return float(said)
        try:
            return max(0.0, (parsedate_to_datetime(said) - datetime.now(UTC)).total_seconds())
        except (ValueError, TypeError):
            return None

    @property
    def file(self) -> "File":
        return File(_filename(self.headers), self.headers.get("content-type", ""), self.written)

    def json(self) -> Any:
        try:
            return json.loads(self.body) if self.body else None
        except ValueError as error:
            raise Unexpected("no JSON") from error


@dataclass(frozen=True, slots=True)
class File:
    """What was downloaded; the name is the server's, without folders."""

    name: str
    content_type: str
    size: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Call(Generic[T_co]):
    """What is sent, and how the answer to it is read."""

    method: str
    path: str
    read: Callable[[Answer], T_co]
    query: Mapping[str, str | int] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes | Path = b""
    into: BinaryIO | None = None
    """The file that takes the answer, from where it stands."""
    progress: Progress | None = None
    key: str = field(default_factory=lambda: str(uuid4()))
    """By which the server knows that a change is the one it has made already: each may be sent again."""

    def all_headers(self) -> dict[str, str]:
        told = {"Content-Length": str(self.size)} if self.body else {}
        return {**self.headers, **told, **({} if self.method == "GET" else {"Idempotency-Key": self.key})}

    @property
    def size(self) -> int:
        return self.body.stat().st_size if isinstance(self.body, Path) else len(self.body)

    def pieces(self) -> Iterator[bytes]:
        """The body, from its beginning."""
        sent, size = 0, self.size
        for piece in _pieces(self.body):
            sent += len(piece)
            if self.progress:
                self.progress(sent, size)
            yield piece

    def result(self, outcome: Answer | Silence) -> T_co:
        """What the server gave.

        Raises:
            Problem: it refused.
            Unavailable: it did not answer, or not as a Paraph server does.
        """
        if isinstance(outcome, Silence):
            raise Unavailable(f"The server does not answer ({outcome.reason}).")
        if outcome.refused:
            _refuse(outcome)
        try:
            return self.read(outcome)
        except Unexpected as error:
            raise Unavailable(f"The server does not answer as Paraph does: {error}.") from error


class Receiver:
    """Takes an answer in, piece by piece: into the call's file when that is what was asked for."""

    def __init__(self, call: Call[object], status: int, headers: Mapping[str, str]) -> None:
        self._status, self._headers = status, {name.lower(): value for name, value in headers.items()}
        self._file = call.into if status // 100 == HTTPStatus.OK // 100 else None
        self._progress, self._body, self._written = call.progress, bytearray(), 0
        length = self._headers.get("content-length", "")
        self._total = int(length) if length.isdecimal() and "content-encoding" not in self._headers else None

    def take(self, piece: bytes) -> None:
        if self._file is not None:
            self._file.write(piece)
            self._written += len(piece)
            if self._progress:
                self._progress(self._written, self._total)
            return
        self._body += piece
        if len(self._body) > LARGEST_ANSWER:
            raise Unavailable(f"The server answered with more than {LARGEST_ANSWER >> 20} MB.")

    def answer(self) -> Answer:
        return Answer(self._status, self._headers, bytes(self._body), self._written)


def _pieces(body: bytes | Path) -> Iterator[bytes]:
    if isinstance(body, bytes):
        yield body
        return
    with body.open("rb") as file:
        while piece := file.read(PIECE):
            yield piece


def _refuse(answer: Answer) -> NoReturn:
    """Raise what the server answered instead: a problem document, or what a proxy says."""
    try:
        found = answer.json()
    except Unexpected:
        found = None
    facts: dict[str, Any] = found if isinstance(found, dict) else {}
    kind = Problem
    if answer.status in _BAD_REQUESTS:
        kind = BadRequest
    elif answer.status == HTTPStatus.TOO_MANY_REQUESTS or answer.status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        kind = Overloaded
    raise kind(
        str(facts.get("message") or f"The server answered with HTTP status {answer.status}."),
        status=answer.status,
        code=str(facts.get("code") or f"Http{answer.status}"),
        log_id=answer.headers.get("x-log-id", ""),
        facts=facts,
    )


def _filename(headers: Mapping[str, str]) -> str:
    """The name that `Content-Disposition` gives (RFC 6266), fit for a folder of ours."""
    name = disposition.filename(headers.get("content-disposition", "")).replace("\\", "/").rpartition("/")[2]
    return "".join(each for each in name if each.isprintable()).strip(" .")[:200] or "download"
