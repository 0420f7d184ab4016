"""How a text travels (3GPP TS 23.038, 23.040): in the GSM's alphabet if it has all letters, else in UCS-2."""

import functools
from collections.abc import Iterator
from dataclasses import dataclass

_GSM = (
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞ\x1bÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
_ESCAPED = {"\f": 10, "^": 20, "{": 40, "}": 41, "\\": 47, "[": 60, "~": 61, "]": 62, "|": 64, "€": 101}
_ESCAPE = 0x1B
_SEPTETS = {each: bytes([place]) for place, each in enumerate(_GSM) if place != _ESCAPE} | {
    each: bytes([_ESCAPE, place]) for each, place in _ESCAPED.items()
}
_PLAIN = {
    "«\N{NO-BREAK SPACE}": '"',
    "\N{NO-BREAK SPACE}»": '"',
    "“": '"',
    "”": '"',
    "’": "'",
    "\N{NO-BREAK SPACE}": " ",
    "\N{NARROW NO-BREAK SPACE}": " ",
}
"""What would cost a text half of its room, though nobody misses it on a telephone."""
GSM, UCS2 = 0x00, 0x08
"""Values of `data_coding` (SMPP 3.4 §5.2.19); the alphabet by default is the GSM's, an octet for each septet."""
_ROOM = {GSM: (160, 153), UCS2: (140, 134)}
"""Octets of a message that is alone, and of one that is a piece."""
MOST = 20
"""Pieces: nothing that we write comes near."""


@dataclass(frozen=True, slots=True)
class Text:
    """What is put into messages: one, or several that the telephone puts together again."""

    coding: int
    pieces: tuple[bytes, ...]


def encode(text: str, *, mark: int) -> Text:
    """A text as it travels; pieces of the same text carry the same `mark`, 0 to 255.

    Raises:
        ValueError: it is too long.
    """
    plain = functools.reduce(lambda said, each: said.replace(*each), _PLAIN.items(), text)
    units = [_SEPTETS.get(each) for each in plain]
    known = [each for each in units if each is not None]
    coding = GSM if len(known) == len(units) else UCS2
    whole, part = _ROOM[coding]
    characters = known if coding == GSM else [each.encode("utf-16-be") for each in text]
    if sum(map(len, characters)) <= whole:
        return Text(coding, (b"".join(characters),))
    pieces = list(_filled(characters, part))
    if len(pieces) > MOST:
        raise ValueError("The text is too long for text messages.")
    headers = [bytes([5, 0, 3, mark, len(pieces), number]) for number in range(1, len(pieces) + 1)]
    return Text(coding, tuple(header + piece for header, piece in zip(headers, pieces, strict=True)))


def _filled(characters: list[bytes], room: int) -> Iterator[bytes]:
    """Pieces as full as they get; no character is torn apart."""
    piece = b""
    for each in characters:
        if len(piece) + len(each) > room:
            yield piece
            piece = b""
        piece += each
    yield piece
