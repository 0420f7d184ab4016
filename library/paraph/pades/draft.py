"""A revision that holds everything but the signature value; both writers make it."""

from collections.abc import Callable
from datetime import UTC, datetime
from enum import IntEnum
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple, Self

from paraph.algorithms import Hash
from paraph.errors import ParaphError
from paraph.formats.mapped import Data, hashed
from paraph.formats.pdf.grammar import text

if TYPE_CHECKING:
    from hashlib import _Hash

_RANGES = b"/ByteRange[0 %-10d %-10d %-10d]/Contents "
EMPTY = _RANGES % (0, 0, 0)
SIGNATURE = b"/ETSI.CAdES.detached"
TIMESTAMP = b"/ETSI.RFC3161"


class Changes(IntEnum):
    """What a certified document still allows (DocMDP, ISO 32000-2 Table 257); each includes the one before."""

    NONE = 1
    FORMS = 2
    """Forms are filled in, further signatures made."""
    COMMENTS = 3


class Statement(NamedTuple):
    """What the signature dictionary says in clear (ISO 32000-2 §12.8.1, EN 319 142-1 §5.3)."""

    subfilter: bytes
    at: datetime | None = None
    name: str = ""
    reason: str = ""
    location: str = ""
    certify: Changes | None = None
    """The signature certifies the document, and says what it allows."""

    def opening(self, references: bytes = b"", string: Callable[[str], bytes] = text) -> bytes:
        """The signature dictionary up to its `/Contents`, the byte ranges not yet known.

        `references` say what may change later (§12.8.2); `string` writes a text string, encrypted where it must be.
        """
        second = None if self.at is None else self.at.timestamp() // 1
        opening = _frequent_opening if string is text else _opening
        return opening(self.subfilter, (self.name, self.reason, self.location), second, string) + references + EMPTY


def _opening(subfilter: bytes, words: tuple[str, ...], second: float | None, string: Callable[[str], bytes]) -> bytes:
    kind = b"/Sig" if subfilter == SIGNATURE else b"/DocTimeStamp"
    date = "" if second is None else datetime.fromtimestamp(second, UTC).strftime("D:%Y%m%d%H%M%SZ")
    entries = zip((b"/Name", b"/Reason", b"/Location", b"/M"), (*words, date), strict=True)
    return b"<</Type%b/Filter/Adobe.PPKLite/SubFilter%b%b" % (
        kind,
        subfilter,
        b"".join([key + string(value) for key, value in entries if value]),
    )


_frequent_opening = lru_cache(maxsize=64)(_opening)  # never the encrypted ones, whose `string` holds its document


class Draft(NamedTuple):
    """The bytes to append to a document, around a hole that waits for a signature or a time-stamp."""

    length: int
    """Of the document that was read."""
    head: bytes
    """From the end of the document up to the `<` of `/Contents`."""
    tail: bytes
    """Behind its `>`, to the new end."""
    room: int
    """The bytes that `/Contents` can take."""

    @classmethod
    def close(cls, length: int, head: bytes, tail: bytes, room: int) -> Self:
        """Set the byte ranges, now that all lengths are known."""
        start = length + len(head)
        ranges = _RANGES % (start, start + 2 * room + 2, len(tail))
        return cls(length, head[: -len(ranges)] + ranges, tail, room)

    def digest(self, document: Data, algorithm: Hash = Hash.SHA256) -> bytes:
        """The digest over the two byte ranges."""
        return self.digest_after(hashed(document, algorithm))

    def digest_after(self, digest: "_Hash") -> bytes:
        """The same, for a document that was hashed already."""
        digest.update(self.head)
        digest.update(self.tail)
        return digest.digest()

    def fill(self, contents: bytes) -> bytes:
        """The bytes to append, the hole filled; it looks once more at what it delivers.

        Raises:
            ContentsTooLarge: the hole is too small.
            ParaphError: the byte ranges do not enclose exactly the hole: a bug, and no document leaves with it.
        """
        if len(contents) > self.room:
            raise ContentsTooLarge(len(contents))
        start = self.length + len(self.head)
        ranges = _RANGES % (start, start + 2 * self.room + 2, len(self.tail))
        if not (self.head.endswith(ranges) and self.tail.startswith(b">>")):
            raise ParaphError("The byte ranges do not fit the document; nothing was signed.")
        return b"%b<%b>%b" % (self.head, contents.hex().encode("ascii").ljust(2 * self.room, b"0"), self.tail)


class ContentsTooLarge(Exception):
    """What should go into `/Contents` needs more room than was reserved."""

    def __init__(self, size: int) -> None:
        super().__init__(f"{size} bytes do not fit")
        self.size = size
