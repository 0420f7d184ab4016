"""How a stranger's PDF is opened: strictly, within bounds, repairing nothing (qpdf does the reading)."""

from io import BytesIO

import pikepdf

from paraph.errors import BrokenDocument, EmptyDocument, EncryptedDocument, NotAPdf
from paraph.formats.pdf import bounds

DAMAGED = "The PDF is damaged; open it with another program, save or print it to a new PDF, then try again."
PROTECTED = "The PDF is protected by a password or restricted; save it without protection, then try again."
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

_HARMLESS = "reported number of objects"  # pyHanko counts one too many in /Size
_HEADER_WITHIN = 1024  # how far readers look for the header (ISO 32000-1 annex H, note 13)


def open_strictly(document: bytes) -> pikepdf.Pdf:
    """The document, if its structure is sound.

    Raises:
        EmptyDocument: not a byte.
        NotAPdf: something else.
        EncryptedDocument: protected by a password, or by restrictions.
        BrokenDocument: only repair would make it readable.
        TooLarge: it unpacks to far more than its size.
    """
    if not document:
        raise EmptyDocument("The file is empty.")
    if b"%PDF-" not in document[:_HEADER_WITHIN]:
        raise NotAPdf("The file is not a PDF.")
    bounds.check(document)
    try:
        pdf = pikepdf.open(BytesIO(document), attempt_recovery=False)
    except pikepdf.PasswordError as error:
        raise EncryptedDocument(PROTECTED) from error
    except SURPRISES as error:
        raise BrokenDocument(DAMAGED) from error
    if pdf.is_encrypted:
        raise EncryptedDocument(PROTECTED)
    check(pdf)
    return pdf


def check(pdf: pikepdf.Pdf) -> None:
    """Qpdf had nothing to repair so far.

    Raises:
        BrokenDocument: it had.
    """
    if any(_HARMLESS not in str(warning) for warning in pdf.get_warnings()):
        raise BrokenDocument(DAMAGED)
