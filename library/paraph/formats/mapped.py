"""A file that is read where it lies: what is large is never in memory as a whole."""

import hashlib
import mmap
import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, BinaryIO

from paraph.algorithms import Hash

if TYPE_CHECKING:
    from hashlib import _Hash

_CHUNK = 1 << 20


class Mapped(mmap.mmap):
    """The bytes of an open file, with what readers ask of bytes.

    The file must be ours: if somebody else cut it off meanwhile, the process would die of it.
    """

    def startswith(self, prefix: bytes, start: int = 0) -> bool:
        return self[start : start + len(prefix)] == prefix

    def endswith(self, suffixes: tuple[bytes, ...]) -> bool:
        return self[-max(map(len, suffixes)) :].endswith(suffixes)


Data = bytes | Mapped


@contextmanager
def mapped(file: BinaryIO) -> Iterator[Data]:
    """What has been written to a file so far."""
    file.flush()
    if not os.fstat(file.fileno()).st_size:  # nothing cannot be mapped
        yield b""
        return
    with Mapped(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
        yield data


def copied(source: BinaryIO, target: BinaryIO, algorithm: Hash) -> "_Hash":
    """Copy a file and hash it on the way."""
    state, buffer = hashlib.new(algorithm.value), bytearray(_CHUNK)
    view = memoryview(buffer)
    while length := source.readinto(buffer):  # type: ignore[attr-defined]  # what `open` gives has it
        state.update(view[:length])
        target.write(view[:length])
    return state


def hashed(data: Data, algorithm: Hash) -> "_Hash":
    """The state of a digest over all of it; a mapped file is let go again bit by bit."""
    if isinstance(data, bytes):
        return hashlib.new(algorithm.value, data)
    state = hashlib.new(algorithm.value)
    for start in range(0, len(data), _CHUNK):
        state.update(data[start : start + _CHUNK])
        data.madvise(mmap.MADV_DONTNEED, start, min(_CHUNK, len(data) - start))
    return state
