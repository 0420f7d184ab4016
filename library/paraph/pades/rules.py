"""What a signature allows to change after it, and what earlier ones allow (ISO 32000-2 §12.8.2)."""

from collections.abc import Callable
from typing import Any

from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.fields import FieldMDPSpec, MDPPerm

from paraph.errors import ModificationForbidden
from paraph.pades.draft import Changes
from paraph.pades.incremental import Writer

_DOCMDP = b"<</Type/SigRef/TransformMethod/DocMDP/TransformParams<</Type/TransformParams/V/1.2/P %d>>>>"
_FIELDMDP = (
    b"<</Type/SigRef/TransformMethod/FieldMDP/Data %d 0 R/TransformParams<</Type/TransformParams/V/1.2/Action%b%b%b>>>>"
)


def check(reader: PdfFileReader, field: str, *, certify: bool) -> None:
    """Whether what was signed before lets a signature into this field (§12.8.2.2, §12.8.2.4).

    Raises:
        ModificationForbidden: it does not.
    """
    for earlier in reader.embedded_regular_signatures:
        if certify:
            raise ModificationForbidden("Only the first signature can certify a PDF, and this one is signed already.")
        if earlier.docmdp_level == MDPPerm.NO_CHANGES:
            raise ModificationForbidden("An earlier signature certifies this PDF and forbids any further change.")
        if earlier.fieldmdp is not None and earlier.fieldmdp.is_locked(field):
            raise ModificationForbidden(f"An earlier signature locks the field {field}.")


def references(
    certify: Changes | None,
    field: generic.DictionaryObject,
    root: generic.Reference,
    string: Callable[[str], bytes],
) -> bytes:
    """The entry of the signature dictionary that says what may change later; nothing when anything may.

    A field's `/Lock` becomes a FieldMDP transform. Its `/P` is repeated there, as Acrobat does, because a DocMDP
    transform is for certifications alone (§12.8.2.2).
    """
    found = [_DOCMDP % certify] if certify else []
    if "/Lock" in field:
        found.append(_fieldmdp(field["/Lock"], root, string))
    return b"/Reference[%b]" % b"".join(found) if found else b""


def _fieldmdp(lock: generic.DictionaryObject, root: generic.Reference, string: Callable[[str], bytes]) -> bytes:
    spec = FieldMDPSpec.from_pdf_object(lock)
    names = b"/Fields[%b]" % b"".join(string(str(name)) for name in spec.fields) if spec.fields is not None else b""
    changes = b"/P %d" % Changes(lock["/P"]) if "/P" in lock else b""
    return _FIELDMDP % (root.idnum, spec.action.value.encode("ascii"), names, changes)


def certify(writer: Writer, signature: int) -> None:
    """Enter the certification into the catalog (§12.8.6)."""
    root: Any = writer.root
    if "/Perms" not in root:
        root["/Perms"] = generic.DictionaryObject()
        writer.mark_update(writer.root_ref)
    root["/Perms"]["/DocMDP"] = generic.IndirectObject(signature, 0, writer)
    writer.update_container(root["/Perms"])
