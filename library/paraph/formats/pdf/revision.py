"""A new revision at the end of a PDF (ISO 32000-2 §7.5.6): the original bytes stay, objects are added or replaced.

One object may have a hole, for a value that can only be known when everything else is written.
"""

import hashlib
from struct import pack

from paraph.formats.pdf.document import Document
from paraph.formats.pdf.grammar import Unsupported, array, write

_NOT_INHERITED = {b"/Prev", b"/Size", b"/Type", b"/W", b"/Index", b"/Length", b"/Filter", b"/DecodeParms", b"/DL"}
_LARGEST = 1 << 32


class Revision:
    """Collects objects in the order they are written; `finish` gives the bytes, from the hole on if there is one."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self._next = document.next_number
        self._offsets: dict[int, int] = {}
        gap = b"" if document.data.endswith((b"\n", b"\r")) else b"\n"
        self._parts = [gap]
        self._length = len(document.data) + len(gap)

    def allocate(self) -> int:
        number = self._next
        self._next += 1
        return number

    def open(self, number: int, before: bytes, hole: int, after: bytes) -> bytes:
        """Write `before`, a hole of so many bytes, `after`. Returns everything that stands before the hole."""
        self._offsets[number] = self._length
        opening = b"%d 0 obj\n%b" % (number, before)
        head = b"".join((*self._parts, opening))
        self._parts.clear()
        self._length += len(opening) + hole
        self._append(after + b"\nendobj\n")
        return head

    def put(self, number: int, body: bytes) -> None:
        self._offsets[number] = self._length
        self._append(b"%d 0 obj\n%b\nendobj\n" % (number, body))

    def put_stream(self, number: int, content: bytes) -> None:
        self.put(number, b"<</Length %d>>\nstream\n%b\nendstream" % (len(content), content))

    def _append(self, part: bytes) -> None:
        self._parts.append(part)
        self._length += len(part)

    def finish(self, identity: bytes) -> bytes:
        """Close with a cross-reference of the document's own kind; `identity` seeds the new file identifier."""
        if self._length >= _LARGEST:
            raise Unsupported("offsets beyond four bytes")
        references = self.document.references
        trailer = {key: value for key, value in references.trailer.items() if key not in _NOT_INHERITED}
        if b"/ID" in trailer:
            trailer[b"/ID"] = _identifier(trailer[b"/ID"], identity)
        trailer[b"/Prev"] = b"%d" % references.start
        start = self._length
        self._append(self._stream(trailer) if references.in_streams else self._table(trailer))
        self._append(b"startxref\n%d\n%%%%EOF\n" % start)
        return b"".join(self._parts)

    def _runs(self) -> list[list[int]]:
        """The written object numbers as runs of neighbours."""
        runs: list[list[int]] = []
        for number in sorted(self._offsets):
            if runs and runs[-1][-1] == number - 1:
                runs[-1].append(number)
            else:
                runs.append([number])
        return runs

    def _table(self, trailer: dict[bytes, bytes]) -> bytes:
        offsets = self._offsets
        lines = [
            b"%d %d\n%b" % (run[0], len(run), b"".join([b"%010d 00000 n \n" % offsets[number] for number in run]))
            for run in self._runs()
        ]
        trailer[b"/Size"] = b"%d" % self._next
        return b"xref\n%btrailer\n%b\n" % (b"".join(lines), write(trailer))

    def _stream(self, trailer: dict[bytes, bytes]) -> bytes:
        number = self.allocate()
        self._offsets[number] = self._length
        runs = self._runs()
        rows = b"".join([pack(">BIB", 1, self._offsets[number], 0) for run in runs for number in run])
        trailer[b"/Size"] = b"%d" % self._next
        trailer[b"/Type"] = b"/XRef"
        trailer[b"/W"] = b"[1 4 1]"
        trailer[b"/Index"] = b"[%b]" % b" ".join([b"%d %d" % (run[0], len(run)) for run in runs])
        trailer[b"/Length"] = b"%d" % len(rows)
        return b"%d 0 obj\n%b\nstream\n%b\nendstream\nendobj\n" % (number, write(trailer), rows)


def _identifier(value: bytes, identity: bytes) -> bytes:
    """The first identifier is permanent, the second changes with every revision (§14.4)."""
    items = array(value)
    if len(items) != 2:  # noqa: PLR2004
        raise Unsupported("a file identifier of another length")
    return b"[%b<%b>]" % (items[0], hashlib.sha256(identity).hexdigest()[:32].encode())
