"""Seal a PDF in the name of the organisation that runs the platform."""

from datetime import datetime

from paraph import pades
from paraph.keys.csc import CscSigner
from paraph.signatures import Level

from paraph_server import trust
from paraph_server.config.options import options


def seal(document: bytes, *, reason: str, at: datetime) -> bytes:
    """The document with an invisible seal and a time-stamp (PAdES B-T).

    Raises:
        Unavailable: the trust service or the time-stamp authority does not answer.
    """
    service = trust.signing_service()
    signer = CscSigner(service, service.credential(options().seal_credential))
    return pades.sign(document, signer, level=Level.T, timestamper=trust.timestamper(), at=at, reason=reason)
