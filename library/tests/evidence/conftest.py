"""A workflow that Bob signed, and its sealed evidence."""

from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest
from cryptography.hazmat.primitives import hashes
from paraph import evidence, pades
from paraph.algorithms import Digest
from paraph.evidence import Certificate, Consent, Document, Event, Means, Person, Proof, Record, SignatureLevel
from paraph.evidence.chain import GENESIS, Link, moment
from paraph.keys.file import FileSigner
from paraph.signatures import Level
from paraph_testing import pdfs
from paraph_testing.cast import BOB
from paraph_testing.pki import Pki


@pytest.fixture(scope="session")
def lease(pki: Pki, noon: datetime) -> bytes:
    """Signed by Bob, with a time-stamp."""
    return pades.sign(pdfs.contract(), pki.bob, at=noon, level=Level.T, timestamper=pki.timestamper())


@pytest.fixture(scope="session")
def record(pki: Pki, noon: datetime, lease: bytes) -> Record:
    at, certificate = moment(noon), pki.bob.certificate
    signed_with = Certificate(
        certificate.subject.rfc4514_string(),
        certificate.issuer.rfc4514_string(),
        f"{certificate.serial_number:X}",
        certificate.fingerprint(hashes.SHA256()).hex(),
        moment(certificate.not_valid_before_utc),
        moment(certificate.not_valid_after_utc),
    )
    consent = Consent("I have read the lease and sign it.", 1, "ab" * 32, at)
    code = Proof("cod_1", Means.SMS_CODE, at, address="+33 6 •• •• •• 02", issued_at=at, tries=1)
    return Record(
        reference="wfl_reference",
        title="The lease",
        organisation="Marchand & Co",
        sender="Alice Marchand",
        created_at=at,
        started_at=at,
        signed_at=at,
        documents=(Document("lease.pdf", 3, Digest.of(pdfs.contract()).hex, Digest.of(lease).hex),),
        people=(
            Person(
                BOB.name,
                BOB.email,
                "signature",
                at,
                consent=consent,
                proofs=(code,),
                certificate=signed_with,
                level=SignatureLevel.SIMPLE,
            ),
            Person("Carol Łukasiewicz", "carol@example.org", "approval", at),
        ),
        events=chained(at, "workflow:created", "workflow:started", "recipient:signed", "workflow:signed"),
        software="Paraph under test",
    )


def chained(at: str, *names: str) -> tuple[Event, ...]:
    """Entries of a journal, each following the one before."""
    events: list[Event] = []
    previous = GENESIS
    for sequence, name in enumerate(names, 1):
        link = Link("ten_1", sequence, at, name, "wfl_reference", "user", "usr_1", "cd" * 32, previous)
        events = [*events, Event(link, link.hash, "Alice Marchand")]
        previous = link.hash
    return tuple(events)


class Bureau:
    """Where records become sealed files."""

    def __init__(self, pki: Pki) -> None:
        self.pki = pki

    def seal(self, record: Record, level: Level = Level.T, *, by: FileSigner | None = None) -> bytes:
        file = evidence.build(record)
        reason, clock = evidence.purpose(record.reference), self.pki.timestamper()
        return pades.sign(file, by or self.pki.seal, at=self.pki.at, level=level, timestamper=clock, reason=reason)

    @staticmethod
    def altered(record: Record, place: int, **changed: Any) -> Record:
        """A journal entry with other facts under its old hash."""
        event = record.events[place]
        changed_event = replace(event, link=replace(event.link, **changed))
        return replace(record, events=(*record.events[:place], changed_event, *record.events[place + 1 :]))


@pytest.fixture(scope="session")
def bureau(pki: Pki) -> Bureau:
    return Bureau(pki)


@pytest.fixture(scope="session")
def sealed(bureau: Bureau, record: Record) -> bytes:
    return bureau.seal(record)
