"""The third verb: raise the level of what is signed already."""

from datetime import datetime

from paraph import timestamps
from paraph.algorithms import Digest
from paraph.cades import archive
from paraph.cades.times import family, stamped
from paraph.certs import Revocations, ValidationData, parsed
from paraph.cms import BrokenMessage, SignedData, SignerInfo
from paraph.cms.attributes import COUNTER_SIGNATURE, MESSAGE_DIGEST, SIGNATURE_TIMESTAMP
from paraph.cms.parts import content as value_of
from paraph.errors import DigestMismatch, InputError
from paraph.formats import asn1
from paraph.formats.content import Content, digests
from paraph.signatures import Level
from paraph.timestamps import Timestamper

_OLD_ARCHIVES = tuple(map(asn1.oid, ("1.2.840.113549.1.9.16.2.27", "1.2.840.113549.1.9.16.2.48", "0.4.0.1733.2.2")))
"""archive-time-stamp, -v2 and long-term-validation: they cover the whole message as it stood (TS 101 733 §6.4)."""


def extend(
    signed: bytes,
    level: Level,
    *,
    content: Content | None = None,
    timestamper: Timestamper | None = None,
    revocations: Revocations | None = None,
    at: datetime,
) -> bytes:
    """All signatures of a message at `level`, if they were below; nothing that was signed or stamped is changed.

    T is reached by a time-stamp over each signature, LT by validation data in the message, LTA by an archive
    time-stamp at each signature (EN 319 122-1 §5.5, §6.3). What is at LTA gets a further archive time-stamp each
    time, over what proves the one before: so it stays provable.

    Args:
        signed: with one signature at least.
        level: T, LT or LTA.
        content: what a detached signature signs; needed for LTA where its digest is not by SHA-256 in the signature.
        timestamper: needed wherever a time-stamp is missing, and for LTA.
        revocations: needed for LT and LTA.
        at: now.

    Raises:
        InputError: no signature, or something needed is not given.
        BrokenDocument: a part of the message cannot be read.
        DigestMismatch: this is not the content that was signed.
        NoPath: a certificate leads to no trusted root.
        Revoked: one was revoked before its use is proven.
        Unavailable: somebody who is needed did not answer; nothing was lost.
    """
    if level is Level.B:
        raise InputError(f"Signatures are extended to level {Level.T}, {Level.LT} or {Level.LTA}.")
    message = SignedData.parse(signed)
    try:
        return _extended(message, level, content, timestamper, revocations=revocations, at=at).to_der()
    except (ValueError, TypeError) as error:
        raise BrokenMessage(f"The signature cannot be read: {error}") from None


def _extended(
    message: SignedData,
    level: Level,
    content: Content | None,
    timestamper: Timestamper | None,
    *,
    revocations: Revocations | None,
    at: datetime,
) -> SignedData:
    check(message)
    contents = _content_digests(message, content) if level is Level.LTA or content is not None else ()
    for place, signer in enumerate(message.signer_infos):
        message = message.with_signer(place, _timestamped(signer, timestamper))
    if level is Level.T:
        return message
    if revocations is None:
        raise InputError(f"Level {level} needs to know what is trusted, to collect validation data.")
    message = _proven(message, revocations, at)
    if level is Level.LT:
        return message
    for place, digest in enumerate(contents):
        message = archive.archived(message, place, digest, _given(timestamper))
    return message


def check(message: SignedData) -> None:
    """Whether anything can be put beside its signatures.

    Raises:
        InputError: it has none, or one with an archive time-stamp that allows no addition.
    """
    if not message.signer_infos:
        raise InputError("The message holds no signature.")
    if any(each.kind in _OLD_ARCHIVES for signer in message.signer_infos for each in signer.unsigned):
        raise InputError("The signature has an archive time-stamp of an older kind, which allows no addition.")


def _content_digests(message: SignedData, content: Content | None) -> list[Digest]:
    """What each signer's archive time-stamp says of the content, which must be what he signed."""
    content = message.content if content is None else content
    signers = message.signer_infos
    if content is None:
        if any(signer.hash is not archive.HASH for signer in signers):
            raise InputError("The signature is detached: the archive time-stamp needs what it signs.")
        return [_message_digest(signer) for signer in signers]
    found = digests(content, archive.HASH, *(signer.hash for signer in signers))
    if any(_message_digest(signer) not in found for signer in signers):
        raise DigestMismatch("This is not the content that was signed.")
    return [found[0] for _ in signers]


def _message_digest(signer: SignerInfo) -> Digest:
    return Digest(signer.hash, value_of(signer.signed_value(MESSAGE_DIGEST) or b"", asn1.OCTET_STRING))


def _timestamped(signer: SignerInfo, timestamper: Timestamper | None) -> SignerInfo:
    """With a time-stamp over his signature, and over each that signs it, unless it is stamped already."""
    own, *counters = family("", signer)
    for each in counters:
        if not each.times:
            signer = signer.exchanging(COUNTER_SIGNATURE, each.info.to_der(), _stamp(each.info, timestamper).to_der())
    return signer if own.times else _stamp(signer, timestamper)


def _stamp(signer: SignerInfo, timestamper: Timestamper | None) -> SignerInfo:
    return signer.adding(SIGNATURE_TIMESTAMP, _given(timestamper).timestamp(Digest.of(signer.signature)))


def _given(timestamper: Timestamper | None) -> Timestamper:
    if timestamper is None:
        raise InputError("A time-stamp authority is needed.")
    return timestamper


def _proven(message: SignedData, revocations: Revocations, at: datetime) -> SignedData:
    """With what proves every signer and every time-stamping unit, each at the time to which its use goes back."""
    found = stamped(message)
    tokens = [token for one in found for token, _ in one.tokens]
    known = message.validation_data
    for token in tokens:
        known |= SignedData.parse(token).validation_data
    data = ValidationData()
    for one in found:
        signer = parsed(one.info.certificate(known.certificates))
        data |= revocations.collect(signer, at=min(one.times), now=at, known=known)
        for token, later in one.tokens:
            unit = timestamps.read(token).certificate
            data |= revocations.collect(unit, at=min(later, default=at), now=at, known=known)
    return message.carrying(data - known)
