"""What is signed: bytes, or a file that is hashed while it is read."""

import hashlib
from typing import BinaryIO

from paraph.algorithms import Digest, Hash

Content = bytes | BinaryIO
"""A file is read from its beginning, each time that it is needed."""

_CHUNK = 1 << 20


def digests(content: Content, *algorithms: Hash) -> tuple[Digest, ...]:
    """One digest for each algorithm, in one pass."""
    states = {each: hashlib.new(each.value) for each in algorithms}
    if isinstance(content, bytes):
        for state in states.values():
            state.update(content)
    else:
        content.seek(0)
        while chunk := content.read(_CHUNK):
            for state in states.values():
                state.update(chunk)
    return tuple(Digest(each, states[each].digest()) for each in algorithms)


def whole(content: Content) -> bytes:
    """All of it, to be enclosed."""
    if isinstance(content, bytes):
        return content
    content.seek(0)
    return content.read()
