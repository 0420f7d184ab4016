"""Signatures of XML, and in XML of anything: XAdES baseline (EN 319 132-1).

    pending = xades.prepare(document, certificate, at=now)  # an XML document, which gets the signature inside
    signed = xades.complete(pending, signer.sign(pending.digest), document)
    signed = xades.extend(signed, Level.LTA, timestamper=timestamper, revocations=revocations, at=now)

Files by name, instead of a document, are signed where they are: the signature is a document of its own. `counter` signs
a signature.
"""

from paraph.xades import counter
from paraph.xades.complete import complete
from paraph.xades.data import Signable
from paraph.xades.extend import extend
from paraph.xades.prepare import prepare
from paraph.xades.read import read, signed_files
from paraph.xades.sign import sign

__all__ = ["Signable", "complete", "counter", "extend", "prepare", "read", "sign", "signed_files"]
