"""Where the objects of a PDF lie: the chain of its cross-reference sections (ISO 32000-2 §7.5.4, §7.5.8).

Every entry that is in force is checked against the file: a table that lies about one object is not used at all.
"""

import re
import zlib
from itertools import accumulate
from struct import Struct
from typing import NamedTuple

from paraph.formats.mapped import Data
from paraph.formats.pdf.grammar import SPACE, Dictionary, Unsupported, array, dictionary, integer

Place = int | tuple[int, int] | None
"""An offset in the file; (object stream, index in it); or nowhere: the object is free."""

INFLATED_LIMIT = 32 << 20
"""The most that one compressed cross-reference or object stream may become."""

_PNG_PREDICTORS = range(10, 16)
_LONGEST_CHAIN = 500
_MOST_ENTRIES = 1_000_000
_LARGEST_HEADER = 1 << 20
_LINEARIZED_WITHIN = 1024  # where the linearization dictionary must be (ISO 32000-2 Annex F.3.3)
_FREE, _IN_USE, _COMPRESSED = range(3)  # the kinds of entries, Table 18
_HEADER = re.compile(rb"%PDF-[12]\.\d[\0\t\n\f\r ]")
_END_OF_FILE = re.compile(rb"startxref[\r\n ]+(\d{1,12})[\r\n ]+%%EOF[\0\t\n\f\r ]*\Z")
_TABLE = re.compile(rb"xref[\t ]*(?:\r\n|\n|\r)")
_SUBSECTION = re.compile(rb"(\d{1,10}) (\d{1,10})[\t ]*(?:\r\n|\n|\r)((?:\d{10} \d{5} [nf](?: \r| \n|\r\n))*+)")
_ROW = Struct("10s8s2x")
_TRAILER = re.compile(rb"trailer" + SPACE.pattern)
_OBJECT = re.compile(rb"(\d{1,10}) 0 obj" + SPACE.pattern)
_STREAM = re.compile(rb"stream\r?\n")
_END_OF_STREAM = re.compile(rb"[\r\n\t ]*endstream[\0\t\n\f\r ]+endobj[\n\r ]")


class References(NamedTuple):
    """The merged cross-reference of a document, as its newest revision sees it."""

    places: dict[int, Place]
    trailer: Dictionary
    start: int
    """The offset of the newest section: the next revision's `/Prev`."""
    revisions: int
    """How often the document was saved, as far as its cross-references tell; linearization is no revision."""
    in_streams: bool
    """Whether the newest section is a cross-reference stream; the next one must be of the same kind."""


def read(data: Data) -> References:
    """Follow the chain from the end of the file.

    Raises:
        Unsupported: a hybrid, damaged, looping or otherwise surprising chain.
    """
    end = _END_OF_FILE.search(data, max(0, len(data) - 128))
    if end is None or _HEADER.match(data) is None:
        raise Unsupported("no plain header and end of file")
    start = position = int(end[1])
    sections: list[dict[int, Place]] = []
    seen: set[int] = set()
    newest: Dictionary | None = None
    while True:
        if position in seen or len(seen) == _LONGEST_CHAIN:
            raise Unsupported("the chain of cross-references does not end")
        seen.add(position)
        entries, trailer = _section(data, position)
        sections.append(entries)
        newest = newest or trailer
        if sum(map(len, sections)) > _MOST_ENTRIES:
            raise Unsupported("a cross-reference without measure")
        if b"/Prev" not in trailer:
            break
        position = integer(trailer[b"/Prev"])
    places: dict[int, Place] = {}
    for entries in reversed(sections):
        places |= entries
    _check(data, places, newest)
    revisions = len(sections) - (len(sections) > 1 and b"/Linearized" in data[:_LINEARIZED_WITHIN])
    return References(places, newest, start, revisions, b"/W" in newest)


def _check(data: Data, places: dict[int, Place], trailer: Dictionary) -> None:
    if max(places) >= integer(trailer.get(b"/Size")):
        raise Unsupported("/Size does not cover every object")
    starts_at = data.startswith
    for number, place in places.items():
        if type(place) is int and not starts_at(b"%d 0 obj" % number, place):
            raise Unsupported("an object is not where the cross-reference says")


def _section(data: Data, position: int) -> tuple[dict[int, Place], Dictionary]:
    table = _TABLE.match(data, position)
    entries, trailer = _table(data, table.end()) if table else _stream(data, position)
    if b"/Encrypt" in trailer or b"/XRefStm" in trailer or b"/Size" not in trailer:
        raise Unsupported("encrypted, hybrid or without /Size")
    return entries, trailer


def _table(data: Data, position: int) -> tuple[dict[int, Place], Dictionary]:
    places: dict[int, Place] = {}
    while subsection := _SUBSECTION.match(data, position):
        position = subsection.end()
        first, length, rows = int(subsection[1]), int(subsection[2]), subsection[3]
        if len(rows) != _ROW.size * length:
            raise Unsupported("a cross-reference table of another length than it says")
        for number, (offset, rest) in enumerate(_ROW.iter_unpack(rows), first):
            if rest == b" 00000 n":
                places[number] = int(offset)
            elif rest.endswith(b"f"):
                places[number] = None
            else:
                raise Unsupported("an object of a generation above 0")
    trailer = _TRAILER.match(data, position)
    if trailer is None or not places:
        raise Unsupported("a cross-reference table without trailer")
    return places, dictionary(data[trailer.end() : data.find(b"startxref", trailer.end())])


def _stream(data: Data, position: int) -> tuple[dict[int, Place], Dictionary]:
    _, entries, content = stream(data, position)
    if entries.get(b"/Type") != b"/XRef":
        raise Unsupported("startxref or /Prev points to something else")
    widths = [integer(width) for width in array(entries.get(b"/W", b""))]
    if len(widths) != 3 or not 0 < min(widths[:2]) <= max(widths) <= 8:  # noqa: PLR2004  three fields, 64 bits at most
        raise Unsupported("unusual field widths")
    if len(content) > _MOST_ENTRIES * sum(widths):
        raise Unsupported("a cross-reference without measure")
    columns = _columns(content, sum(widths), entries.get(b"/DecodeParms"))
    kinds = _field(columns[: widths[0]])
    seconds = _field(columns[widths[0] : widths[0] + widths[1]])
    thirds = _field(columns[widths[0] + widths[1] :]) if widths[2] else [0] * len(kinds)
    numbers = _numbers(entries, len(kinds))
    places: dict[int, Place] = {}
    for number, kind, second, third in zip(numbers, kinds, seconds, thirds, strict=True):
        if kind == _COMPRESSED:
            places[number] = (second, third)
        elif kind == _IN_USE and not third:
            places[number] = second
        elif kind == _FREE:
            places[number] = None
        else:
            raise Unsupported("an entry of unknown kind or of a generation above 0")
    return places, entries


def _numbers(entries: Dictionary, length: int) -> list[int]:
    """The object numbers that the rows of a cross-reference stream stand for."""
    if b"/Index" not in entries:
        numbers = list(range(min(integer(entries.get(b"/Size")), length + 1)))
    else:
        runs = iter([integer(item) for item in array(entries[b"/Index"])])
        numbers = []
        for first in runs:
            if numbers and first <= numbers[-1]:
                raise Unsupported("runs of object numbers that overlap")
            numbers.extend(range(first, first + min(next(runs, 0), length + 1)))
    if len(numbers) != length:
        raise Unsupported("a cross-reference stream of another length than it says")
    return numbers


def _columns(content: bytes, width: int, parameters: bytes | None) -> list[bytes]:
    """The bytes of each column, the PNG "Up" predictor undone (RFC 2083 §6.4)."""
    if parameters is None:
        if len(content) % width:
            raise Unsupported("a cross-reference stream with a broken last row")
        return [content[column::width] for column in range(width)]
    known = dictionary(parameters)
    if integer(known.get(b"/Predictor")) not in _PNG_PREDICTORS or integer(known.get(b"/Columns")) != width:
        raise Unsupported("an unusual predictor")
    row = width + 1
    if len(content) % row or content[::row].strip(b"\x02") or len(known) > 2:  # noqa: PLR2004
        raise Unsupported("an unusual predictor")
    modulo = (255).__and__
    return [bytes(map(modulo, accumulate(content[column::row]))) for column in range(1, row)]


def _field(columns: list[bytes]) -> list[int]:
    """Big-endian numbers from their columns of bytes."""
    values = list(columns[0])
    for column in columns[1:]:
        values = [value << 8 | byte for value, byte in zip(values, column, strict=True)]
    return values


def stream(data: Data, position: int) -> tuple[int, Dictionary, bytes]:
    """The stream object at `position`: its number, its dictionary and what it holds, inflated within bounds."""
    header = _OBJECT.match(data, position)
    if header is None:
        raise Unsupported("no object where one should be")
    body = _STREAM.search(data, header.end(), header.end() + _LARGEST_HEADER)
    if body is None:
        raise Unsupported("not a stream")
    entries = dictionary(data[header.end() : body.start()])
    stop = body.end() + integer(entries.get(b"/Length"))
    if _END_OF_STREAM.match(data, stop) is None:
        raise Unsupported("a stream that does not end where it says")
    content = data[body.end() : stop]
    if b"/Filter" in entries:
        content = inflate(content, entries[b"/Filter"])
    return int(header[1]), entries, content


def inflate(content: bytes, name: bytes) -> bytes:
    """What a stream under this filter holds, within bounds."""
    if name != b"/FlateDecode":
        raise Unsupported("compressed in another way")
    inflater = zlib.decompressobj()
    try:
        inflated = inflater.decompress(content, INFLATED_LIMIT)
    except zlib.error as error:
        raise Unsupported("compressed data is damaged") from error
    if not inflater.eof:
        raise Unsupported("compressed data is cut off or too large")
    return inflated
