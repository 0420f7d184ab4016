"""The document security store: validation data inside the PDF (EN 319 142-1 §5.4.2)."""

import pikepdf

from paraph.certs import ValidationData
from paraph.formats.mapped import Data
from paraph.formats.pdf.document import Document
from paraph.formats.pdf.grammar import Unsupported, write, write_array
from paraph.formats.pdf.revision import Revision

_KINDS = (b"/Certs", b"/CRLs", b"/OCSPs")
_MOST = 10_000


def read(pdf: pikepdf.Pdf) -> ValidationData:
    """What stands there; pikepdf's exceptions pass through."""
    store = pdf.Root.get("/DSS")
    if store is None:
        return ValidationData()
    arrays = [store.get(kind.decode("ascii"), ()) for kind in _KINDS]
    if sum(map(len, arrays)) > _MOST:
        raise ValueError("a store larger than anyone makes")
    return ValidationData(*(tuple(stream.read_bytes() for stream in array) for array in arrays))


def append(document: Data, data: ValidationData, *, password: str = "") -> bytes:
    """The bytes of a revision that adds `data` to what the store holds; the rest of the document stays as it is.

    Raises:
        What `prepare` raises about documents.
    """
    try:
        return _append(document, data)
    except Unsupported:
        from paraph.pades import general  # noqa: PLC0415  pyHanko loads slowly and is rarely needed

        return general.append_store(document, data, password=password)


def _append(document: Data, data: ValidationData) -> bytes:
    file = Document(document)
    holder, store = file.dictionary_of(file.catalog.get(b"/DSS", b"<<>>"))
    revision = Revision(file)
    number = holder or revision.allocate()
    entries = dict(store)
    for kind, added in zip(_KINDS, (data.certificates, data.crls, data.ocsps), strict=True):
        if added:
            standing = file.array_of(store.get(kind, b"[]"))[1]
            entries[kind] = write_array([*standing, *(_put(revision, content) for content in added)])
    revision.put(number, write(entries))
    if holder is None:
        revision.put(file.catalog_number, write({**file.catalog, b"/DSS": b"%d 0 R" % number}))
    return revision.finish(document[-1024:])


def _put(revision: Revision, content: bytes) -> bytes:
    number = revision.allocate()
    revision.put_stream(number, content)
    return b"%d 0 R" % number
