"""The three verbs in a row, for a key that is at hand."""

from datetime import datetime

from paraph.asic.complete import complete
from paraph.asic.container import Kind
from paraph.asic.form import Form
from paraph.asic.prepare import Signable, prepare
from paraph.certs import Revocations
from paraph.keys.signer import Signer
from paraph.signatures import Level
from paraph.timestamps import Timestamper


def sign(
    content: Signable,
    signer: Signer,
    *,
    kind: Kind | None = None,
    form: Form | None = None,
    at: datetime,
    level: Level = Level.B,
    timestamper: Timestamper | None = None,
    revocations: Revocations | None = None,
) -> bytes:
    """The container with the signature of `signer`; see `prepare` and `complete` for the parts and what they raise."""
    level.check_needs(timestamper, revocations)
    pending = prepare(
        content,
        signer.certificate,
        kind=kind,
        form=form,
        chain=signer.chain,
        level=level,
        at=at,
        algorithm=signer.algorithm,
    )
    return complete(pending, signer.sign(pending.digest), content, timestamper=timestamper, revocations=revocations)
