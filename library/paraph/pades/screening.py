"""Before anybody signs: refuse what could mislead, or take it out, while nobody has signed."""

from dataclasses import dataclass
from io import BytesIO

import pikepdf

from paraph.errors import BrokenDocument, ModificationForbidden
from paraph.formats.mapped import Data
from paraph.formats.pdf import gate
from paraph.pades import history, misleading
from paraph.pades.fields import signatures
from paraph.pades.misleading import Finding, Found


@dataclass(frozen=True, slots=True)
class Normalised:
    """A document, and what was taken out of it."""

    document: bytes
    removed: tuple[Finding, ...]


def screen(pdf: pikepdf.Pdf, document: Data, password: str) -> tuple[Found, ...]:
    """Everything that could mislead in an opened document; earlier versions count while nobody has signed.

    Raises:
        BrokenDocument: it cannot be looked through.
        TooLarge: it has more parts than can be looked at.
    """
    found = misleading.find(pdf)
    try:
        return found if signatures(pdf) else (*found, *history.replaced(document, pdf, password))
    except gate.SURPRISES as error:
        raise BrokenDocument(gate.DAMAGED) from error


def check(document: Data, password: str) -> None:
    """Let a document pass in which nothing could mislead.

    Raises:
        MisleadingDocument: something could.
        What `screen` and opening it raise.
    """
    with gate.open_strictly(document, password) as pdf:
        misleading.refuse(findings(screen(pdf, document, password)))


def normalise(document: bytes) -> Normalised:
    """The document without what could mislead, written anew; as it is, when there is nothing of the kind.

    Scripts, actions, XFA and earlier versions are taken out; `removed` says which, and where they were. Pages, fields
    with their values, attachments and metadata stay.

    Raises:
        ModificationForbidden: somebody has signed it.
        MisleadingDocument: something cannot be taken out, such as a hidden layer.
        EncryptedDocument, BrokenDocument, TooLarge: it cannot be opened.
    """
    with gate.open_strictly(document) as pdf:
        found = screen(pdf, document, "")
        if not found:
            return Normalised(document, ())
        if signatures(pdf):
            raise ModificationForbidden("The PDF is signed, and what is signed cannot be normalised any more.")
        for each in found:
            if each.holder is not None and each.key in each.holder:
                del each.holder[each.key]
        output = BytesIO()
        pdf.save(output, deterministic_id=True)
    check(output.getvalue(), "")
    return Normalised(output.getvalue(), findings(found))


def findings(found: tuple[Found, ...]) -> tuple[Finding, ...]:
    """What was found, each once."""
    return tuple(dict.fromkeys(each.finding for each in found))
