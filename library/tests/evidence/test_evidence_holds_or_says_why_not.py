"""What `evidence.verify` accepts, and the reason for what it does not."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from paraph import evidence, pades
from paraph.certs import TrustStore
from paraph.errors import BrokenDocument, NotAPdf
from paraph.evidence import Check, Record, SignatureLevel, Verdict
from paraph.signatures import Level
from paraph_testing import pdfs
from paraph_testing.pki import Pki

YEARS = timedelta(days=365)


@pytest.fixture
def check(trusted: TrustStore, noon: datetime) -> Any:
    """The verdict a year later."""

    def verify(file: bytes, *documents: bytes) -> Verdict:
        return evidence.verify(file, documents, trusted=trusted, at=noon + YEARS)

    return verify


def failed(verdict: Verdict) -> list[Check]:
    return [each for each in verdict.checks if not each.holds]


def test_good_evidence_holds_for_its_document(check: Any, sealed: bytes, lease: bytes) -> None:
    verdict = check(sealed, lease)
    assert verdict.holds, str(verdict)
    assert [each.what for each in verdict.checks] == [
        "seal of the evidence file",
        "journal",
        "lease.pdf is the document of the evidence",
        "signatures of lease.pdf",
        "certificates in lease.pdf",
        "level of Bob Durand: simple",
    ]


def test_a_level_that_the_facts_do_not_reach_is_found(check: Any, bureau: Any, record: Record, lease: bytes) -> None:
    bob, *others = record.people
    boasting = replace(record, people=(replace(bob, level=SignatureLevel.ADVANCED), *others))
    (fault,) = failed(check(bureau.seal(boasting), lease))
    assert fault.what == "level of Bob Durand: advanced"
    assert "eIDAS art. 26(b)" in fault.reason


def test_a_document_changed_after_signing_is_not_the_document(check: Any, sealed: bytes, lease: bytes) -> None:
    (fault,) = failed(check(sealed, lease.replace(b"/Count 3", b"/Count 2")))
    assert fault.reason == "the evidence does not speak of it"


def test_a_foreign_document_is_not_covered(check: Any, sealed: bytes, lease: bytes) -> None:
    (fault,) = failed(check(sealed, lease, pdfs.invoice()))
    assert fault.reason == "the evidence does not speak of it"


def test_the_original_is_not_what_was_signed(check: Any, sealed: bytes) -> None:
    assert failed(check(sealed, pdfs.contract()))


@pytest.mark.parametrize(
    "changed", [{"at": "2020-01-01T00:00:00.000000+00:00"}, {"event": "workflow:stopped"}, {"actor_id": "usr_mallory"}]
)
def test_an_altered_journal_entry_is_found(
    check: Any, bureau: Any, record: Record, lease: bytes, changed: dict[str, str]
) -> None:
    (fault,) = failed(check(bureau.seal(bureau.altered(record, 2, **changed)), lease))
    assert (fault.what, fault.reason) == ("journal", "entry 3 was altered")


def test_an_entry_hashed_anew_no_longer_fits_its_neighbour(check: Any, bureau: Any, record: Record) -> None:
    altered = bureau.altered(record, 1, actor_id="usr_mallory")
    event = altered.events[1]
    events = (altered.events[0], replace(event, hash=event.link.hash), *altered.events[2:])
    (fault,) = failed(check(bureau.seal(replace(altered, events=events))))
    assert fault.reason == "entry 3 does not follow the one before it"


def test_entries_in_another_order_are_found(check: Any, bureau: Any, record: Record) -> None:
    first, second, *others = record.events
    (fault,) = failed(check(bureau.seal(replace(record, events=(second, first, *others)))))
    assert fault.reason == "entry 1 is out of order"


def test_no_journal_is_no_evidence(check: Any, bureau: Any, record: Record) -> None:
    (fault,) = failed(check(bureau.seal(replace(record, events=()))))
    assert (fault.what, fault.reason) == ("journal", "it is empty")


def test_an_unsealed_file_proves_nothing(check: Any, record: Record, lease: bytes) -> None:
    (fault,) = failed(check(evidence.build(record), lease))
    assert fault.what == "seal of the evidence file"
    assert "Nobody signed" in fault.reason


def test_a_seal_without_a_time_stamp_does_not_last(
    bureau: Any, record: Record, trusted: TrustStore, noon: datetime
) -> None:
    file = bureau.seal(record, Level.B)
    (fault,) = failed(evidence.verify(file, (), trusted=trusted, at=noon + timedelta(hours=1)))
    assert fault.reason == "it is not time-stamped"


def test_mallorys_seal_proves_nothing(check: Any, pki: Pki, record: Record) -> None:
    stamper = Pki(pki.at).timestamper()
    file = pades.sign(evidence.build(record), pki.mallory, at=pki.at, level=Level.T, timestamper=stamper)
    (fault,) = failed(check(file))
    assert "trusted" in fault.reason or "NO_POE" in fault.reason


def test_a_signers_certificate_seals_no_evidence(check: Any, bureau: Any, pki: Pki, record: Record) -> None:
    """Whoever may sign below a trusted root may sign a file of their own making."""
    for signer in (pki.bob, pki.agent):
        (fault,) = failed(check(bureau.seal(record, by=signer)))
        assert (fault.what, fault.reason) == ("seal of the evidence file", "it is the signature of a person")


@pytest.mark.parametrize("reason", ["", "wfl_reference", evidence.purpose("wfl_another")])
def test_a_seal_for_something_else_is_none_of_the_evidence(check: Any, pki: Pki, record: Record, reason: str) -> None:
    """An organisation has its documents sealed; one of them looks like evidence."""
    stamper, file = pki.timestamper(), evidence.build(record)
    file = pades.sign(file, pki.seal, at=pki.at, level=Level.T, timestamper=stamper, reason=reason)
    (fault,) = failed(check(file))
    assert fault.reason == "it was not made to seal this evidence"


def test_whose_seal_it_is_is_said(check: Any, sealed: bytes) -> None:
    assert "CN=Seal of Atelier Marchand" in check(sealed).checks[0].reason


def test_stars_that_the_facts_do_not_reach_are_found(check: Any, bureau: Any, record: Record, lease: bytes) -> None:
    bob, *others = record.people
    boasting = replace(record, people=(replace(bob, stars=2), *others))
    (fault,) = failed(check(bureau.seal(boasting), lease))
    assert fault.what == "level of Bob Durand: rgs-2"
    assert "rgs-policy-2" in fault.reason


def test_a_seal_over_another_record_does_not_hold(check: Any, sealed: bytes) -> None:
    place = sealed.index(b"/MediaBox")
    (fault,) = failed(check(sealed[:place] + b"/MediaB0x" + sealed[place + 9 :]))
    assert fault.what == "seal of the evidence file"


def test_a_signer_whose_certificate_is_missing_is_found(check: Any, bureau: Any, record: Record, lease: bytes) -> None:
    """The record says that Carol signed, and her signature is not in the document."""
    bob, carol = record.people
    assert bob.certificate
    people = (bob, replace(carol, certificate=replace(bob.certificate, digest="ef" * 32)))
    (fault,) = failed(check(bureau.seal(replace(record, people=people)), lease))
    assert (fault.what, fault.reason) == ("certificates in lease.pdf", "1 of 2 are missing")


def test_a_pdf_without_a_record_is_no_evidence(check: Any) -> None:
    with pytest.raises(BrokenDocument, match="no evidence file"):
        check(pdfs.invoice())


def test_something_else_is_no_evidence(check: Any) -> None:
    with pytest.raises(NotAPdf):
        check(b"PK\x03\x04")
