"""The three verbs in a row, for a key that is at hand."""

from datetime import datetime

from paraph.cades.complete import complete
from paraph.cades.prepare import prepare
from paraph.certs import Revocations
from paraph.formats.content import Content
from paraph.keys.signer import Signer
from paraph.signatures import Level
from paraph.timestamps import Timestamper


def sign(
    content: Content,
    signer: Signer,
    *,
    at: datetime,
    level: Level = Level.B,
    timestamper: Timestamper | None = None,
    revocations: Revocations | None = None,
    attached: bool = False,
) -> bytes:
    """The signature of `signer` over the content; see `prepare` and `complete` for the parts and what they raise."""
    level.check_needs(timestamper, revocations)
    pending = prepare(
        content,
        signer.certificate,
        chain=signer.chain,
        level=level,
        at=at,
        algorithm=signer.algorithm,
        attached=attached,
    )
    return complete(pending, signer.sign(pending.digest), content, timestamper=timestamper, revocations=revocations)
