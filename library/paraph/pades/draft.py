"""A revision that holds everything but the signature value; both writers make it."""

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Self

from paraph.algorithms import Hash
from paraph.errors import ParaphError
from paraph.formats.pdf import grammar

_RANGES = b"/ByteRange[0 %-10d %-10d %-10d]/Contents <"
SIGNATURE = b"/ETSI.CAdES.detached"
TIMESTAMP = b"/ETSI.RFC3161"


@dataclass(frozen=True, slots=True)
class Statement:
    """What the signature dictionary says in clear (ISO 32000-2 §12.8.1, EN 319 142-1 §5.3)."""

    subfilter: bytes
    at: datetime | None = None
    name: str = ""
    reason: str = ""
    location: str = ""

    def entries(self) -> grammar.Dictionary:
        entries = {
            b"/Type": b"/Sig" if self.subfilter == SIGNATURE else b"/DocTimeStamp",
            b"/Filter": b"/Adobe.PPKLite",
            b"/SubFilter": self.subfilter,
        }
        if self.at:
            entries[b"/M"] = self.at.astimezone(UTC).strftime("(D:%Y%m%d%H%M%SZ)").encode()
        for key, value in ((b"/Name", self.name), (b"/Reason", self.reason), (b"/Location", self.location)):
            if value:
                entries[key] = grammar.text(value)
        return entries

    def dictionary(self, reserve: int) -> tuple[bytes, int]:
        """The signature dictionary with an empty `/Contents`, and where in it the `<` of the hole stands."""
        before = grammar.write(self.entries())[:-2] + _RANGES % (0, 0, 0)
        return b"%b%b>>>" % (before, b"0" * (2 * reserve)), len(before) - 1


@dataclass(frozen=True, slots=True)
class Draft:
    """The bytes to append to a document, and the hole in them that waits for a signature or a time-stamp."""

    appended: bytes
    length: int
    """Of the document that was read."""
    start: int
    """Where the `<` of `/Contents` stands in `appended`."""
    end: int
    """Behind its `>`."""

    @classmethod
    def close(cls, appended: bytes, length: int, start: int, reserve: int) -> Self:
        """Set the byte ranges, now that the length of the revision is known; `start` counts from the file's begin."""
        end = start + 2 * reserve + 2
        ranges = _RANGES % (start, end, length + len(appended) - end)
        hole = start - length
        appended = b"".join((appended[: hole + 1 - len(ranges)], ranges, appended[hole + 1 :]))
        return cls(appended, length, hole, end - length)

    def digest(self, document: bytes, algorithm: Hash = Hash.SHA256) -> bytes:
        """The digest over the two byte ranges."""
        digest = hashlib.new(algorithm.value, document)
        digest.update(self.appended[: self.start])
        digest.update(self.appended[self.end :])
        return digest.digest()

    @property
    def room(self) -> int:
        """The bytes that `/Contents` can take."""
        return (self.end - self.start - 2) // 2

    def fill(self, document: bytes, contents: bytes) -> bytes:
        """The signed document; it looks once more at what it delivers.

        Raises:
            ContentsTooLarge: the hole is too small.
            ParaphError: the byte ranges do not enclose exactly the hole: a bug, and no document leaves with it.
        """
        if len(contents) > self.room:
            raise ContentsTooLarge(len(contents))
        head, tail = self.appended[: self.start + 1], self.appended[self.end - 1 :]
        ranges = _RANGES % (self.length + self.start, self.length + self.end, len(tail) - 1)
        if not head.endswith(ranges) or tail[:3] != b">>>" or len(document) != self.length:
            raise ParaphError("The byte ranges do not fit the document; nothing was signed.")
        return b"".join((document, head, contents.hex().encode("ascii").ljust(2 * self.room, b"0"), tail))


class ContentsTooLarge(Exception):  # noqa: N818  answered inside: another reserve, or a document time-stamp
    """What should go into `/Contents` needs more room than was reserved."""

    def __init__(self, size: int) -> None:
        super().__init__(f"{size} bytes do not fit")
        self.size = size
