"""A new revision at the end of a PDF (ISO 32000-2 §7.5.6): the original bytes stay, objects are added or replaced."""

import hashlib
from struct import pack

from paraph.formats.pdf.document import Document
from paraph.formats.pdf.grammar import Dictionary, Unsupported, array, write

_NOT_INHERITED = {b"/Prev", b"/Size", b"/Type", b"/W", b"/Index", b"/Length", b"/Filter", b"/DecodeParms", b"/DL"}
_LARGEST = 1 << 32


class Revision:
    """Collects objects in the order they are written; `finish` gives the bytes to append."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self._next = document.next_number
        self._length = len(document.data)
        self._parts = [] if document.data.endswith((b"\n", b"\r")) else [b"\n"]
        self._length += len(self._parts)
        self._offsets: dict[int, int] = {}

    def allocate(self) -> int:
        number = self._next
        self._next += 1
        return number

    def put(self, number: int, body: bytes) -> int:
        """Write an object; returns the offset in the file at which its body begins."""
        self._offsets[number] = self._length
        written = b"%d 0 obj\n%b\nendobj\n" % (number, body)
        start = self._length + len(written) - len(body) - 8
        self._parts.append(written)
        self._length += len(written)
        return start

    def finish(self, identity: bytes) -> bytes:
        """Close with a cross-reference of the same kind as the document's; `identity` seeds the new file identifier."""
        if self._length >= _LARGEST:
            raise Unsupported("offsets beyond four bytes")
        trailer = {key: value for key, value in self.document.references.trailer.items() if key not in _NOT_INHERITED}
        if b"/ID" in trailer:
            trailer[b"/ID"] = self._identifier(trailer[b"/ID"], identity)
        trailer[b"/Prev"] = b"%d" % self.document.references.start
        start = self._length
        self._parts.append(self._stream(trailer) if self.document.references.in_streams else self._table(trailer))
        self._parts.append(b"startxref\n%d\n%%%%EOF\n" % start)
        return b"".join(self._parts)

    def _identifier(self, value: bytes, identity: bytes) -> bytes:
        """The first identifier is permanent, the second changes with every revision (§14.4)."""
        items = array(value)[0]
        if len(items) != 2:  # noqa: PLR2004
            raise Unsupported("a file identifier of another length")
        return b"[%b<%b>]" % (items[0], hashlib.md5(identity, usedforsecurity=False).hexdigest().encode())

    def _runs(self) -> list[list[int]]:
        """The written object numbers as runs of neighbours."""
        runs: list[list[int]] = []
        for number in sorted(self._offsets):
            if runs and runs[-1][-1] == number - 1:
                runs[-1].append(number)
            else:
                runs.append([number])
        return runs

    def _table(self, trailer: Dictionary) -> bytes:
        lines = [b"xref\n"]
        for run in self._runs():
            lines.append(b"%d %d\n" % (run[0], len(run)))
            lines += [b"%010d 00000 n \n" % self._offsets[number] for number in run]
        trailer[b"/Size"] = b"%d" % self._next
        return b"%btrailer\n%b\n" % (b"".join(lines), write(trailer))

    def _stream(self, trailer: Dictionary) -> bytes:
        number = self.allocate()
        self._offsets[number] = self._length
        runs = self._runs()
        rows = b"".join([pack(">BIB", 1, self._offsets[number], 0) for run in runs for number in run])
        trailer[b"/Size"] = b"%d" % self._next
        trailer[b"/Type"] = b"/XRef"
        trailer[b"/W"] = b"[1 4 1]"
        trailer[b"/Index"] = b"[" + b" ".join([b"%d %d" % (run[0], len(run)) for run in runs]) + b"]"
        trailer[b"/Length"] = b"%d" % len(rows)
        return b"%d 0 obj\n%b\nstream\n%b\nendstream\nendobj\n" % (number, write(trailer), rows)
