"""Whether a hostile PDF may be shown to a complete PDF library at all.

A library inflates cross-reference and object streams as it opens a file, however large they become. Here each is
inflated first, piece by piece, and counted. Streams of pages, images and fonts are nobody's concern until drawn.
"""

import re
import zlib

from paraph.errors import BrokenDocument, TooLarge
from paraph.formats.mapped import Data

STREAM_LIMIT = 64 << 20
TOTAL_LIMIT = 256 << 20
_PIECE = 1 << 16
_HEADERS = 8  # how often the file's size may be read as dictionaries before streams
_INFLATED_PIECE = 1 << 20

_LANDMARK = re.compile(rb"obj|(?<!end)stream\r?\n")
_ESCAPE = re.compile(rb"#([0-9A-Fa-f]{2})")
_STRUCTURE = re.compile(rb"/(?:XRef|ObjStm)\b")
_FILTER = re.compile(
    rb"/Filter\b[\0\t\n\f\r ]*(\[[\0\t\n\f\r ]*/FlateDecode[\0\t\n\f\r ]*\]|/FlateDecode(?=[\0\t\n\f\r />]))?"
)


def check(data: Data) -> None:
    """Refuse what would not stay within bounds.

    Raises:
        TooLarge: a compressed structure that grows beyond all measure.
        BrokenDocument: a compressed structure that cannot be measured.
    """
    total = examined = begin = behind = 0
    for match in _LANDMARK.finditer(data):
        if match[0] == b"obj" or match.start() < behind:
            begin = max(match.start(), behind)
            continue
        header = data[begin : match.start()]
        examined += len(header)
        if examined > _HEADERS * len(data) + _PIECE:
            raise BrokenDocument("The PDF is made to be read for hours; it is refused.")
        if _is_packed_structure(header):
            size, behind = _measure(data, match.end())
            total += size
        if total > TOTAL_LIMIT:
            raise TooLarge("The PDF unpacks to far more than its size; it is refused.")


def _is_packed_structure(header: bytes) -> bool:
    """Whether the dictionary before a stream announces compressed structure."""
    header = _ESCAPE.sub(lambda escape: bytes.fromhex(escape[1].decode("ascii")), header)
    filters = _FILTER.findall(header)
    if not filters or not _STRUCTURE.search(header):
        return False
    if len(filters) > 1 or not filters[0]:
        raise BrokenDocument("The PDF packs its structure in an unusual way; save it again with another program.")
    return True


def _measure(data: Data, start: int) -> tuple[int, int]:
    """How much a deflated stream holds, and where its data ends."""
    inflater, size = zlib.decompressobj(), 0
    for position in range(start, len(data), _PIECE):
        piece = data[position : position + _PIECE]
        while piece and not inflater.eof:
            try:
                size += len(inflater.decompress(piece, _INFLATED_PIECE))
            except zlib.error as error:
                raise BrokenDocument("The structure of the PDF is damaged.") from error
            if size > STREAM_LIMIT:
                raise TooLarge("The PDF unpacks to far more than its size; it is refused.")
            piece = inflater.unconsumed_tail
        if inflater.eof:
            return size, min(position + _PIECE, len(data)) - len(inflater.unused_data)
    raise BrokenDocument("The structure of the PDF is cut off.")
