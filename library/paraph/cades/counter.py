"""Counter-signatures (RFC 5652 §11.4, EN 319 122-1 §5.2.7): the signature of a signature, in the same three verbs.

pending = counter.prepare(signed, certificate, at=now)
signed = counter.complete(pending, signer.sign(pending.digest), signed)
"""

from collections.abc import Sequence
from datetime import datetime

from cryptography import x509

from paraph.algorithms import Digest, SignatureAlgorithm
from paraph.cades.complete import signed_by
from paraph.cades.extend import check
from paraph.cades.statement import Statement
from paraph.certs import ValidationData
from paraph.cms import SignedData, SignerInfo
from paraph.cms.attributes import COUNTER_SIGNATURE
from paraph.errors import DigestMismatch, InputError
from paraph.keys.signer import Signer
from paraph.signatures import Level, Pending
from paraph.timestamps import Timestamper


def prepare(
    signed: bytes,
    certificate: x509.Certificate,
    *,
    of: int = 1,
    chain: Sequence[x509.Certificate] = (),
    level: Level = Level.B,
    at: datetime,
    algorithm: SignatureAlgorithm | None = None,
) -> Pending:
    """Everything about a counter-signature but its value.

    Args:
        signed: the message; what changes beside its signatures meanwhile does not matter.
        certificate: of whoever countersigns.
        of: the signature that is signed, counted from one.
        chain: the issuing certificates, nearest first.
        level: B or T; `extend` raises the whole message further.
        at: the claimed time.
        algorithm: the signer's, where it is not the usual one of the key.

    Raises:
        BrokenDocument: this is no signature in CMS.
        InputError: it holds no such signature, or can take no addition; or a higher level is asked for.
        WeakAlgorithm: the key of the certificate is no longer acceptable.
    """
    if level not in (Level.B, Level.T):
        raise InputError(f"A counter-signature is made at level {Level.B} or {Level.T}; the message is extended later.")
    message = SignedData.parse(signed)
    check(message)
    if not 1 <= of <= len(message.signer_infos):
        raise InputError(f"There is no signature {of}; the message holds {len(message.signer_infos)}.")
    value = message.signer_infos[of - 1].signature
    algorithm = algorithm or SignatureAlgorithm.for_key(certificate.public_key())
    statement = Statement(certificate, tuple(chain), algorithm, at, counter=True)
    pending = statement.to_sign(Digest.of(value, statement.algorithm.hash))
    return Pending(pending, level, Digest.of(value), statement.to_bytes())


def complete(pending: Pending, signature: bytes, signed: bytes, *, timestamper: Timestamper | None = None) -> bytes:
    """The message with the value of a prepared counter-signature.

    Raises:
        BrokenDocument: this is no signature in CMS.
        DigestMismatch: it does not hold the signature that was prepared.
        SignatureMismatch: the value was not made over `pending.digest` by the certificate's key.
        InputError: the level needs a time-stamp authority, and there is none.
        Unavailable: the authority did not answer; the pending signature is as good as before.
    """
    pending.level.check_needs(timestamper, None)
    statement, message = Statement.from_bytes(pending.state), SignedData.parse(signed)
    check(message)
    place, signer = _countersigned(message, pending)
    message_digest = Digest.of(signer.signature, statement.algorithm.hash)
    counter = signed_by(statement, pending, message_digest, signature, timestamper)
    message = message.with_signer(place, signer.adding(COUNTER_SIGNATURE, counter.to_der()))
    return message.carrying(ValidationData(statement.certificates)).to_der()


def sign(
    signed: bytes,
    signer: Signer,
    *,
    of: int = 1,
    at: datetime,
    level: Level = Level.B,
    timestamper: Timestamper | None = None,
) -> bytes:
    """Both in a row, for a key that is at hand."""
    level.check_needs(timestamper, None)
    pending = prepare(
        signed, signer.certificate, of=of, chain=signer.chain, level=level, at=at, algorithm=signer.algorithm
    )
    return complete(pending, signer.sign(pending.digest), signed, timestamper=timestamper)


def _countersigned(message: SignedData, pending: Pending) -> tuple[int, SignerInfo]:
    for place, signer in enumerate(message.signer_infos):
        if Digest.of(signer.signature) == pending.document:
            return place, signer
    raise DigestMismatch("The message does not hold the signature that was prepared for counter-signing.")
