"""The second verb: the signature value goes in, the signature comes out."""

from paraph.algorithms import Digest, Hash
from paraph.cades.extend import extend
from paraph.cades.statement import Statement
from paraph.cades.times import time_of
from paraph.certs import Revocations, ValidationData
from paraph.cms import DATA, SignedData, SignerInfo
from paraph.cms.attributes import SIGNATURE_TIMESTAMP
from paraph.errors import DigestMismatch
from paraph.formats import asn1
from paraph.formats.content import Content, digests, whole
from paraph.keys.verify import verify
from paraph.signatures import Level, Pending
from paraph.timestamps import Timestamper


def complete(
    pending: Pending,
    signature: bytes,
    content: Content,
    *,
    timestamper: Timestamper | None = None,
    revocations: Revocations | None = None,
) -> bytes:
    """The value of a prepared signature as a `SignedData`, DER, with all that its level asks for.

    Nothing is returned that was not checked: the content is the one that was prepared, the value verifies with the
    certificate's key.

    Raises:
        DigestMismatch: another content, or a pending signature that was changed meanwhile.
        SignatureMismatch: the value was not made over `pending.digest` by the certificate's key.
        InputError: the level needs a time-stamp authority, or `revocations`, and there is none.
        Revoked: the certificate was taken back meanwhile.
        Unavailable: somebody who is needed did not answer; the pending signature is as good as before.
    """
    pending.level.check_needs(timestamper, revocations)
    statement = Statement.from_bytes(pending.state)
    message_digest, document = digests(content, statement.algorithm.hash, Hash.SHA256)
    if document != pending.document:
        raise DigestMismatch("This is not the content that was prepared.")
    signer = signed_by(statement, pending, message_digest, signature, timestamper)
    message = SignedData(
        version=asn1.integer(1),
        digest_algorithms=(signer.digest_algorithm,),
        content_type=asn1.oid(DATA),
        content=whole(content) if statement.attached else None,
        certificate_choices=(),
        revocation_choices=(),
        signer_infos=(signer,),
    )
    signed = message.carrying(ValidationData(statement.certificates)).to_der()
    if pending.level in (Level.B, Level.T):
        return signed
    now = max(map(time_of, signer.unsigned_values(SIGNATURE_TIMESTAMP)))
    return extend(signed, pending.level, content=content, timestamper=timestamper, revocations=revocations, at=now)


def signed_by(
    statement: Statement, pending: Pending, message_digest: Digest, signature: bytes, timestamper: Timestamper | None
) -> SignerInfo:
    """The signer's part, checked, with a time-stamp over the value if the level wants one."""
    if statement.to_sign(message_digest) != pending.digest:
        raise DigestMismatch("The pending signature was changed; prepare the document again.")
    verify(statement.certificate.public_key(), pending.digest, signature, algorithm=statement.algorithm)
    signer = statement.signer_info(message_digest, signature)
    if pending.level is Level.B or timestamper is None:
        return signer
    return signer.adding(SIGNATURE_TIMESTAMP, timestamper.timestamp(Digest.of(signature)))
