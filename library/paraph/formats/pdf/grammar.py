"""The syntax of PDF objects (ISO 32000-2 §7.3) as regular expressions, strict and without backtracking.

A dictionary is read into `{key: the original bytes of its value}`: a key can be replaced and everything else is
written back as it was. Deep nesting, escaped names and doubled keys are refused, not interpreted.
"""

import re
from collections.abc import Iterable, Mapping

Dictionary = dict[bytes, bytes]


class Unsupported(Exception):  # noqa: N818  no fault of the document: the general writer takes it
    """The lean reader does not understand this document entirely."""


_DEPTH = 4
_SPACE = rb"(?:[\0\t\n\f\r ]++|%[^\r\n]*+[\r\n])*+"
_GAP = rb"[\0\t\n\f\r ]++"
_END = rb"(?=[\0\t\n\f\r ()<>\[\]{}/%]|\Z)"
_REGULAR = rb"[^\0\t\n\f\r ()<>\[\]{}/%#]"
_NAME = rb"/" + _REGULAR + rb"*+"
_REFERENCE = rb"\d{1,10}" + _GAP + rb"\d{1,5}" + _GAP + rb"R" + _END
_NUMBER = rb"[+-]?(?:\d++(?:\.\d*+)?|\.\d++)" + _END
_WORD = rb"(?:true|false|null)" + _END
_CHARACTERS = rb"(?:[^()\\]++|\\[\s\S])*+"
_STRING = rb"\(" + _CHARACTERS + rb"(?:\(" + _CHARACTERS + rb"\)" + _CHARACTERS + rb")*+\)"
_HEX = rb"<[0-9A-Fa-f\0\t\n\f\r ]*+>"


def _container(depth: int) -> bytes:
    """Dictionaries and arrays whose inside only has to be well-formed, `depth` levels deep."""
    inner = b"|".join([_REGULAR + rb"++", _NAME, _STRING, _HEX, *([_container(depth - 1)] if depth else [])])
    items = rb"(?:" + _SPACE + rb"(?:" + inner + rb"))*+" + _SPACE
    return rb"<<" + items + rb">>|\[" + items + rb"\]"


_VALUE = rb"(?:" + b"|".join([_NAME, _REFERENCE, _NUMBER, _STRING, _HEX, _WORD, _container(_DEPTH - 1)]) + rb")"
_ENTRIES = re.compile(_SPACE + rb"(" + _NAME + rb")" + _SPACE + rb"(" + _VALUE + rb")")
_ITEMS = re.compile(_SPACE + rb"(" + _VALUE + rb")")
_DICTIONARY = re.compile(rb"<<((?:" + _SPACE + _NAME + _SPACE + _VALUE + rb")*+)" + _SPACE + rb">>")
_ARRAY = re.compile(rb"\[((?:" + _SPACE + _VALUE + rb")*+)" + _SPACE + rb"\]")
_ONE_REFERENCE = re.compile(rb"(\d+)" + _GAP + rb"0" + _GAP + rb"R")
SPACE = re.compile(_SPACE)


def dictionary(data: bytes, start: int = 0) -> tuple[Dictionary, int]:
    """The dictionary that begins exactly at `start`, and where it ends."""
    match = _DICTIONARY.match(data, start)
    if match is None:
        raise Unsupported("not a plain dictionary")
    pairs = _ENTRIES.findall(match[1])
    entries = dict(pairs)
    if len(entries) != len(pairs):
        raise Unsupported("a key stands twice in a dictionary")
    return entries, match.end()


def array(data: bytes, start: int = 0) -> tuple[list[bytes], int]:
    """The items of the array that begins exactly at `start`, and where it ends."""
    match = _ARRAY.match(data, start)
    if match is None:
        raise Unsupported("not a plain array")
    return _ITEMS.findall(match[1]), match.end()


def reference(value: bytes | None) -> int:
    """The object number in `12 0 R`."""
    match = _ONE_REFERENCE.fullmatch(value or b"")
    if match is None:
        raise Unsupported("not a reference to an object of generation 0")
    return int(match[1])


def is_reference(value: bytes) -> bool:
    return value.endswith(b"R") and value[:1].isdigit()


def integer(value: bytes | None) -> int:
    """A whole number that is not negative."""
    if value is None or not value.isdigit() or len(value) > 12:  # noqa: PLR2004  beyond any offset we could write
        raise Unsupported("not a whole number")
    return int(value)


def number(value: bytes) -> float:
    try:
        return float(value)
    except ValueError as error:
        raise Unsupported("not a number") from error


def write(entries: Mapping[bytes, bytes]) -> bytes:
    """A dictionary from its keys and the bytes of their values."""
    return b"<<" + b"".join([b"%b %b" % entry for entry in entries.items()]) + b">>"


def write_array(items: Iterable[bytes]) -> bytes:
    return b"[" + b" ".join(items) + b"]"


def text(value: str) -> bytes:
    """A text string (§7.9.2.2): ASCII as it is, everything else in UTF-16BE."""
    if value.isascii() and value.isprintable():
        escaped = value.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)")
        return b"(" + escaped.encode("ascii") + b")"
    return b"<FEFF" + value.encode("utf-16-be", "replace").hex().upper().encode("ascii") + b">"
