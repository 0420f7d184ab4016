"""How a stranger's PDF is opened: strictly, within bounds, repairing nothing (qpdf does the reading)."""

import re
from collections import deque
from io import BufferedReader, BytesIO, RawIOBase
from typing import Any

import pikepdf

from paraph.errors import BrokenDocument, EmptyDocument, EncryptedDocument, NotAPdf
from paraph.formats.mapped import Data
from paraph.formats.pdf import bounds

DAMAGED = "The PDF is damaged; open it with another program, save or print it to a new PDF, then try again."
PROTECTED = "The PDF is protected by a password or restricted; save it without protection, then try again."
WRONG_PASSWORD = "The password does not open this PDF."  # noqa: S105  a sentence about one
SURPRISES = (
    pikepdf.PdfError,
    ValueError,
    TypeError,
    AttributeError,
    KeyError,
    IndexError,
    RuntimeError,
    NotImplementedError,
)
"""What pikepdf raises when objects are not what they should be."""

_COMMON = (
    "a common error handled correctly by qpdf and most other applications",  # objects at offset 0, streams not listed
    "extraneous whitespace seen before xref",
    "Resources is missing or invalid; repairing",
)
"""What qpdf says of faults that many programs make and none stumbles over."""
_COUNT = re.compile(r"reported number of objects \((\d+)\) is not one plus the highest object number \((\d+)\)")
_HEADER_WITHIN = 1024  # how far readers look for the header (ISO 32000-1 annex H, note 13)


def open_strictly(document: Data, password: str = "", *, added: bytes = b"") -> pikepdf.Pdf:
    """The document, if its structure is sound; with what was `added` behind it, if it was let through before.

    Raises:
        EmptyDocument: not a byte.
        NotAPdf: something else.
        EncryptedDocument: protected by a password, or by restrictions, and `password` does not open it.
        BrokenDocument: only repair would make it readable.
        TooLarge: it unpacks to far more than its size.
    """
    if not document:
        raise EmptyDocument("The file is empty.")
    if b"%PDF-" not in document[:_HEADER_WITHIN]:
        raise NotAPdf("The file is not a PDF.")
    bounds.check(added or document)
    try:
        pdf = pikepdf.open(readable(document, added), password=password, attempt_recovery=False)
    except pikepdf.PasswordError as error:
        raise EncryptedDocument(WRONG_PASSWORD if password else PROTECTED) from error
    except SURPRISES as error:
        raise BrokenDocument(DAMAGED) from error
    if pdf.is_encrypted and not password:
        raise EncryptedDocument(PROTECTED)
    check(pdf)
    return pdf


def read_all(pdf: pikepdf.Pdf) -> None:
    """Have every object read before the document is looked through.

    Qpdf 12.4 crashes when one is found damaged while a dictionary that refers to it is gone through key by key.
    """
    deque(pdf.objects, maxlen=0)


def readable(document: Data, added: bytes = b"") -> Any:
    """The document as a stream, not copied where that can be helped."""
    if isinstance(document, bytes) and not added:
        return BytesIO(document)
    return BufferedReader(_Joined(document, added))


class _Joined(RawIOBase):
    """A document and a revision behind it."""

    def __init__(self, document: Data, added: bytes) -> None:
        self._document, self._added = document, added
        self._length = len(document) + len(added)
        self._position = 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = 0) -> int:
        self._position = offset + (0, self._position, self._length)[whence]
        return self._position

    def tell(self) -> int:
        return self._position

    def readinto(self, buffer: bytearray) -> int:  # type: ignore[override]  # whatever can be written to
        start, end = self._position, len(self._document)
        content = (
            self._document[start : min(start + len(buffer), end)]
            if start < end
            else self._added[start - end : start - end + len(buffer)]
        )
        buffer[: len(content)] = content
        self._position += len(content)
        return len(content)


def check(pdf: pikepdf.Pdf) -> None:
    """Qpdf had nothing to repair so far.

    Raises:
        BrokenDocument: it had.
    """
    if not all(_harmless(str(warning)) for warning in pdf.get_warnings()):
        raise BrokenDocument(DAMAGED)


def _harmless(warning: str) -> bool:
    """Whether every reader gets over it alike; or /Size is only too large: too small, new objects would hide others."""
    if any(fault in warning for fault in _COMMON):
        return True
    count = _COUNT.search(warning)
    return count is not None and int(count[1]) > int(count[2])
