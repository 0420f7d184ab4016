"""Ed25519, which TS 119 312 does not list: its signatures are sound in every format, and not accepted for that alone.

The EU's DSS judges what a signature rests on only after it has found digests, value and certificates sound.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from paraph import asic, cades, pades, xades
from paraph.asic import Form
from paraph_testing import pdfs
from paraph_testing.pki import Pki

from conformance import judges
from conformance.judges import Verdict
from conformance.library import write_anchors

EXPECTED = "INDETERMINATE CRYPTO_CONSTRAINTS_FAILURE"


def verdicts(folder: Path) -> Iterator[Verdict]:
    """Make everything in `folder` and have it judged."""
    folder.mkdir()
    pki = Pki(datetime.now(UTC))
    anchors = write_anchors(folder, pki.root, (pki.issuing.certificate,), pki.revocation_lists())
    formats = dict(_signed(folder, pki))
    for verdict in judges.dss([folder / name for name in formats], anchors, formats=formats):
        yield replace(verdict, passed=EXPECTED in verdict.says and "EdDSA" in verdict.says)


def _signed(folder: Path, pki: Pki) -> Iterator[tuple[str, str]]:
    signer, at = pki.ed25519_seal, pki.at
    lease = {"lease.txt": b"The lease, word for word."}
    for name, form, signed in (
        ("sealed.pdf", "PAdES", pades.sign(pdfs.contract(), signer, at=at)),
        ("lease.p7m", "CAdES", cades.sign(lease["lease.txt"], signer, at=at, attached=True)),
        ("lease.xml", "XAdES", xades.sign(b"<lease>The lease</lease>", signer, at=at)),
        *((f"{form}.asice", form.value, asic.sign(lease, signer, at=at, form=form)) for form in Form),
    ):
        (folder / name).write_bytes(signed)
        yield name, f"{form}-BASELINE-B"
