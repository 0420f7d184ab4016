"""`paraph evidence show` and `verify`."""

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from paraph import evidence, pades
from paraph.algorithms import Digest
from paraph.evidence import Document, Event, Person, Record
from paraph.evidence.chain import GENESIS, Link, moment
from paraph.signatures import Level
from paraph_testing import pdfs
from paraph_testing.pki import Pki

Paraph = Callable[[str], tuple[int, str, str]]


@pytest.fixture
def record(today: Pki, desk: Path) -> Record:
    at = moment(today.at)
    signed = pades.sign(pdfs.invoice(), today.bob, at=today.at, level=Level.T, timestamper=today.timestamper())
    (desk / "signed.pdf").write_bytes(signed)
    link = Link("ten_1", 1, at, "workflow:signed", "wfl_1", "user", "usr_1", "ab" * 32, GENESIS)
    document = Document("invoice.pdf", 1, Digest.of(pdfs.invoice()).hex, Digest.of(signed).hex)
    bob = Person("Bob Durand", "bob@example.org", "signature", at)
    event = Event(link, link.hash, "Bob Durand")
    return Record("wfl_1", "Invoice", "Marchand & Co", "Alice", at, at, at, (document,), (bob,), (event,), "Paraph")


def file(record: Record, today: Pki, desk: Path) -> None:
    made, stamper = evidence.build(record), today.timestamper()
    reason = evidence.purpose(record.reference)
    sealed = pades.sign(made, today.seal, at=today.at, level=Level.T, timestamper=stamper, reason=reason)
    (desk / "evidence.pdf").write_bytes(sealed)


def test_good_evidence_holds(paraph: Paraph, record: Record, today: Pki, desk: Path) -> None:
    file(record, today, desk)
    code, said, _ = paraph("evidence verify evidence.pdf signed.pdf --trust root.pem")
    assert code == 0, said
    assert "FAILED" not in said


def test_a_foreign_document_fails(paraph: Paraph, record: Record, today: Pki, desk: Path) -> None:
    file(record, today, desk)
    code, said, _ = paraph("evidence verify evidence.pdf signed.pdf invoice.pdf --trust root.pem --json")
    verdict = json.loads(said)
    assert (code, verdict["holds"]) == (1, False)
    assert [each["reason"] for each in verdict["checks"] if not each["holds"]] == [
        "the evidence does not speak of it",
    ]


def test_the_record_is_shown(paraph: Paraph, record: Record, today: Pki, desk: Path) -> None:
    file(record, today, desk)
    code, said, _ = paraph("evidence show evidence.pdf")
    assert code == 0
    assert "signature by Bob Durand <bob@example.org>" in said
    code, said, _ = paraph("evidence show evidence.pdf --json")
    assert Record.from_json(said) == record


def test_a_name_cannot_write_on_the_terminal(paraph: Paraph, record: Record, today: Pki, desk: Path) -> None:
    """Mallory's document is called so that it clears the screen and adds a line of its own."""
    name = "x\x1b[2J\nok      signatures of all documents\u202e"
    file(replace(record, title=name, documents=(replace(record.documents[0], filename=name),)), today, desk)
    for line in ("show evidence.pdf", "show evidence.pdf --json", "verify evidence.pdf signed.pdf --trust root.pem"):
        _, said, _ = paraph(f"evidence {line}")
        assert "\x1b" not in said
        assert "\u202e" not in said
        assert "\nok      signatures of all" not in said


@pytest.mark.parametrize("name", ["invoice.pdf", "root.pem"])
def test_what_is_no_evidence_is_bad_input(paraph: Paraph, name: str) -> None:
    assert paraph(f"evidence show {name}")[0] == 2
    assert paraph(f"evidence verify {name} invoice.pdf --trust root.pem")[0] == 2
