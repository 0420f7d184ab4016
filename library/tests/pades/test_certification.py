"""The first signature may certify a document: it says what may still change (ISO 32000-2 §12.8.2.2)."""

import io
from collections.abc import Callable
from datetime import datetime

import pikepdf
import pytest
from paraph import pades
from paraph.certs import Revocations
from paraph.errors import ModificationForbidden
from paraph.keys.file import FileSigner
from paraph.pades import Block, Changes
from paraph.signatures import Level
from paraph_testing import pdfs
from paraph_testing.status import StatusService
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.diff_analysis import ModificationLevel


@pytest.mark.parametrize("changes", Changes)
def test_bob_certifies_an_invoice(
    changes: Changes, bob: FileSigner, noon: datetime, invoice: bytes, judge: Callable[..., None]
) -> None:
    certified = pades.sign(invoice, bob, at=noon, certify=changes, block=Block(1, 300, 600, 200, 60, ("Bob",)))
    judge(certified)
    signature = PdfFileReader(io.BytesIO(certified)).embedded_signatures[0]
    assert signature.docmdp_level is not None
    assert signature.docmdp_level.value == changes
    with pikepdf.open(io.BytesIO(certified)) as pdf:
        assert pdf.Root.Perms.DocMDP.objgen == pdf.Root.AcroForm.Fields[0].V.objgen


def test_a_certification_that_allows_nothing_is_the_last_signature(
    bob: FileSigner, carol: FileSigner, noon: datetime, invoice: bytes
) -> None:
    certified = pades.sign(invoice, bob, at=noon, certify=Changes.NONE)
    assert pades.inspect(certified).locked
    with pytest.raises(ModificationForbidden, match="forbids any further change"):
        pades.sign(certified, carol, at=noon)


@pytest.mark.parametrize("changes", [Changes.FORMS, Changes.COMMENTS])
def test_a_certification_that_allows_forms_lets_carol_sign(
    changes: Changes, bob: FileSigner, carol: FileSigner, noon: datetime, judge: Callable[..., None]
) -> None:
    certified = pades.sign(pdfs.form(), bob, at=noon, certify=changes)
    signed = pades.sign(certified, carol, at=noon, field="client")
    judge(signed, signatures=2)
    first = PdfFileReader(io.BytesIO(signed)).embedded_signatures[0]
    first.compute_integrity_info()
    assert first.summarise_integrity_info()["docmdp_ok"]


def test_only_the_first_signature_certifies(bob: FileSigner, carol: FileSigner, noon: datetime, invoice: bytes) -> None:
    signed = pades.sign(invoice, bob, at=noon)
    with pytest.raises(ModificationForbidden, match="Only the first signature"):
        pades.sign(signed, carol, at=noon, certify=Changes.FORMS)


def test_the_two_machine_flow_certifies(
    bob: FileSigner, noon: datetime, invoice: bytes, judge: Callable[..., None]
) -> None:
    pending = pades.prepare(invoice, bob.certificate, at=noon, certify=Changes.NONE)
    judge(pades.complete(pending, bob.sign(pending.digest), invoice))


def test_a_certified_document_is_made_provable_for_long(
    service: StatusService, revocations: Revocations, noon: datetime, invoice: bytes
) -> None:
    """Validation data and time-stamps are no changes, even where none is allowed (ISO 32000-2 Table 257)."""
    certified = pades.sign(
        invoice,
        service.pki.seal,
        at=noon,
        certify=Changes.NONE,
        level=Level.LTA,
        timestamper=service.pki.timestamper(noon),
        revocations=revocations,
    )
    assert pades.read(certified)[0].level is Level.LTA
    first = PdfFileReader(io.BytesIO(certified)).embedded_signatures[0]
    first.compute_integrity_info()
    assert first.diff_result is not None
    assert first.diff_result.modification_level <= ModificationLevel.LTA_UPDATES


def test_a_time_stamp_gives_no_page_its_first_annotation(
    service: StatusService, revocations: Revocations, noon: datetime
) -> None:
    """Where nothing may change, the EU's DSS takes it for a change that its field is set on a page without any."""
    certified = pades.sign(
        pdfs.contract(),
        service.pki.seal,
        at=noon,
        certify=Changes.NONE,
        block=Block(-1, 60, 640, 200, 60, ("Atelier Marchand",)),
        level=Level.LTA,
        timestamper=service.pki.timestamper(noon),
        revocations=revocations,
    )
    with pikepdf.open(io.BytesIO(certified)) as pdf:
        assert [len(page.obj.get("/Annots", ())) for page in pdf.pages] == [0, 0, 2]
