"""PDF signatures: PAdES baseline (EN 319 142-1).

    pending = pades.prepare(document, certificate, at=now)
    signed = pades.complete(pending, signer.sign(pending.digest), document)
    signed = pades.extend(signed, Level.T, timestamper=timestamper)

Two writers append the revision, a lean one for ordinary documents and pyHanko's for the others; whichever it is,
the signature in it comes from the same builder, `paraph.cms.Template`.
"""

from paraph.pades.block import Block
from paraph.pades.complete import complete, signed_attributes
from paraph.pades.draft import Changes
from paraph.pades.extend import extend
from paraph.pades.inspect import Facts, inspect
from paraph.pades.misleading import Finding, refuse
from paraph.pades.prepare import prepare
from paraph.pades.read import read
from paraph.pades.screening import Normalised, normalise
from paraph.pades.seal import Sealer
from paraph.pades.sign import sign

__all__ = [
    "Block",
    "Changes",
    "Facts",
    "Finding",
    "Normalised",
    "Sealer",
    "complete",
    "extend",
    "inspect",
    "normalise",
    "prepare",
    "read",
    "refuse",
    "sign",
    "signed_attributes",
]
