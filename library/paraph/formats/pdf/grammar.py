"""The syntax of PDF objects (ISO 32000-2 §7.3) as regular expressions, strict and without backtracking.

A dictionary is read into `{key: the original bytes of its value}`: a key can be replaced and everything else is
written back as it was. Deep nesting, escaped names and doubled keys are refused, not interpreted.
"""

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache

Dictionary = Mapping[bytes, bytes]
"""Never changed in place: small ones are shared."""


class Unsupported(Exception):
    """The lean reader does not understand this document entirely."""


WHITESPACE = b"\0\t\n\f\r "
_DEPTH = 4
_SMALL = 2048
_SPACE = rb"[\0\t\n\f\r ]*+(?:%[^\r\n]*+[\r\n][\0\t\n\f\r ]*+)*+"
_GAP = rb"[\0\t\n\f\r ]++"
_END = rb"(?=[\0\t\n\f\r ()<>\[\]{}/%]|\Z)"
_REGULAR = rb"[!\"$&'*-.0-;=?-Z\\^-z|~]"  # printable, no delimiter, no #
_NAME = rb"/" + _REGULAR + rb"*+"
_REFERENCE = rb"\d{1,10}" + _GAP + rb"\d{1,5}" + _GAP + rb"R" + _END
_NUMBER = rb"[+-]?(?:\d++(?:\.\d*+)?|\.\d++)" + _END
_WORD = rb"(?:true|false|null)" + _END
_CHARACTERS = rb"(?:[^()\\]++|\\[\s\S])*+"
_STRING = rb"\(" + _CHARACTERS + rb"(?:\(" + _CHARACTERS + rb"\)" + _CHARACTERS + rb")*+\)"
_HEX = rb"<[0-9A-Fa-f\0\t\n\f\r ]*+>"
_SCALAR = b"|".join([_NAME, _REFERENCE, _NUMBER, _STRING, _HEX, _WORD])


def _value(depth: int) -> bytes:
    """Anything that may stand in a dictionary or an array, `depth` levels deep."""
    if not depth:
        return rb"(?:" + _SCALAR + rb")"
    inner = _value(depth - 1)
    dictionary = rb"<<(?:" + _SPACE + _NAME + _SPACE + inner + rb")*+" + _SPACE + rb">>"
    array = rb"\[(?:" + _SPACE + inner + rb")*+" + _SPACE + rb"\]"
    return rb"(?:" + b"|".join([_SCALAR, dictionary, array]) + rb")"


_VALUE = _value(_DEPTH)
# What fits nothing is swallowed whole by the last group: a search that tried again at each byte would take hours.
_ENTRIES = re.compile(_SPACE + rb"(?:(" + _NAME + rb")" + _SPACE + rb"(" + _VALUE + rb")|([\s\S]*+))")
_ITEMS = re.compile(_SPACE + rb"(?:(" + _VALUE + rb")|([\s\S]*+))")
_ONE_REFERENCE = re.compile(rb"(\d+)" + _GAP + rb"0" + _GAP + rb"R")
SPACE = re.compile(_SPACE)


def dictionary(text: bytes) -> Dictionary:
    """The dictionary that is the whole of `text`."""
    return _small_dictionary(text) if len(text) < _SMALL else _dictionary(text)


def _dictionary(text: bytes) -> Dictionary:
    text = text.strip(WHITESPACE)
    if not (text.startswith(b"<<") and text.endswith(b">>")):
        raise Unsupported("not a plain dictionary")
    found = _ENTRIES.findall(text[2:-2])
    entries = {key: value for key, value, _ in found if key}
    # found ends with what did not fit, and perhaps with nothing once more
    if not len(entries) + 1 <= len(found) <= len(entries) + 2 or found[len(entries)][0] or found[len(entries)][2]:
        raise Unsupported("a dictionary with something strange between its entries, or with a key that stands twice")
    return entries


_small_dictionary = lru_cache(maxsize=512)(_dictionary)  # what one program writes has many dictionaries in common


def array(text: bytes) -> tuple[bytes, ...]:
    """The items of the array that is the whole of `text`."""
    return _small_array(text) if len(text) < _SMALL else _array(text)


def _array(text: bytes) -> tuple[bytes, ...]:
    text = text.strip(WHITESPACE)
    if not (text.startswith(b"[") and text.endswith(b"]")):
        raise Unsupported("not a plain array")
    found = _ITEMS.findall(text[1:-1])
    items = tuple([item for item, _ in found if item])
    if found[len(items)][1]:
        raise Unsupported("an array with something strange between its items")
    return items


_small_array = lru_cache(maxsize=512)(_array)


@lru_cache(maxsize=1024)
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
