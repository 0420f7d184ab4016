"""The dictionaries before the streams of a PDF, found without a cross-reference: from each keyword backwards.

What stands between the nearest `obj` and `stream` is the stream's dictionary, unless somebody hid another `obj` in a
comment, a string or the dictionary itself to cut off what a reader will see. Such a cut leaves traces: a bracket too
many, or a comment's sign before it on its line.
"""

import re
from collections.abc import Iterator

from paraph.errors import BrokenDocument
from paraph.formats.mapped import Data

_MOST_READ = 4  # times the size of the file
_LEAST_READ = 64 << 20
_LINE = 1024  # bytes before `obj` among which its line begins
_KEYWORD = re.compile(rb"stream[\0\t\f ]*(?:\r\n?|\n)")
_NUMBERS = re.compile(rb"\d[\0\t\f ]+\d+[\0\t\f ]+\Z")
_PLAIN = re.compile(rb"[\0\t\n\f\r ]*+<<[^<>()%\\]*+>>[\0\t\n\f\r ]*+")
_CHARACTERS = rb"(?:[^()\\]++|\\[\s\S])*+"
_STRING = re.compile(
    rb"\(" + _CHARACTERS + rb"(?:\(" + _CHARACTERS + rb"\)" + _CHARACTERS + rb")*+\)|(?<!<)<[0-9A-Fa-f\0\t\n\f\r ]*+>"
)
_BRACKET = re.compile(rb"<<|>>|[<>()%\\]")


def headers(data: Data) -> Iterator[tuple[bytes, int]]:
    """Each stream's dictionary and where its data begins; everything before it, where the dictionary is in doubt.

    Raises:
        BrokenDocument: there is so much in doubt that the file would be read again and again.
    """
    read, position = 0, data.find(b"stream")
    while position >= 0:
        keyword = _KEYWORD.match(data, position)
        if keyword and data[max(position - 3, 0) : position] != b"end":
            header = _header(data, position)
            read += len(header)
            if read > _MOST_READ * len(data) + _LEAST_READ:
                raise BrokenDocument("The PDF is made to be read for hours; it is refused.")
            yield header, keyword.end()
        position = data.find(b"stream", position + 1)


def _header(data: Data, end: int) -> bytes:
    start = data.rfind(b"obj", 0, end)
    header = data[start + 3 : end]
    return header if start >= 0 and _begins_object(data, start) and _is_whole(header) else data[:end]


def _begins_object(data: Data, keyword: int) -> bool:
    """Whether `obj` has its two numbers, and no comment begins before them on their line."""
    before = data[max(keyword - _LINE, 0) : keyword]
    begin = max(before.rfind(b"\n"), before.rfind(b"\r"))
    line = before[begin + 1 :]
    return (begin >= 0 or keyword <= _LINE) and b"%" not in line and bool(_NUMBERS.search(line))


def _is_whole(header: bytes) -> bool:
    """Whether it is one dictionary; strings may hold anything, comments are not understood."""
    if _PLAIN.fullmatch(header):
        return True
    plain, depth = _STRING.sub(b"", header).strip(b"\0\t\n\f\r "), 0
    for bracket in _BRACKET.finditer(plain):
        depth += {b"<<": 1, b">>": -1}.get(bracket[0], -len(plain))
        if depth < 0 or (depth == 0 and bracket.end() < len(plain)):
            return False
    return depth == 0 and plain.startswith(b"<<")
