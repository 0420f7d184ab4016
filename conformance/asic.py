"""Both kinds of container, both forms of signature, every level, by one and by several."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from zipfile import ZipFile

from paraph import asic
from paraph.asic import Form, Kind
from paraph.certs import Revocations
from paraph.signatures import Level
from paraph_testing.pki import Pki
from paraph_testing.status import StatusService

from conformance import judges
from conformance.judges import Anchors, Verdict
from conformance.library import write_anchors

LEASE = b"The lease, word for word.\n" * 40
FILES = {"the lease.txt": LEASE, "plans/été.png": b"\x89PNG\r\n\x1a\n"}
LONG_TERM = frozenset({Level.LT, Level.LTA})


def verdicts(folder: Path) -> Iterator[Verdict]:
    """Make everything in `folder` and have it judged."""
    folder.mkdir()
    with StatusService(datetime.now(UTC) - timedelta(minutes=1)) as service:
        pki = service.pki
        anchors = write_anchors(folder, pki.root, (pki.issuing.certificate,), pki.revocation_lists())
        signed = dict(_signed(folder, pki))
    for path in signed:
        yield judges.unzip(path)
        yield from _openssl(path, anchors)
        yield from _xmlsec(path, anchors)
    alone = replace(anchors, der=anchors.der[:1])
    for known, chosen in ((alone, LONG_TERM), (anchors, set(Level) - LONG_TERM)):
        formats = {
            path.name: f"{'XAdES' if 'XAdES' in path.name else 'CAdES'}-BASELINE-{level.name}"
            for path, level in signed.items()
            if level in chosen
        }
        yield from judges.dss([folder / name for name in formats], known, formats=formats)
    yield from _controls(folder, pki, anchors)


def _signed(folder: Path, pki: Pki) -> Iterator[tuple[Path, Level]]:
    clock, revocations = pki.timestamper(), Revocations(pki.trusted)
    extend = partial(asic.extend, timestamper=clock, revocations=revocations, at=pki.at)

    def keep(name: str, signed: bytes, level: Level, kind: Kind) -> tuple[Path, Level]:
        path = folder / f"{level.value}-{name}{kind.extension}"
        path.write_bytes(signed)
        return path, level

    for kind in Kind:
        files = FILES if kind is Kind.E else {"lease.txt": LEASE}
        for form in Form:
            sign = partial(asic.sign, at=pki.at, timestamper=clock, revocations=revocations)
            for level in Level:
                for holder, signer in {"p256": pki.seal, "rsa": pki.rsa_seal, "person": pki.bob}.items():
                    signed = sign(files, signer, kind=kind, form=form, level=level)
                    yield keep(f"{form.value}-{holder}", signed, level, kind)
                two = sign(sign(files, pki.rsa_seal, kind=kind, form=form), pki.bob)
                yield keep(f"{form.value}-two", two if level is Level.B else extend(two, level), level, kind)
            again = extend(extend(two, Level.LTA), Level.LTA)
            yield keep(f"{form.value}-restamped", again, Level.LTA, kind)


def _openssl(path: Path, anchors: Anchors) -> Iterator[Verdict]:
    """Each signature in CMS, over the one file or the list of files."""
    with ZipFile(path) as archive:
        for name in archive.namelist():
            if name.endswith(".p7s"):
                listed = name.replace("signature-", "ASiCManifest-").replace(".p7s", ".xml")
                message, content = (path.with_suffix(f".{Path(name).name}{suffix}") for suffix in ("", ".signed"))
                message.write_bytes(archive.read(name))
                content.write_bytes(archive.read("lease.txt" if listed.endswith("signature.xml") else listed))
                yield from judges.openssl_signed(message, content, anchors)


def _xmlsec(path: Path, anchors: Anchors) -> Iterator[Verdict]:
    """The first signature in XML of each file of signatures, what it signs lying unpacked beside it.

    Debian's DigiDoc tools judge only the container before ASiC (DDOC).
    """
    with ZipFile(path) as archive:
        for name in archive.namelist():
            if Path(name).match("META-INF/signatures*.xml"):
                unpacked = path.with_suffix(f".{Path(name).stem}")
                archive.extractall(unpacked)
                signatures = unpacked / f"{path.stem}-{Path(name).name}"
                signatures.write_bytes(archive.read(name))
                yield judges.xmlsec(signatures, anchors)


def _controls(folder: Path, pki: Pki, anchors: Anchors) -> Iterator[Verdict]:
    """What must be refused, to know that the judge is awake: another lease, and Mallory's own hierarchy."""
    for form in Form:
        changed, stranger = folder / f"{form.value}-other-lease.asice", folder / f"{form.value}-by-mallory.asice"
        container = asic.Container.from_bytes(asic.sign(FILES, pki.bob, form=form, at=pki.at))
        changed.write_bytes(replace(container, files={**FILES, "the lease.txt": b"Another lease."}).to_bytes())
        stranger.write_bytes(asic.sign(FILES, pki.mallory, form=form, at=pki.at))
        formats = {each.name: f"{form.value}-BASELINE-B" for each in (changed, stranger)}
        for verdict in judges.dss([changed, stranger], anchors, formats=formats):
            yield replace(verdict, passed=not verdict.passed, says=f"must be refused: {verdict.says}")
