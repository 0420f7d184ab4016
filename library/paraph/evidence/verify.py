"""Check an evidence file against the documents it speaks of, offline and without trusting who made it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from paraph.algorithms import Digest
from paraph.certs import TrustStore
from paraph.errors import BrokenDocument
from paraph.evidence import seal
from paraph.evidence.level import unmet
from paraph.evidence.read import read
from paraph.evidence.record import Record
from paraph.formats.text import legible

if TYPE_CHECKING:  # pyHanko takes a second to load, which those who only build or chain need not wait for
    from paraph.validation import Report


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that was checked: what, whether it holds, and why it does not; of a seal, whose it is."""

    what: str
    holds: bool
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Verdict:
    """Everything that was checked."""

    record: Record
    checks: tuple[Check, ...]

    @property
    def holds(self) -> bool:
        return all(check.holds for check in self.checks)

    def __str__(self) -> str:
        marks = {True: "ok    ", False: "FAILED"}
        said = [": ".join(filter(None, [each.what, each.reason])) for each in self.checks]
        lines = [f"{marks[each.holds]}  {legible(line)}" for each, line in zip(self.checks, said, strict=True)]
        return "\n".join([legible(f"Evidence for {self.record.reference} ({self.record.title})"), *lines])


def verify(pdf: bytes, documents: Sequence[bytes], *, trusted: TrustStore, at: datetime) -> Verdict:
    """Check all that can be checked without asking anybody.

    1. The evidence file is sealed as such, time-stamped and unchanged; by whom is said.
    2. The journal's entries are what their hashes say, and follow each other where they are neighbours.
    3. Each document is one that the evidence names, as it was after the last signature.
    4. Its signatures are valid, and were made with the certificates that the evidence names.
    5. What is stated of each person reaches the level that is stated, and the stars.

    Raises:
        NotAPdf, BrokenDocument: this is no evidence file at all.
    """
    record = read(pdf)
    checks = [_sealed(pdf, record.reference, trusted, at), _journal(record)]
    for document in documents:
        checks += _document(document, record, trusted, at)
    return Verdict(record, (*checks, *_levels(record)))


def _sealed(pdf: bytes, reference: str, trusted: TrustStore, at: datetime) -> Check:
    from paraph.validation import Indication, validate  # noqa: PLC0415  slow, as said above

    report = validate(pdf, trusted=trusted, at=at)
    if report.indication is not Indication.TOTAL_PASSED:
        return Check("seal of the evidence file", holds=False, reason=_reason(report))
    if not all(finding.timestamped_at for finding in report.findings):
        return Check("seal of the evidence file", holds=False, reason="it is not time-stamped")
    try:
        return Check("seal of the evidence file", holds=True, reason=seal.sealer(pdf, reference))
    except BrokenDocument as fault:
        return Check("seal of the evidence file", holds=False, reason=str(fault))


def _journal(record: Record) -> Check:
    before = None
    for event in record.events:
        link = event.link
        if link.hash != event.hash:
            return Check("journal", holds=False, reason=f"entry {link.sequence} was altered")
        if before and link.sequence <= before.link.sequence:
            return Check("journal", holds=False, reason=f"entry {link.sequence} is out of order")
        if before and link.sequence == before.link.sequence + 1 and link.previous != before.hash:
            return Check("journal", holds=False, reason=f"entry {link.sequence} does not follow the one before it")
        before = event
    return Check("journal", holds=bool(record.events), reason="" if record.events else "it is empty")


def _levels(record: Record) -> Iterator[Check]:
    """Each stated level against the facts that are stated beside it."""
    for person in record.people:
        for level in person.levels:
            lacks = ", ".join(f"{each.id} ({each.source})" for each in unmet(level, person.facts()))
            reason = f"the stated facts do not reach it: {lacks}" if lacks else ""
            yield Check(f"level of {person.name}: {level}", holds=not lacks, reason=reason)


def _document(document: bytes, record: Record, trusted: TrustStore, at: datetime) -> Iterator[Check]:
    digest = Digest.of(document).hex
    named = next((each for each in record.documents if each.after == digest), None)
    if named is None:
        yield Check(f"document {digest[:16]}…", holds=False, reason="the evidence does not speak of it")
        return
    yield Check(f"{named.filename} is the document of the evidence", holds=True)
    if named.before == named.after:
        return  # an attachment, which nobody signs
    from paraph.validation import Indication, validate  # noqa: PLC0415  slow, as said above

    report = validate(document, trusted=trusted, at=at)
    passed = report.indication is Indication.TOTAL_PASSED
    yield Check(f"signatures of {named.filename}", holds=passed, reason="" if passed else _reason(report))
    wanted = {person.certificate.digest for person in record.people if person.certificate}
    missing = wanted - {finding.certificate for finding in report.findings}
    reason = f"{len(missing)} of {len(wanted)} are missing" if missing else ""
    yield Check(f"certificates in {named.filename}", holds=not missing, reason=reason)


def _reason(report: "Report") -> str:
    return " — ".join(filter(None, [report.indication, report.subindication, report.reason]))
