"""The record out of an evidence file."""

import io

import pikepdf

from paraph.errors import BrokenDocument, NotAPdf
from paraph.evidence.record import Record

ATTACHMENT = "evidence.json"
LARGEST = 64 << 20
"""Bytes of the record; a hostile file may unpack to anything."""


def read(pdf: bytes) -> Record:
    """The record inside an evidence file. Whether it is true is `verify`'s business.

    Raises:
        NotAPdf: something else.
        BrokenDocument: a PDF without a record that can be read.
    """
    try:
        with pikepdf.open(io.BytesIO(pdf)) as opened:
            found = opened.attachments.get(ATTACHMENT)
            content = found.get_file().read_bytes() if found else b""
    except (pikepdf.PdfError, ValueError, TypeError, KeyError) as error:
        raise NotAPdf(f"This is not a PDF that can be read: {error}") from None
    if not content:
        raise BrokenDocument("This PDF is no evidence file: it holds no record.")
    if len(content) > LARGEST:
        raise BrokenDocument("The record in this file is too large to be one of ours.")
    return Record.from_json(content)
