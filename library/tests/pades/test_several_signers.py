"""One after the other in the same file: nobody's signature harms an earlier one."""

import io
from collections.abc import Callable
from datetime import datetime

import pikepdf
import pytest
from paraph import pades
from paraph.errors import ModificationForbidden
from paraph.formats.pdf.document import Document
from paraph.keys.file import FileSigner
from paraph.pades import Block, lean
from paraph.pades.draft import SIGNATURE, Statement
from paraph.signatures import Level
from paraph.timestamps import Timestamper
from paraph_testing import pdfs
from paraph_testing.pki import Pki
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign import fields, signers
from pyhanko.sign.diff_analysis import ModificationLevel
from pyhanko_certvalidator.registry import SimpleCertificateStore

BLOCK = Block(page=-1, x=56, y=640, width=200, height=70, lines=("Signé par Bob Durand", "le 23 novembre 2026"))
DOCUMENTS = {"classic": pdfs.contract, "compact": lambda: pdfs.compact(pdfs.contract())}


def modifications(document: bytes) -> list[ModificationLevel]:
    """What pyHanko thinks of the changes after each signature."""
    levels = []
    for signature in PdfFileReader(io.BytesIO(document)).embedded_signatures:
        signature.compute_integrity_info()
        levels.append(signature.diff_result.modification_level if signature.diff_result else ModificationLevel.NONE)
    return levels


@pytest.mark.parametrize("kind", DOCUMENTS)
def test_bob_carol_and_the_company_sign_in_turn(
    kind: str, hierarchy: Pki, noon: datetime, judge: Callable[..., None]
) -> None:
    document = DOCUMENTS[kind]()
    for count, signer in enumerate((hierarchy.bob, hierarchy.carol, hierarchy.rsa_seal), 1):
        document = pades.sign(document, signer, at=noon)
        judge(document, signatures=count)
    assert modifications(document) == [ModificationLevel.FORM_FILLING] * 2 + [ModificationLevel.NONE]
    assert [one.covers_whole_document for one in pades.read(document)] == [False, False, True]


@pytest.mark.parametrize("kind", DOCUMENTS)
def test_visible_blocks_do_not_harm_earlier_signatures(
    kind: str, bob: FileSigner, carol: FileSigner, noon: datetime, judge: Callable[..., None]
) -> None:
    once = pades.sign(DOCUMENTS[kind](), bob, at=noon, block=BLOCK)
    twice = pades.sign(once, carol, at=noon, block=Block(-1, 300, 640, 200, 70, ("Carol Łukasiewicz",)))
    judge(twice, signatures=2)
    assert modifications(twice) == [ModificationLevel.FORM_FILLING, ModificationLevel.NONE]


@pytest.mark.parametrize("kind", DOCUMENTS)
def test_a_second_signature_takes_the_lean_way_too(kind: str, bob: FileSigner, noon: datetime) -> None:
    once = pades.sign(DOCUMENTS[kind](), bob, at=noon)
    assert lean.append(Document(once), Statement(SIGNATURE), reserve=100)


def test_field_names_never_repeat(bob: FileSigner, carol: FileSigner, noon: datetime, invoice: bytes) -> None:
    names = [one.field for one in pades.read(pades.sign(pades.sign(invoice, bob, at=noon), carol, at=noon))]
    assert len(set(names)) == 2


def test_a_document_signed_with_another_program_is_signed_again(
    bob: FileSigner, carol: FileSigner, noon: datetime, invoice: bytes, judge: Callable[..., None]
) -> None:
    judge(pades.sign(_signed_by_pyhanko(invoice, bob), carol, at=noon), signatures=2)


def test_a_certified_document_that_forbids_changes_stays_as_it_is(
    bob: FileSigner, carol: FileSigner, noon: datetime, invoice: bytes
) -> None:
    certified = _signed_by_pyhanko(invoice, bob, certify=True, docmdp_permissions=fields.MDPPerm.NO_CHANGES)
    assert pades.inspect(certified).locked
    with pytest.raises(ModificationForbidden):
        pades.sign(certified, carol, at=noon)


def test_a_certified_document_that_allows_signatures_is_signed(
    bob: FileSigner, carol: FileSigner, noon: datetime, invoice: bytes, judge: Callable[..., None]
) -> None:
    certified = _signed_by_pyhanko(invoice, bob, certify=True, docmdp_permissions=fields.MDPPerm.FILL_FORMS)
    signed = pades.sign(certified, carol, at=noon)
    judge(signed, signatures=2)
    assert modifications(signed)[0] <= ModificationLevel.FORM_FILLING


def test_a_certified_document_may_still_be_time_stamped(
    bob: FileSigner, noon: datetime, clock: Timestamper, invoice: bytes, judge: Callable[..., None]
) -> None:
    """DocMDP level 1 lets document time-stamps in (ISO 32000-2 §12.8.2.2.2)."""
    certified = _signed_by_pyhanko(invoice, bob, certify=True, docmdp_permissions=fields.MDPPerm.NO_CHANGES)
    extended = pades.extend(certified, Level.T, timestamper=clock, at=noon)
    judge(extended, timestamps=1)
    assert modifications(extended)[0] <= ModificationLevel.LTA_UPDATES


def test_the_original_pages_are_untouched(bob: FileSigner, noon: datetime, invoice: bytes) -> None:
    with (
        pikepdf.open(io.BytesIO(pades.sign(invoice, bob, at=noon))) as signed,
        pikepdf.open(io.BytesIO(invoice)) as pdf,
    ):
        assert signed.pages[0].Contents.read_bytes() == pdf.pages[0].Contents.read_bytes()


def _signed_by_pyhanko(document: bytes, signer: object, **options: object) -> bytes:
    from asn1crypto import keys, x509  # noqa: PLC0415  only here
    from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat  # noqa: PLC0415

    certificate = x509.Certificate.load(signer.certificate.public_bytes(Encoding.DER))
    key = signer._key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
    simple = signers.SimpleSigner(certificate, keys.PrivateKeyInfo.load(key), SimpleCertificateStore())
    meta = signers.PdfSignatureMetadata(field_name="Elsewhere", subfilter=fields.SigSeedSubFilter.PADES, **options)
    return signers.sign_pdf(IncrementalPdfFileWriter(io.BytesIO(document)), meta, simple).getvalue()
