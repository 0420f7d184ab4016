"""CAdES at every level, with each kind of key, attached and detached, by one and by several, and countersigned."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric import ec
from paraph import cades
from paraph.cades import counter
from paraph.certs import Revocations
from paraph.keys.file import FileSigner
from paraph.signatures import Level
from paraph_testing.pki import Pki
from paraph_testing.status import StatusService

from conformance import judges
from conformance.judges import Anchors, Verdict
from conformance.library import write_anchors

CONTENT = b"The lease, word for word.\n" * 40
COUNTERSIGNED = {f"B-LTA-countersigned.{suffix} #2": "CAdES-BASELINE-LT" for suffix in ("p7s", "p7m")}
"""The archive time-stamp over a counter-signature stands at the signature above it."""
LONG_TERM = frozenset({Level.LT, Level.LTA})


def verdicts(folder: Path) -> Iterator[Verdict]:
    """Make everything in `folder` and have it judged."""
    folder.mkdir()
    content = folder / "lease.txt"
    content.write_bytes(CONTENT)
    with StatusService(datetime.now(UTC) - timedelta(minutes=1)) as service:
        pki = service.pki
        anchors = write_anchors(folder, pki.root, (pki.issuing.certificate,), pki.revocation_lists())
        signed = dict(_signed(folder, pki))
    for path in signed:
        yield from judges.openssl_signed(path, content, anchors)
    alone = replace(anchors, der=anchors.der[:1])
    yield from _renewed(folder / "renewed")
    for known, chosen in ((alone, LONG_TERM), (anchors, set(Level) - LONG_TERM)):
        for suffix, beside in ((".p7s", content), (".p7m", None)):
            formats = {
                path.name: f"CAdES-BASELINE-{level.name}"
                for path, level in signed.items()
                if level in chosen and path.suffix == suffix
            }
            yield from judges.dss(
                [folder / name for name in formats], known, formats=formats | COUNTERSIGNED, content=beside
            )
    yield from _controls(folder, pki, anchors, content)


def _signed(folder: Path, pki: Pki) -> Iterator[tuple[Path, Level]]:
    clock, revocations = pki.timestamper(), Revocations(pki.trusted)

    def sign(signer: FileSigner, level: Level, *, attached: bool) -> bytes:
        return cades.sign(
            CONTENT, signer, at=pki.at, level=level, timestamper=clock, revocations=revocations, attached=attached
        )

    def extend(signed: bytes, level: Level) -> bytes:
        if level is Level.B:
            return signed
        return cades.extend(signed, level, content=CONTENT, timestamper=clock, revocations=revocations, at=pki.at)

    def keep(name: str, signed: bytes, level: Level, *, attached: bool) -> tuple[Path, Level]:
        path = folder / f"{level.value}-{name}.{'p7m' if attached else 'p7s'}"
        path.write_bytes(signed)
        return path, level

    holders = {"p256": pki.seal, "rsa": pki.rsa_seal, "pss": pki.pss_seal, "person": pki.bob}
    for name, curve in {"p384": ec.SECP384R1(), "p521": ec.SECP521R1()}.items():
        holders[name] = pki.seal_of(ec.generate_private_key(curve), f"Seal with {name.upper()}")
    for level in Level:
        for attached in (False, True):
            for holder, signer in holders.items():
                yield keep(holder, sign(signer, level, attached=attached), level, attached=attached)
            one, two = (sign(signer, Level.B, attached=attached) for signer in (pki.rsa_seal, pki.bob))
            yield keep("two", extend(cades.join(one, two), level), level, attached=attached)
            countersigned = counter.sign(sign(pki.bob, Level.B, attached=attached), pki.agent, at=pki.at)
            yield keep("countersigned", extend(countersigned, level), level, attached=attached)
    again = extend(sign(pki.bob, Level.LTA, attached=True), Level.LTA)
    yield keep("restamped", again, Level.LTA, attached=True)


def _renewed(folder: Path) -> Iterator[Verdict]:
    """A signature of two years ago with a short-term certificate, under a second archive time-stamp of today."""
    folder.mkdir()
    today = datetime.now(UTC) - timedelta(minutes=1)
    with StatusService(today - timedelta(days=730)) as service:
        pki = service.pki
        signed = cades.sign(
            CONTENT,
            pki.bob,
            at=pki.at,
            level=Level.LTA,
            timestamper=pki.timestamper(),
            revocations=Revocations(pki.trusted),
            attached=True,
        )
        pki.at = today
        anchors = write_anchors(folder, pki.root, (pki.issuing.certificate,), pki.revocation_lists())
        renewed = cades.extend(
            signed, Level.LTA, timestamper=pki.timestamper(), revocations=Revocations(pki.trusted), at=today
        )
    path = folder / "B-LTA-renewed-after-two-years.p7m"
    path.write_bytes(renewed)
    formats = {path.name: "CAdES-BASELINE-LTA"}
    yield from judges.dss([path], replace(anchors, der=anchors.der[:1]), formats=formats)


def _controls(folder: Path, pki: Pki, anchors: Anchors, content: Path) -> Iterator[Verdict]:
    """What must be refused, to know that the judges are awake: other content, and Mallory's own hierarchy."""
    other, stranger = folder / "other-content.p7s", folder / "signed-by-mallory.p7s"
    other.write_bytes(cades.sign(b"Another lease.", pki.bob, at=pki.at))
    stranger.write_bytes(cades.sign(CONTENT, pki.mallory, at=pki.at))
    formats = {each.name: "CAdES-BASELINE-B" for each in (other, stranger)}
    accepted = [
        *judges.openssl_signed(other, content, anchors),
        *judges.openssl_signed(stranger, content, anchors),
        *judges.dss([other, stranger], anchors, formats=formats, content=content),
    ]
    for verdict in accepted:
        yield replace(verdict, passed=not verdict.passed, says=f"must be refused: {verdict.says}")
