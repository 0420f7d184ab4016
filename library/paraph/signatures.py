"""What a signature says of itself, whatever its format."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from paraph.algorithms import Digest


class Level(StrEnum):
    """The four baseline levels of EN 319 122, 132, 142 and 162, in rising order."""

    B = "B-B"
    T = "B-T"
    LT = "B-LT"
    LTA = "B-LTA"


@dataclass(frozen=True, slots=True)
class Pending:
    """A signature that only lacks its value. It is data: it can be stored, sent, resumed.

    The document itself is not part of it, so that a pending signature of a 100 MB file stays a few kilobytes;
    `document` is the digest by which `complete` recognises it.
    """

    digest: Digest
    """What the key signs: the digest of the signed attributes."""
    level: Level
    document: Digest
    """SHA-256 of the document that was prepared."""
    state: bytes
    """The rest, known to the format that prepared it."""

    def to_bytes(self) -> bytes: ...

    @classmethod
    def from_bytes(cls, data: bytes) -> "Pending": ...


@dataclass(frozen=True, slots=True)
class Signature:
    """What stands in a document about one of its signatures; facts, no judgement."""

    field: str
    signer: str
    """The subject of the signing certificate, RFC 4514."""
    certificate: bytes
    """DER."""
    level: Level
    claimed_at: datetime | None
    timestamped_at: datetime | None
    covers_whole_document: bool
