"""How journal entries are chained: the one canonical form, and the digests over it. Pure.

    payload digest = SHA-256(salt ‖ details)      hash = SHA-256(entry, with the previous hash in it)

both as canonical JSON: keys sorted, no spaces, UTF-8, times in UTC with microseconds, no fractional numbers.
"""

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, fields
from datetime import UTC, datetime
from typing import Any

from paraph.errors import BrokenChain

GENESIS = "0" * 64  # what the first entry follows


@dataclass(frozen=True, slots=True)
class Link:
    """What an entry's hash covers."""

    tenant: str
    sequence: int
    at: str
    """As `moment` writes it."""
    event: str
    subject: str
    actor_kind: str
    actor_id: str
    payload_digest: str
    previous: str

    @property
    def hash(self) -> str:
        return hashlib.sha256(canonical({name: getattr(self, name) for name in self.__slots__})).hexdigest()


def moment(at: datetime) -> str:
    """A time as the chain writes it."""
    return at.astimezone(UTC).isoformat(timespec="microseconds")


def payload_digest(salt: bytes, details: Mapping[str, Any]) -> str:
    return hashlib.sha256(salt + canonical(details)).hexdigest()


def follow(lines: Iterable[bytes | str]) -> Iterator[Link]:
    """The entries of an exported journal (JSON Lines), each once it has been checked against the one before.

    What was cut off at the end leaves no trace here: compare the last hash with one that is kept elsewhere, such as in
    an evidence file. An export that begins in the middle is checked from there.

    Raises:
        BrokenChain: an entry, or its details, were altered; or one is missing or in another's place.
    """
    before: Link | None = None
    for number, line in enumerate(lines, start=1):
        try:
            said = json.loads(line)
            link = Link(**{each.name: said[each.name] for each in fields(Link)})
            details = payload_digest(bytes.fromhex(said["salt"]), said["details"])
            expected = (link.hash, link.payload_digest)
            actual = (said["hash"], details)
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise BrokenChain(f"Line {number} is no entry of a journal.") from error
        if expected != actual:
            raise BrokenChain(f"Entry {link.sequence} was altered.")
        follows = (
            (GENESIS, 1) if before is None and link.sequence == 1 else before and (before.hash, before.sequence + 1)
        )
        if follows and follows != (link.previous, link.sequence):
            raise BrokenChain(f"Entry {link.sequence} does not follow the one before it.")
        yield link
        before = link


def canonical(value: Mapping[str, Any]) -> bytes:
    """The bytes that stand for these facts.

    Raises:
        TypeError: a fact is neither text, whole number, truth value, list, mapping nor nothing.
    """
    _refuse_fractions(value)
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def _refuse_fractions(value: object) -> None:
    """PostgreSQL's JSONB and Python write fractional numbers differently; the digest would not survive the journey."""
    if isinstance(value, float):
        raise TypeError(f"The journal takes no fractional number ({value}): write it as text.")
    if isinstance(value, Mapping):
        for inner in value.values():
            _refuse_fractions(inner)
    elif isinstance(value, list | tuple):
        for inner in value:
            _refuse_fractions(inner)
