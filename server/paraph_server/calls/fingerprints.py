"""What a call says, as a digest that is taken while its body passes: a large upload is never in memory for it."""

import hashlib
from typing import Protocol

from django.http import HttpRequest

CHUNK = 2**16


class Stream(Protocol):
    """What Django reads a body from."""

    def read(self, size: int = -1, /) -> bytes: ...
    def readline(self, size: int = -1, /) -> bytes: ...
    def close(self) -> None: ...


class Fingerprint:
    """Stands between a request and its body, and takes note of what is read.

    The boundary of a form is left out: programs draw another one when they send the same form again.
    """

    def __init__(self, request: HttpRequest) -> None:
        disposition = request.headers.get("Content-Disposition", "")
        said = (request.method or "", request.get_full_path(), request.content_type or "", disposition)
        self._digest = hashlib.sha256("\n".join(said).encode())
        self._boundary = (request.content_params or {}).get("boundary", "").encode()
        self._held = b""
        # The one place where Django lets a body be watched: `request.read`, `.body` and `.FILES` all read from it.
        self._stream: Stream = request._stream  # noqa: SLF001
        request._stream = self  # type: ignore[assignment]  # noqa: SLF001

    def read(self, size: int = -1, /) -> bytes:
        return self._noted(self._stream.read(size))

    def readline(self, size: int = -1, /) -> bytes:
        return self._noted(self._stream.readline(size))

    def close(self) -> None:
        self._stream.close()

    def whole(self) -> str:
        """The digest over everything, also what nobody has read yet."""
        while self.read(CHUNK):
            pass
        self._digest.update(self._held)
        self._held = b""
        return self._digest.hexdigest()

    def _noted(self, data: bytes) -> bytes:
        if not self._boundary:
            self._digest.update(data)
            return data
        passing = (self._held + data).replace(self._boundary, b"")
        end = max(0, len(passing) - len(self._boundary) + 1)  # the rest may be the beginning of a boundary
        self._digest.update(passing[:end])
        self._held = passing[end:]
        return data
