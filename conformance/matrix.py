"""Every format at every level, with each kind of key, by one signer and by two; made at once, and extended later.

What is long-term must be proven by what it carries: the judges know the root and nothing else.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from paraph import pades
from paraph.certs import Revocations
from paraph.keys.file import FileSigner
from paraph.signatures import Level
from paraph_testing import pdfs
from paraph_testing.pki import Pki
from paraph_testing.status import StatusService

from conformance import judges
from conformance.judges import Verdict
from conformance.library import write_anchors

LONG_TERM = frozenset({Level.LT, Level.LTA})


@dataclass(frozen=True, slots=True)
class Case:
    name: str
    level: Level
    signers: tuple[FileSigner, ...]
    later: bool = False
    """Signed at B, extended afterwards."""


def verdicts(folder: Path) -> Iterator[Verdict]:
    """Make everything in `folder` and have it judged."""
    folder.mkdir()
    with StatusService(datetime.now(UTC) - timedelta(minutes=1)) as service:
        pki = service.pki
        anchors = write_anchors(folder, pki.root, (pki.issuing.certificate,), pki.revocation_lists())
        alone = replace(anchors, der=anchors.der[:1])
        cases = list(_cases(pki))
        _write_pdfs(folder, cases, pki)
    for case in cases:
        path = folder / f"{case.name}.pdf"
        yield judges.poppler(path, signatures=len(case.signers), stored=case.level is Level.LT)
        yield judges.qpdf(path)
        yield from judges.openssl_cms(path, anchors)
    for known, chosen in ((alone, LONG_TERM), (anchors, set(Level) - LONG_TERM)):
        formats = {f"{case.name}.pdf": f"PAdES-BASELINE-{case.level.name}" for case in cases if case.level in chosen}
        yield from judges.dss([folder / name for name in formats], known, formats=formats)


def _cases(pki: Pki) -> Iterator[Case]:
    holders = {
        "p256": (pki.seal,),
        "rsa": (pki.rsa_seal,),
        "pss": (pki.pss_seal,),
        "person": (pki.bob,),
        "two": (pki.rsa_seal, pki.bob),
    }
    for level in Level:
        for holder, signers in holders.items():
            yield Case(f"{level.value}-{holder}", level, signers)
            if level is not Level.B:
                yield Case(f"{level.value}-{holder}-later", level, signers, later=True)


def _write_pdfs(folder: Path, cases: list[Case], pki: Pki) -> None:
    clock, revocations = pki.timestamper(), Revocations(pki.trusted)
    source = pdfs.contract()

    def sign(document: bytes, signer: FileSigner, level: Level) -> bytes:
        return pades.sign(document, signer, at=pki.at, level=level, timestamper=clock, revocations=revocations)

    for case in cases:
        document = _signed(source, case, sign)
        if case.later or (len(case.signers) > 1 and case.level in LONG_TERM):
            document = pades.extend(document, case.level, timestamper=clock, revocations=revocations, at=pki.at)
        (folder / f"{case.name}.pdf").write_bytes(document)


def _signed(source: bytes, case: Case, sign: Callable[[bytes, FileSigner, Level], bytes]) -> bytes:
    """Signatures in turn are made at T at most: further signatures come before what proves them for long."""
    level = Level.B if case.later else case.level
    if len(case.signers) > 1 and level in LONG_TERM:
        level = Level.T
    for signer in case.signers:
        source = sign(source, signer, level)
    return source
