"""PDFs that need care: certified, with fields and locks, encrypted, of every make, signed by one after the other.

Whatever was certified or locked must be found untouched: the judge warns where somebody went beyond what was allowed.
"""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Literal

from paraph import pades
from paraph.certs import Revocations
from paraph.keys.file import FileSigner
from paraph.pades import Block, Changes
from paraph.signatures import Level
from paraph_testing import pdfs
from paraph_testing.pki import Pki
from paraph_testing.status import StatusService
from pikepdf import Dictionary, Name, String

from conformance import judges
from conformance.judges import Anchors, Verdict
from conformance.library import write_anchors

LONG_TERM = frozenset({Level.LT, Level.LTA})
CIPHERS: dict[str, Literal[3, 4, 6]] = {"rc4-128": 3, "aes-128": 4, "aes-256": 6}
LOCKS: dict[str, dict[str, Any]] = {
    "nothing": {},
    "the-city": {"/Action": Name.Include, "/Fields": [String("city")]},
    "the-city-and-comments": {"/Action": Name.Include, "/Fields": [String("city")], "/P": 2},
    "all-but-two": {"/Action": Name.Exclude, "/Fields": [String("client"), String("provider")]},
    "all": {"/Action": Name.All, "/P": 1},
}
BLOCK = Block(-1, 60, 640, 220, 70, ("Bob Durand", "Łódź, été, naïveté"))
PAGES = 3000


@dataclass(frozen=True, slots=True)
class Case:
    name: str
    document: bytes
    levels: tuple[Level, ...]
    """Of each signature, in the order of the fields."""
    password: str = ""
    """The user's."""
    overstepped: bool = False
    """DSS takes the field of a document time-stamp for one of those that the first signature locks."""

    @property
    def file(self) -> str:
        return f"{self.name}.pdf"

    @property
    def formats(self) -> dict[str, str]:
        """What DSS is to say of each signature."""
        each = [f"PAdES-BASELINE-{level.name}" for level in self.levels]
        return {self.file: each[0], **{f"{self.file} #{number}": one for number, one in enumerate(each, 1)}}


class Office:
    """Signs and extends with all that each level needs."""

    def __init__(self, pki: Pki) -> None:
        self.pki = pki
        self._services = {"at": pki.at, "timestamper": pki.timestamper(), "revocations": Revocations(pki.trusted)}

    def sign(self, document: bytes, signer: FileSigner, level: Level, **options: Any) -> bytes:
        return pades.sign(document, signer, level=level, **options, **self._services)

    def extend(self, document: bytes, level: Level, password: str = "") -> bytes:
        return pades.extend(document, level, password=password, **self._services)


def verdicts(folder: Path) -> Iterator[Verdict]:
    """Make everything in `folder` and have it judged."""
    folder.mkdir()
    with StatusService(datetime.now(UTC) - timedelta(minutes=1)) as service:
        pki = service.pki
        anchors = write_anchors(folder, pki.root, (pki.issuing.certificate,), pki.revocation_lists())
        office = Office(pki)
        makers = (_certified, _in_fields, _encrypted, _of_every_make, _in_turn)
        cases = [case for make in makers for case in make(office)]
    for case in cases:
        path = folder / case.file
        path.write_bytes(case.document)
        stored = Level.LT in case.levels
        yield judges.poppler(path, signatures=len(case.levels), stored=stored, password=case.password)
        yield judges.qpdf(path, password=case.password)
    yield from _judged_by_dss(folder, cases, anchors)
    yield from _controls(folder, office, anchors)


def _judged_by_dss(folder: Path, cases: list[Case], anchors: Anchors) -> Iterator[Verdict]:
    """What is long-term must be proven by what it carries: for it, the root is all that the judge knows."""
    alone = replace(anchors, der=anchors.der[:1])
    groups: defaultdict[tuple[bool, str], list[Case]] = defaultdict(list)
    for case in cases:
        groups[LONG_TERM.issuperset(case.levels), case.password].append(case)
    for (long_term, password), group in groups.items():
        yield from judges.dss(
            [folder / case.file for case in group],
            alone if long_term else anchors,
            formats={name: level for case in group for name, level in case.formats.items()},
            password=password,
            overstepped=frozenset(f"{case.file} #1" for case in group if case.overstepped),
        )


def _certified(office: Office) -> Iterator[Case]:
    """A certification that allows nothing, forms, comments; then Carol approves, where she may."""
    bob, carol = office.pki.bob, office.pki.carol
    for changes in Changes:
        name = f"certified-{changes.name.lower()}"
        for level in Level:
            yield Case(
                f"{name}-{level}", office.sign(pdfs.contract(), bob, level, certify=changes, block=BLOCK), (level,)
            )
        certified = office.sign(pdfs.form(), bob, Level.T, certify=changes, field="provider")
        for level in LONG_TERM:
            yield Case(f"{name}-{level}-later", office.extend(certified, level), (level,))
        if changes is Changes.NONE:
            continue
        approved = office.sign(certified, carol, Level.T, field="client")
        yield Case(f"{name}-approved", approved, (Level.T, Level.T))
        for level in LONG_TERM:
            yield Case(f"{name}-approved-{level}", office.extend(approved, level), (level, level))
        yield Case(f"{name}-approved-elsewhere", office.sign(certified, carol, Level.T), (Level.T, Level.T))


def _in_fields(office: Office) -> Iterator[Case]:
    """Bob, then Carol, each in the field that waits for them; Bob's locks nothing, one field, all but two."""
    bob, carol = office.pki.bob, office.pki.carol
    for name, lock in LOCKS.items():
        form = pdfs.form(lock=Dictionary(lock) if lock else None)
        every = name in {"all", "all-but-two"}
        for level in Level:
            overstepped = level is Level.LTA and every
            alone = office.sign(form, bob, level, field="client")
            yield Case(f"field-locks-{name}-{level}", alone, (level,), overstepped=overstepped)
            if name == "all":
                continue
            first = level if level is Level.B else Level.T
            both = office.sign(office.sign(form, bob, first, field="client"), carol, first, field="provider")
            if level in LONG_TERM:
                both = office.extend(both, level)
            yield Case(f"fields-lock-{name}-{level}", both, (level, level), overstepped=overstepped)


def _encrypted(office: Office) -> Iterator[Case]:
    """Every cipher, signed with either password at every level; then certified, in fields, and by two."""
    seal, bob, carol = office.pki.seal, office.pki.bob, office.pki.carol
    for cipher, revision in CIPHERS.items():
        document, form = (pdfs.locked(each, revision=revision) for each in (pdfs.contract(), pdfs.form()))
        for level in Level:
            for holder in ("user", "owner"):
                signed = office.sign(document, seal, level, password=holder, block=BLOCK, reason="Lu – approuvé")
                yield Case(f"{cipher}-{holder}-{level}", signed, (level,), "user")
        certified = office.sign(form, bob, Level.T, certify=Changes.FORMS, field="provider", password="user")
        both = office.sign(certified, carol, Level.T, field="client", password="user")
        yield Case(f"{cipher}-certified-approved", both, (Level.T, Level.T), "user")
        for level in LONG_TERM:
            extended = office.extend(both, level, password="user")
            yield Case(f"{cipher}-certified-approved-{level}", extended, (level, level), "user")
        closed = office.sign(document, bob, Level.LTA, certify=Changes.NONE, password="user")
        yield Case(f"{cipher}-certified-none-B-LTA", closed, (Level.LTA,), "user")


def _of_every_make(office: Office) -> Iterator[Case]:
    """Hybrid, with object streams, linearised, of very many pages: by one and by two."""
    seal, bob = office.pki.rsa_seal, office.pki.bob
    makes = {
        "hybrid": pdfs.hybrid(),
        "compact": pdfs.compact(pdfs.contract()),
        "linearised": pdfs.linearised(pdfs.contract()),
        "many-pages": pdfs.contract(PAGES),
        "many-compact-pages": pdfs.compact(pdfs.contract(PAGES)),
    }
    for make, document in makes.items():
        for level in Level:
            yield Case(f"{make}-{level}", office.sign(document, seal, level, block=BLOCK), (level,))
        two = office.sign(office.sign(document, seal, Level.T), bob, Level.T)
        yield Case(f"{make}-two-B-T", two, (Level.T, Level.T))
        for level in LONG_TERM:
            yield Case(f"{make}-two-{level}", office.extend(two, level), (level, level))


def _in_turn(office: Office) -> Iterator[Case]:
    """One signs at one level, another later at another. A document time-stamp is over the first, too."""
    raised = {Level.B: Level.T, Level.LT: Level.LTA}
    for one in Level:
        for other in Level:
            both = office.sign(office.sign(pdfs.contract(), office.pki.rsa_seal, one), office.pki.bob, other)
            first = raised.get(one, one) if other is Level.LTA else one
            yield Case(f"{one}-then-{other}", both, (first, other))


def _controls(folder: Path, office: Office, anchors: Anchors) -> Iterator[Verdict]:
    """What must be noticed, to know that the judges are awake."""
    certified = office.sign(pdfs.form(), office.pki.bob, Level.B, certify=Changes.NONE)
    path = folder / "certified-then-filled-in.pdf"
    path.write_bytes(pdfs.filled(certified, "Lyon"))
    yield from judges.dss(
        [path], anchors, formats={path.name: "PAdES-BASELINE-B"}, overstepped=frozenset({f"{path.name} #1"})
    )
    changed = folder / "encrypted-then-changed.pdf"
    locked = office.sign(pdfs.locked(pdfs.contract()), office.pki.bob, Level.B, password="user")
    changed.write_bytes(locked.replace(b"/MediaBox", b"/MediaBoy", 1))
    for verdict in (
        judges.poppler(changed, signatures=1, password="user"),
        *judges.dss([changed], anchors, formats={changed.name: "PAdES-BASELINE-B"}, password="user"),
    ):
        yield replace(verdict, passed=not verdict.passed, says=f"must be refused: {verdict.says}")
