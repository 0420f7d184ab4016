"""DER, written and read (ITU-T X.690 §10): just enough for structures that are made thousands of times a second."""

from collections.abc import Iterator
from functools import lru_cache

from asn1crypto.core import ObjectIdentifier

from paraph.errors import InputError

INTEGER, BIT_STRING, OCTET_STRING, NULL, OID, UTF8 = 0x02, 0x03, 0x04, 0x05, 0x06, 0x0C
PRINTABLE, UTC_TIME = 0x13, 0x17
SEQUENCE, SET, GENERALIZED_TIME, BOOLEAN = 0x30, 0x31, 0x18, 0x01
_LONG = 0x80
_LENGTH_BYTES = 4


class BrokenDer(InputError):
    """Not DER: a length that lies, a truncated value, or something left over."""

    code = "broken-der"


def tlv(tag: int, *contents: bytes) -> bytes:
    """One value with its tag and length."""
    content = contents[0] if len(contents) == 1 else b"".join(contents)
    return header(tag, len(content)) + content


@lru_cache(maxsize=4096)
def header(tag: int, length: int) -> bytes:
    """What stands before a value of so many bytes; the same lengths come again and again."""
    if length < _LONG:
        return bytes((tag, length))
    size = length.to_bytes((length.bit_length() + 7) // 8, "big")
    return bytes((tag, _LONG | len(size))) + size


def sequence(*contents: bytes) -> bytes:
    return tlv(SEQUENCE, *contents)


def template(*parts: bytes) -> bytes:
    """The parts with a place between each two, which `%` fills with values of the lengths that the parts announce."""
    return b"%b".join([part.replace(b"%", b"%%") for part in parts])


def set_of(*contents: bytes) -> bytes:
    """A SET OF, its members in the order that DER wants (§11.6)."""
    return tlv(SET, *sorted(contents))


def explicit(number: int, *contents: bytes) -> bytes:
    """A constructed value under a context tag."""
    return tlv(0xA0 | number, *contents)


def integer(value: int) -> bytes:
    return tlv(INTEGER, value.to_bytes(value.bit_length() // 8 + 1, "big", signed=True))


def octets(value: bytes) -> bytes:
    return tlv(OCTET_STRING, value)


def oid(dotted: str) -> bytes:
    return bytes(ObjectIdentifier(dotted).dump())


def read(data: bytes, start: int = 0) -> tuple[int, bytes, int]:
    """The value that begins at `start`: its tag, its contents, and where it ends.

    Raises:
        BrokenDer: high tags, indefinite or wasteful lengths, or less data than announced.
    """
    try:
        tag, length = data[start], data[start + 1]
        begin = start + 2
        if length & _LONG:
            count = length & 0x7F
            length = int.from_bytes(data[begin : begin + count], "big")
            if not 1 <= count <= _LENGTH_BYTES or length < _LONG or data[begin] == 0:
                raise BrokenDer("A length is not written as DER asks.")
            begin += count
    except IndexError:
        raise BrokenDer("The structure ends too early.") from None
    if tag & 0x1F == 0x1F or begin + length > len(data):  # noqa: PLR2004  the mask of high tag numbers
        raise BrokenDer("The structure ends too early or has an unknown tag.")
    return tag, data[begin : begin + length], begin + length


def members(content: bytes) -> Iterator[tuple[int, bytes]]:
    """The values that follow each other in a constructed value: tag and contents."""
    position = 0
    while position < len(content):
        tag, value, position = read(content, position)
        yield tag, value


def whole(data: bytes, tag: int) -> bytes:
    """The contents of the one value that `data` is.

    Raises:
        BrokenDer: another tag, or bytes behind it.
    """
    found, content, end = read(data)
    if found != tag or end != len(data):
        raise BrokenDer("Not the structure that was expected.")
    return content
