"""A quick look through every object of a PDF for words that may stand for something active, hidden or far away.

It errs on the side of suspicion: what passes holds none of these words; what does not is for somebody who reads PDF.
Only objects that are in force are looked at, and of streams only their dictionaries.
"""

import re

from paraph.formats.pdf.document import Document
from paraph.formats.pdf.grammar import Unsupported, dictionary

_SUSPECTS = re.compile(
    rb"/(?:(?:AA|Collection|GoTo[ER]|Hide|ImportData|J(?:S|avaScript)|Launch|Movie|OCProperties|OPI|Re(?:f|ndition)"
    rb"|RichMediaExecute|S(?:etOCGState|ound|ubmitForm)|XFA)(?![A-Za-z0-9])"
    rb"|OpenAction[\0\t\n\f\r ]*(?:<<|\d)|URI[\0\t\n\f\r ]*(?:<(?!<)|\((?!https?:|mailto:|tel:|www\.)))"
)
_EXTERNAL = re.compile(rb"/F(?:[\0\t\n\f\r ]*[(<]|[\0\t\n\f\r ]+\d)")
_CLOSED = (b">>\n", b">>", b">>\r\n", b">> ", b">>\r")
_SIGNED = b"/ByteRange"


def is_plain(document: Document) -> bool:
    """Whether no object holds a word that needs a closer look, and no earlier revision is covered by a later one.

    Raises:
        Unsupported: an object stream that cannot be read.
    """
    streams, others = _texts(document)
    headers = b"\n".join(streams)
    text = b"\n".join((headers, *others, *document.contained()))
    if b"#" in text or _SUSPECTS.search(text) or _EXTERNAL.search(headers):
        return False
    return document.references.revisions == 1 or _SIGNED in text


def _texts(document: Document) -> tuple[list[bytes], list[bytes]]:
    """The dictionaries of streams, and all other objects, each with what lies between it and the next one."""
    data, find = document.data, document.data.find
    starts = [place for place in document.references.places.values() if type(place) is int]
    starts.sort()
    ends = starts[1:]
    ends.append(len(data))
    streams: list[bytes] = []
    others: list[bytes] = []
    for start, end in zip(starts, ends, strict=True):
        stop = find(b"stream", start, end)
        if stop < 0:
            others.append(data[start:end])
        else:
            header = data[start:stop]
            streams.append(header if _is_dictionary(header) else data[start:end])
    return streams, others


def _is_dictionary(header: bytes) -> bool:
    """Whether the word behind it can only begin a stream's data: it stands in no string, comment or dictionary."""
    if b"(" in header or b"%" in header:
        try:
            dictionary(header.partition(b"obj")[2])
        except Unsupported:
            return False
        return True
    return header.endswith(_CLOSED) and header.count(b"<<") == header.count(b">>")
