"""The three verbs in a row, for a key that is at hand."""

from datetime import datetime

from paraph.certs import Revocations
from paraph.keys.signer import Signer
from paraph.pades.block import Block
from paraph.pades.draft import Changes
from paraph.pades.seal import Sealer
from paraph.signatures import Level
from paraph.timestamps import Timestamper


def sign(
    document: bytes,
    signer: Signer,
    *,
    at: datetime,
    level: Level = Level.B,
    timestamper: Timestamper | None = None,
    revocations: Revocations | None = None,
    name: str = "",
    reason: str = "",
    location: str = "",
    block: Block | None = None,
    field: str = "",
    certify: Changes | None = None,
    password: str = "",
    allow_misleading: bool = False,
) -> bytes:
    """The document signed by `signer`; see `prepare` and `complete` for the parts and what they raise."""
    sealer = Sealer(
        signer,
        level=level,
        timestamper=timestamper,
        revocations=revocations,
        name=name,
        reason=reason,
        location=location,
        block=block,
        field=field,
        certify=certify,
        password=password,
        allow_misleading=allow_misleading,
    )
    return sealer.seal(document, at=at)
