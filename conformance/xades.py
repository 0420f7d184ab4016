"""XAdES at every level, with each kind of key: in a document, around a file, beside one; by several, countersigned."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

from paraph import xades
from paraph.certs import Revocations
from paraph.signatures import Level
from paraph.xades import counter
from paraph_testing.pki import Pki
from paraph_testing.status import StatusService

from conformance import judges
from conformance.judges import Anchors, Verdict
from conformance.library import write_anchors

INVOICE = (
    '<?xml version="1.0"?><!-- no. 7 --><invoice xmlns="urn:example:invoice" xmlns:x="urn:example:money">'
    "<note>été &#13;\r\n &lt;3</note><!-- net --><x:total currency='EUR'>12.50</x:total></invoice>"
).encode()
LEASE = b"The lease, word for word.\n" * 40
LONG_TERM = frozenset({Level.LT, Level.LTA})


def verdicts(folder: Path) -> Iterator[Verdict]:
    """Make everything in `folder` and have it judged."""
    folder.mkdir()
    lease = folder / "lease.txt"
    lease.write_bytes(LEASE)
    with StatusService(datetime.now(UTC) - timedelta(minutes=1)) as service:
        pki = service.pki
        anchors = write_anchors(folder, pki.root, (pki.issuing.certificate,), pki.revocation_lists())
        signed = dict(_signed(folder, pki))
    for path in signed:
        if "pss" not in path.name:  # Debian's xmlsec1 does not know it yet
            yield judges.xmlsec(path, anchors)
    alone = replace(anchors, der=anchors.der[:1])
    for known, chosen in ((alone, LONG_TERM), (anchors, set(Level) - LONG_TERM)):
        for content in (None, lease):
            formats = {
                path.name: f"XAdES-BASELINE-{level.name}"
                for path, level in signed.items()
                if level in chosen and ("detached" in path.name) == bool(content)
            }
            yield from judges.dss([folder / name for name in formats], known, formats=formats, content=content)
    yield from _controls(folder, pki, anchors)


def _signed(folder: Path, pki: Pki) -> Iterator[tuple[Path, Level]]:
    asked = {"at": pki.at, "timestamper": pki.timestamper(), "revocations": Revocations(pki.trusted)}
    sign, extend = partial(xades.sign, **asked), partial(xades.extend, **asked)

    def keep(name: str, signed: bytes, level: Level) -> tuple[Path, Level]:
        path = folder / f"{level.value}-{name}.xml"
        path.write_bytes(signed)
        return path, level

    for level in Level:
        for holder, signer in {"p256": pki.seal, "rsa": pki.rsa_seal, "pss": pki.pss_seal, "person": pki.bob}.items():
            yield keep(holder, sign(INVOICE, signer, level=level), level)
            yield keep(f"{holder}-enveloping", sign(LEASE, signer, level=level, enveloping=True), level)
            yield keep(f"{holder}-detached", sign({"lease.txt": LEASE}, signer, level=level), level)
        two = sign(sign(INVOICE, pki.rsa_seal), pki.bob)
        for name, made in {"two": two, "countersigned": counter.sign(two, pki.agent, of=2, at=pki.at)}.items():
            yield keep(name, made if level is Level.B else extend(made, level), level)
    yield keep("restamped", extend(sign(INVOICE, pki.bob, level=Level.LTA), Level.LTA), Level.LTA)


def _controls(folder: Path, pki: Pki, anchors: Anchors) -> Iterator[Verdict]:
    """What must be refused, to know that the judges are awake: a changed total, and Mallory's own hierarchy."""
    changed, stranger = folder / "other-total.xml", folder / "signed-by-mallory.xml"
    changed.write_bytes(xades.sign(INVOICE, pki.bob, at=pki.at).replace(b"12.50", b"92.50"))
    stranger.write_bytes(xades.sign(INVOICE, pki.mallory, at=pki.at))
    formats = {each.name: "XAdES-BASELINE-B" for each in (changed, stranger)}
    accepted = [
        judges.xmlsec(changed, anchors),
        judges.xmlsec(stranger, anchors),
        *judges.dss([changed, stranger], anchors, formats=formats),
    ]
    for verdict in accepted:
        yield replace(verdict, passed=not verdict.passed, says=f"must be refused: {verdict.says}")
