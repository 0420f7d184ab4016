"""Whether a hostile PDF may be shown to a complete PDF library at all.

A library inflates cross-reference and object streams as it opens a file, however large they become. Here each is
inflated first, piece by piece, and counted. Streams of pages, images and fonts are nobody's concern until drawn.
"""

import re
import zlib

from paraph.errors import BrokenDocument, EncryptedDocument, TooLarge
from paraph.formats.mapped import Data
from paraph.formats.pdf.headers import headers

STREAM_LIMIT = 64 << 20
TOTAL_LIMIT = 256 << 20
_PIECE = 1 << 16
_INFLATED_PIECE = 1 << 20

_SEALED = (
    "The PDF is encrypted together with its structure, which is not opened; save it without a password, then try again."
)
_ESCAPE = re.compile(rb"#([0-9A-Fa-f]{2})")
_STRUCTURE = re.compile(rb"/(?:XRef|ObjStm)\b")
_FILTER = re.compile(
    rb"/Filter\b[\0\t\n\f\r ]*(\[[\0\t\n\f\r ]*/FlateDecode[\0\t\n\f\r ]*\]|/FlateDecode(?=[\0\t\n\f\r />]))?"
)


def check(data: Data) -> None:
    """Refuse what would not stay within bounds.

    Raises:
        TooLarge: a compressed structure that grows beyond all measure.
        EncryptedDocument: the same, for it is encrypted.
        BrokenDocument: a compressed structure that cannot be measured.
    """
    total = 0
    for header, start in headers(data):
        if _is_packed_structure(header):
            total += _measure(data, start)
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


def _measure(data: Data, start: int) -> int:
    """How much a deflated stream holds."""
    inflater, size = zlib.decompressobj(), 0
    for position in range(start, len(data), _PIECE):
        piece = data[position : position + _PIECE]
        while piece and not inflater.eof:
            try:
                size += len(inflater.decompress(piece, _INFLATED_PIECE))
            except zlib.error as error:
                if b"/Encrypt" in data:  # object streams are encrypted, too, and cannot be measured from outside
                    raise EncryptedDocument(_SEALED) from error
                raise BrokenDocument("The structure of the PDF is damaged.") from error
            if size > STREAM_LIMIT:
                raise TooLarge("The PDF unpacks to far more than its size; it is refused.")
            piece = inflater.unconsumed_tail
        if inflater.eof:
            return size
    raise BrokenDocument("The structure of the PDF is cut off.")
