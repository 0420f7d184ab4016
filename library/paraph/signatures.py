"""What a signature says of itself, whatever its format."""

import base64
import json
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Self

from paraph.algorithms import Digest, Hash
from paraph.errors import InputError


class Level(StrEnum):
    """The four baseline levels of EN 319 122, 132, 142 and 162, in rising order."""

    B = "B-B"
    T = "B-T"
    LT = "B-LT"
    LTA = "B-LTA"

    def check_needs(self, timestamper: object | None, revocations: object | None) -> None:
        """Said before a key is used, not after.

        Raises:
            InputError: the level cannot be reached with this.
        """
        if self is not Level.B and timestamper is None:
            raise InputError(f"Level {self} needs a time-stamp authority.")
        if self in (Level.LT, Level.LTA) and revocations is None:
            raise InputError(f"Level {self} needs to know what is trusted, to collect validation data.")


@dataclass(frozen=True, slots=True)
class Pending:
    """A signature that only lacks its value. It is data: it can be stored, sent, resumed.

    The document itself is not part of it, so that a pending signature of a 100 MB file stays a few kilobytes;
    `document` is the digest by which `complete` recognises it.
    """

    digest: Digest
    """What the key signs: the digest of the signed attributes; with them, for keys that sign no digests."""
    level: Level
    document: Digest
    """SHA-256 of the document that was prepared."""
    state: bytes
    """The rest, known to the format that prepared it."""

    def to_bytes(self) -> bytes:
        """To be stored or sent; `from_bytes` takes it up again."""
        facts = {
            "digest": [self.digest.algorithm.value, self.digest.hex],
            "message": None if self.digest.message is None else base64.b64encode(self.digest.message).decode("ascii"),
            "level": self.level.value,
            "document": [self.document.algorithm.value, self.document.hex],
            "state": base64.b64encode(self.state).decode("ascii"),
        }
        return json.dumps(facts, separators=(",", ":")).encode("ascii")

    @classmethod
    def from_bytes(cls, data: bytes) -> Self:
        """What `to_bytes` made.

        Raises:
            InputError: it is something else, or damaged.
        """
        try:
            facts = json.loads(data)
            return cls(
                digest=replace(_digest(*facts["digest"]), message=_message(facts.get("message"))),
                level=Level(facts["level"]),
                document=_digest(*facts["document"]),
                state=base64.b64decode(facts["state"], validate=True),
            )
        except (ValueError, KeyError, TypeError) as error:
            raise InputError("This is no pending signature, or it is damaged; prepare the document again.") from error


def _message(encoded: str | None) -> bytes | None:
    return None if encoded is None else base64.b64decode(encoded, validate=True)


def _digest(algorithm: str, value: str) -> Digest:
    return Digest(Hash(algorithm), bytes.fromhex(value))


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
    tokens: tuple[bytes, ...] = ()
    """The time-stamps over it, whichever way they cover it, DER."""
    reason: str = ""
    """What it was made for, where the format has a place for that."""
