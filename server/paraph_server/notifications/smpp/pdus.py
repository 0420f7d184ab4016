"""What the two sides of a session say to each other (SMPP 3.4 §4 and §5): written, and read strictly."""

import re
import struct
from dataclasses import dataclass
from enum import IntEnum

from paraph_server.notifications.smpp.alphabets import Text

HEADER = struct.Struct(">IIII")
LONGEST = 1 << 16
"""Bytes of one; a real one has a few hundred."""
RESPONSE = 0x8000_0000
_VERSION = 0x34
_RECEIPT, _KIND = 0x04, 0x3C
"""In `esm_class` (§5.2.12)."""
_WITH_HEADER = 0x40
_MESSAGE_ID, _MESSAGE_STATE = 0x001E, 0x0427
_STATES = {
    1: "ENROUTE",
    2: "DELIVRD",
    3: "EXPIRED",
    4: "DELETED",
    5: "UNDELIV",
    6: "ACCEPTD",
    7: "UNKNOWN",
    8: "REJECTD",
}
_ARRIVED, _LOST = {"DELIVRD"}, {"EXPIRED", "DELETED", "UNDELIV", "REJECTD"}
_WRITTEN = re.compile(rb"\b(id|stat|err):([^\s]{1,65})")


class Command(IntEnum):
    """§5.1.2.1."""

    NACK = RESPONSE
    SUBMIT = 0x04
    DELIVER = 0x05
    UNBIND = 0x06
    BIND = 0x09
    """As a transceiver: to send, and to hear what became of it."""
    ENQUIRE = 0x15


@dataclass(frozen=True, slots=True)
class Pdu:
    """One of them."""

    command: int
    number: int
    body: bytes = b""
    status: int = 0

    def __bytes__(self) -> bytes:
        return HEADER.pack(HEADER.size + len(self.body), self.command, self.status, self.number) + self.body

    def answered(self, body: bytes = b"", status: int = 0) -> "Pdu":
        return Pdu(self.command | RESPONSE, self.number, body, status)


@dataclass(frozen=True, slots=True)
class Receipt:
    """What became of a message, by the number that the SMSC gave it."""

    reference: str
    arrived: bool
    answer: str


def bind(user: str, password: str) -> bytes:
    return _text(user) + _text(password) + _text("") + bytes([_VERSION, 0, 0]) + _text("")


def submits(sender: str, number: str, text: Text) -> list[bytes]:
    """One for each piece; what became of each is to be told."""
    kind = _WITH_HEADER if len(text.pieces) > 1 else 0
    before = _text("") + _sender(sender) + bytes([1, 1]) + _text(number.removeprefix("+")) + bytes([kind, 0, 0])
    after = _text("") + _text("") + bytes([1, 0, text.coding, 0])
    return [before + after + bytes([len(each)]) + each for each in text.pieces]


def _sender(sender: str) -> bytes:
    """A number, a short code, or a name (§5.2.5, §5.2.6)."""
    digits = sender.removeprefix("+")
    if not digits.isdecimal():
        return bytes([5 if sender else 0, 0]) + _text(sender)
    return bytes([1, 1] if sender.startswith("+") else [3, 0]) + _text(digits)


def reference(answer: Pdu) -> str:
    """The number that the SMSC gave a message."""
    return same(answer.body.partition(b"\0")[0].decode("ascii", "replace"))


def same(reference: str) -> str:
    """A number as it is compared: some SMSCs write it differently when they tell of it."""
    return reference.strip().lstrip("0").lower()[:65]


def receipt(delivered: Pdu) -> Receipt | None:
    """What a `deliver_sm` tells of a message of ours (§4.6, appendix B); nothing where it is not decided yet.

    Raises:
        ValueError: it cannot be read.
    """
    kind, message, options = _parts(delivered.body)
    if kind & _KIND != _RECEIPT:
        return None
    told = {name.decode(): value.decode("ascii", "replace") for name, value in _WRITTEN.findall(message)}
    name = options.get(_MESSAGE_ID, b"").rstrip(b"\0").decode("ascii", "replace") or told.get("id", "")
    state = _STATES.get(options.get(_MESSAGE_STATE, b"\0")[0], "") or told.get("stat", "")
    if not name or state not in _ARRIVED | _LOST:
        return None
    answer = state if state in _ARRIVED else f"{state} {told.get('err', '')}".strip()
    return Receipt(same(name), state in _ARRIVED, answer)


def _parts(body: bytes) -> tuple[int, bytes, dict[int, bytes]]:
    """The class of a message, its content, and what is said of it beside."""
    try:
        at = body.index(0) + 1  # service_type
        for _address in range(2):
            at = body.index(0, at + 2) + 1
        kind, at = body[at], at + 3
        for _time in range(2):
            at = body.index(0, at) + 1
        length, at = body[at + 4], at + 5
        message, rest, options = body[at : at + length], body[at + length :], {}
        while rest:
            tag, size = struct.unpack_from(">HH", rest)
            if size:
                options[tag] = rest[4 : 4 + size]
            rest = rest[4 + size :]
    except (IndexError, struct.error) as fault:
        raise ValueError(str(fault)) from None
    return kind, message or options.get(0x0424, b""), options


def _text(value: str) -> bytes:
    """A C-octet string."""
    return value.encode("ascii", "replace").replace(b"\0", b"?") + b"\0"
