"""The three verbs in a row, for a key that is at hand."""

from datetime import datetime

from paraph.certs import Revocations
from paraph.keys.signer import Signer
from paraph.signatures import Level
from paraph.timestamps import Timestamper
from paraph.xades.complete import complete
from paraph.xades.data import Signable
from paraph.xades.prepare import prepare


def sign(
    content: Signable,
    signer: Signer,
    *,
    at: datetime,
    level: Level = Level.B,
    timestamper: Timestamper | None = None,
    revocations: Revocations | None = None,
    enveloping: bool = False,
) -> bytes:
    """The signature of `signer`; see `prepare` and `complete` for the parts and what they raise."""
    level.check_needs(timestamper, revocations)
    pending = prepare(
        content,
        signer.certificate,
        chain=signer.chain,
        level=level,
        at=at,
        algorithm=signer.algorithm,
        enveloping=enveloping,
    )
    return complete(pending, signer.sign(pending.digest), content, timestamper=timestamper, revocations=revocations)
