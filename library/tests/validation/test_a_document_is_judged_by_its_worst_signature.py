"""What validation says of good, changed, foreign and broken documents."""

import asyncio
import io
import sys
from datetime import UTC, datetime, timedelta

import pikepdf
import pytest
from paraph import pades
from paraph.certs import TrustStore
from paraph.signatures import Level
from paraph.validation import Indication, Subindication, validate
from paraph_testing import pdfs
from paraph_testing.pki import Pki

NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
NEXT_YEAR = NOON + timedelta(days=365)


@pytest.fixture(scope="module")
def pki() -> Pki:
    return Pki(NOON)


@pytest.fixture(scope="module")
def trusted(pki: Pki) -> TrustStore:
    return TrustStore((pki.root.certificate,))


@pytest.fixture(scope="module")
def signed(pki: Pki) -> bytes:
    stamper = pki.timestamper(NOON)
    first = pades.sign(pdfs.invoice(), pki.bob, at=NOON, level=Level.T, timestamper=stamper)
    return pades.sign(first, pki.carol, at=NOON, level=Level.T, timestamper=stamper)


def test_two_signatures_pass_long_after_their_certificates_expired(signed: bytes, trusted: TrustStore) -> None:
    report = validate(signed, trusted=trusted, at=NEXT_YEAR)
    assert report.indication is Indication.TOTAL_PASSED, str(report)
    assert [finding.timestamped_at for finding in report.findings] == [NOON, NOON]
    assert [finding.covers_whole_document for finding in report.findings] == [False, True]


def test_without_a_timestamp_an_expired_certificate_proves_nothing(pki: Pki, trusted: TrustStore) -> None:
    signed = pades.sign(pdfs.invoice(), pki.bob, at=NOON)
    assert validate(signed, trusted=trusted, at=NOON).indication is Indication.TOTAL_PASSED
    late = validate(signed, trusted=trusted, at=NEXT_YEAR)
    assert (late.indication, late.subindication) == (Indication.INDETERMINATE, Subindication.OUT_OF_BOUNDS_NO_POE)


def test_one_changed_byte_fails_the_document(signed: bytes, trusted: TrustStore) -> None:
    place = signed.index(b"/MediaBox")
    changed = signed[:place] + b"/MediaB0x" + signed[place + 9 :]
    assert validate(changed, trusted=trusted, at=NOON).indication is Indication.TOTAL_FAILED


def test_a_strangers_root_is_not_trusted(signed: bytes) -> None:
    stranger = TrustStore((Pki(NOON).root.certificate,))
    report = validate(signed, trusted=stranger, at=NOON)
    assert (report.indication, report.subindication) == (
        Indication.INDETERMINATE,
        Subindication.NO_CERTIFICATE_CHAIN_FOUND,
    )


def test_text_added_after_signing_is_noticed(signed: bytes, trusted: TrustStore) -> None:
    with pikepdf.open(io.BytesIO(signed)) as pdf:
        number, generation = pdf.pages[0].objgen
    page = b"\n%d %d obj\n<</Type/Page/MediaBox[0 0 9 9]>>\nendobj\n" % (number, generation)
    offset = len(signed) + 1
    start = signed.rindex(b"startxref")
    previous = int(signed[start + 9 :].split()[0])
    table = b"xref\n%d 1\n%010d 00000 n \ntrailer\n" % (number, offset)
    root = signed[signed.rindex(b"/Root") :].split(b"R")[1]
    trailer = b"<</Size 9999/Root%bR/Prev %d>>\nstartxref\n%d\n%%%%EOF\n" % (root, previous, len(signed) + len(page))
    report = validate(signed + page + table + trailer, trusted=trusted, at=NOON)
    assert report.indication is not Indication.TOTAL_PASSED


@pytest.mark.parametrize("junk", [b"", b"junk", b"%PDF-1.7\n", b"%PDF-1.7\nstartxref\n9999\n%%EOF"])
def test_what_is_no_pdf_is_a_format_failure(junk: bytes, trusted: TrustStore) -> None:
    report = validate(junk, trusted=trusted, at=NOON)
    assert (report.indication, report.subindication) == (Indication.TOTAL_FAILED, Subindication.FORMAT_FAILURE)


def test_an_unsigned_document_proves_nothing(trusted: TrustStore) -> None:
    report = validate(pdfs.invoice(), trusted=trusted, at=NOON)
    assert report.subindication is Subindication.SIGNED_DATA_NOT_FOUND


def test_a_report_is_no_truth_value(signed: bytes, trusted: TrustStore) -> None:
    with pytest.raises(TypeError, match="indication"):
        bool(validate(signed, trusted=trusted, at=NOON))


def test_the_systems_own_trust_list_is_never_read(signed: bytes, trusted: TrustStore) -> None:
    validate(signed, trusted=TrustStore(()), at=NOON)
    assert "oscrypto.trust_list" not in sys.modules


def test_a_program_with_an_event_loop_gets_the_same_verdict(signed: bytes, trusted: TrustStore) -> None:
    async def judge() -> Indication:
        return validate(signed, trusted=trusted, at=NOON).indication

    assert asyncio.run(judge()) is Indication.TOTAL_PASSED
