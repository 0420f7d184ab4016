"""Signatures with certificates that state more than a name: the EU's DSS reads their policies and statements.

It is shown a trusted list that names their authority, and says itself which signatures are qualified.
"""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from paraph import pades
from paraph.signatures import Level
from paraph_testing import pdfs
from paraph_testing.pki import POLICY, QUALIFIED, Pki
from paraph_testing.trustlist import Publisher

from conformance import judges
from conformance.judges import Verdict
from conformance.library import write_anchors


def verdicts(folder: Path) -> Iterator[Verdict]:
    """Make everything in `folder` and have it judged."""
    folder.mkdir()
    pki = Pki(datetime.now(UTC))
    anchors = write_anchors(folder, pki.root, (pki.issuing.certificate,), pki.revocation_lists())
    Publisher(pki).publish(folder)
    signers = {"for-one-signature.pdf": pki.bob, "qualified.pdf": pki.qualified}
    for name, signer in signers.items():
        signed = pades.sign(pdfs.contract(), signer, at=pki.at, level=Level.T, timestamper=pki.timestamper())
        (folder / name).write_bytes(signed)
    yield from judges.dss(
        [folder / name for name in signers],
        anchors,
        formats=dict.fromkeys(signers, "PAdES-BASELINE-T"),
        stated={"for-one-signature.pdf": POLICY, "qualified.pdf": f"{QUALIFIED} qualified [QCT_ESIGN] QSCD QESig"},
        lists=folder,
    )
