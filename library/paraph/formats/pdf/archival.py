"""What a PDF for archives says of itself (ISO 19005)."""

import re

_PREFIX = re.compile(rb"""xmlns:([\w.-]+)\s*=\s*["']http://www\.aiim\.org/pdfa/ns/id/["']""")
_PART = rb"""\b%b:part\s*(?:=\s*["']|>)\s*(\d)"""


def part(metadata: bytes) -> int | None:
    """The part of ISO 19005 that a document claims to follow, by its XMP metadata (ISO 19005-1 §6.7.11)."""
    packet = metadata.replace(b"\0", b"")  # UTF-16 and UTF-32 are allowed, too
    prefix = _PREFIX.search(packet)
    claim = re.search(_PART % re.escape(prefix[1]), packet) if prefix else None
    return int(claim[1]) if claim else None
