"""What is read from a signed document are its claims."""

import io
from datetime import datetime

import pikepdf
import pytest
from asn1crypto import parser
from cryptography.hazmat.primitives.serialization import Encoding
from paraph import pades
from paraph.certs import Revocations
from paraph.errors import BrokenDocument, NotAPdf
from paraph.formats.pdf.document import Document
from paraph.keys.file import FileSigner
from paraph.pades import lean
from paraph.pades.draft import SIGNATURE, Statement
from paraph.signatures import Level
from paraph_testing import pdfs
from paraph_testing.status import StatusService


def test_an_unsigned_document_has_none(invoice: bytes) -> None:
    assert pades.read(invoice) == []


def test_everything_a_signature_says_is_read_back(bob: FileSigner, noon: datetime, invoice: bytes) -> None:
    (signature,) = pades.read(pades.sign(invoice, bob, at=noon, name="Bob Durand", reason="Lu et approuvé"))
    assert signature.signer == bob.certificate.subject.rfc4514_string()
    assert signature.certificate == bob.certificate.public_bytes(Encoding.DER)
    assert (signature.level, signature.claimed_at, signature.timestamped_at) == (Level.B, noon, None)
    assert signature.covers_whole_document


def test_bytes_added_later_are_noticed(bob: FileSigner, noon: datetime, invoice: bytes) -> None:
    (signature,) = pades.read(pades.sign(invoice, bob, at=noon) + b"\n")
    assert not signature.covers_whole_document


def test_a_signature_that_is_none_is_refused(bob: FileSigner, noon: datetime, invoice: bytes) -> None:
    signed = pades.sign(invoice, bob, at=noon)
    broken = signed.replace(b"/Contents <3082", b"/Contents <ffff")
    with pytest.raises(BrokenDocument):
        pades.read(broken)


def test_something_else_is_refused() -> None:
    with pytest.raises(NotAPdf):
        pades.read(pdfs.not_a_pdf())


def test_the_gate_tells_what_a_document_holds(bob: FileSigner, noon: datetime) -> None:
    facts = pades.inspect(pades.sign(pdfs.contract(), bob, at=noon))
    assert (facts.pages, facts.signatures, facts.locked) == (3, 1, False)
    assert [round(length) for length in facts.sizes[0]] == [595, 842]


@pytest.mark.parametrize(
    ("one", "other", "levels"),
    [
        (Level.B, Level.LTA, (Level.T, Level.LTA)),
        (Level.T, Level.LT, (Level.T, Level.LT)),
        (Level.T, Level.LTA, (Level.T, Level.LTA)),
        (Level.LT, Level.T, (Level.LT, Level.T)),
        (Level.LT, Level.LTA, (Level.LTA, Level.LTA)),
        (Level.LTA, Level.B, (Level.LTA, Level.B)),
        (Level.LTA, Level.T, (Level.LTA, Level.T)),
        (Level.LTA, Level.LT, (Level.LTA, Level.LT)),
    ],
)
def test_each_signature_has_the_level_of_its_own_validation_data(
    one: Level,
    other: Level,
    levels: tuple[Level, Level],
    service: StatusService,
    revocations: Revocations,
    noon: datetime,
    invoice: bytes,
) -> None:
    """The EU's DSS says the same: what was stored for one signer proves nothing of another."""
    signed = invoice
    for signer, level in ((service.pki.rsa_seal, one), (service.pki.seal, other)):
        signed = pades.sign(
            signed, signer, at=noon, level=level, timestamper=service.pki.timestamper(noon), revocations=revocations
        )
    assert tuple(each.level for each in pades.read(signed)) == levels


def test_a_signature_without_lengths_is_read(bob: FileSigner, noon: datetime, invoice: bytes) -> None:
    """Many programs sign in BER with indefinite lengths (X.690 §8.1.3.6). Nobody writes it anew: that took minutes."""
    with pikepdf.open(io.BytesIO(pades.sign(invoice, bob, at=noon))) as pdf:
        padded = bytes(pdf.Root.AcroForm.Fields[0].V.Contents)
    message = unmeasured(padded[: parser.peek(padded)], 3)
    draft = lean.append(Document(invoice), Statement(SIGNATURE, noon), reserve=len(message) + 100)
    (signature,) = pades.read(invoice + draft.fill(message))
    assert signature.certificate == bob.certificate.public_bytes(Encoding.DER)


def unmeasured(encoded: bytes, depth: int) -> bytes:
    """The same value, its outer layers with indefinite lengths."""
    _, constructed, _, _, content, _ = parser.parse(encoded)
    if not constructed or not depth:
        return encoded
    parts = []
    while content:
        length = parser.peek(content)
        parts.append(unmeasured(content[:length], depth - 1))
        content = content[length:]
    return encoded[:1] + b"\x80" + b"".join(parts) + b"\0\0"
