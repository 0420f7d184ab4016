"""Signatures of any file: CAdES baseline (EN 319 122-1), attached to what they sign or beside it.

    pending = cades.prepare(content, certificate, at=now)
    signed = cades.complete(pending, signer.sign(pending.digest), content)
    signed = cades.extend(signed, Level.LTA, timestamper=timestamper, revocations=revocations, at=now)

Whoever signs beside others signs the same content, and `join` makes one message of both; `counter` signs a signature.
"""

from paraph.cades import counter
from paraph.cades.complete import complete
from paraph.cades.content import content_of
from paraph.cades.extend import extend
from paraph.cades.join import join
from paraph.cades.prepare import prepare
from paraph.cades.read import read
from paraph.cades.sign import sign

__all__ = ["Content", "complete", "content_of", "counter", "extend", "join", "prepare", "read", "sign"]
