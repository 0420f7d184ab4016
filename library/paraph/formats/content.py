"""What is signed: bytes, or a file that is hashed while it is read."""

import hashlib
from collections.abc import Iterator, Mapping
from typing import BinaryIO

from paraph.algorithms import Digest, Hash

Content = bytes | BinaryIO
"""A file is read from its beginning, each time that it is needed."""

_CHUNK = 1 << 20


def chunks(content: Content) -> Iterator[bytes]:
    """All of it, bit by bit."""
    if isinstance(content, bytes):
        yield content
        return
    content.seek(0)
    while chunk := content.read(_CHUNK):
        yield chunk


def digests(content: Content, *algorithms: Hash) -> tuple[Digest, ...]:
    """One digest for each algorithm, in one pass."""
    states = {each: hashlib.new(each.value) for each in algorithms}
    for chunk in chunks(content):
        for state in states.values():
            state.update(chunk)
    return tuple(Digest(each, states[each].digest()) for each in algorithms)


def whole(content: Content) -> bytes:
    """All of it, to be enclosed."""
    if isinstance(content, bytes):
        return content
    content.seek(0)
    return content.read()


def identity(content: bytes | Mapping[str, Content]) -> Digest:
    """By which bytes, or files with their names in any order, are recognised: SHA-256."""
    if isinstance(content, bytes):
        return Digest.of(content)
    listed = [f"{digests(content[name], Hash.SHA256)[0].hex} {name}\n" for name in sorted(content)]
    return Digest.of("".join(listed).encode())
