"""The second verb: the signature value goes in, the signed document comes out."""

from paraph.algorithms import Digest, SignatureAlgorithm
from paraph.cms import Template
from paraph.errors import DigestMismatch, InputError
from paraph.keys.verify import verify
from paraph.pades.draft import ContentsTooLarge, Draft
from paraph.pades.extend import extend
from paraph.pades.prepare import State
from paraph.signatures import Level, Pending
from paraph.timestamps import Timestamper


def complete(pending: Pending, signature: bytes, document: bytes, *, timestamper: Timestamper | None = None) -> bytes:
    """Put the value of a prepared signature into the document, time-stamped when its level asks for it.

    Nothing is returned that was not checked: the document is the one that was prepared, the value verifies with the
    certificate's key, the byte ranges enclose exactly the signature.

    Raises:
        DigestMismatch: another document, or a pending signature that was changed meanwhile.
        SignatureMismatch: the value was not made over `pending.digest` by the certificate's key.
        Unavailable: the time-stamp authority did not answer.
    """
    if Digest.of(document) != pending.document:
        raise DigestMismatch("This is not the document that was prepared.")
    state = State.from_bytes(pending.state)
    key = state.certificate.public_key()
    algorithm = SignatureAlgorithm.for_key(key)
    template = Template(state.certificate, state.chain, algorithm)
    message_digest = state.draft.digest(document, algorithm.hash)
    if Digest.of(template.signed_attributes(message_digest), algorithm.hash) != pending.digest:
        raise DigestMismatch("The pending signature was changed; prepare the document again.")
    verify(key, pending.digest, signature)
    return finish(
        template, state.draft, message_digest, signature, document, level=pending.level, timestamper=timestamper
    )


def finish(
    template: Template,
    draft: Draft,
    message_digest: bytes,
    signature: bytes,
    document: bytes,
    *,
    level: Level,
    timestamper: Timestamper | None,
) -> bytes:
    """The signed document from a signature value that was verified, raised to its level."""
    if level is Level.B:
        return draft.fill(document, template.signed_data(message_digest, signature))
    if timestamper is None:
        raise InputError(f"Level {level} needs a time-stamp authority.")
    token = timestamper.timestamp(Digest.of(signature))
    try:
        signed = draft.fill(document, template.signed_data(message_digest, signature, token=token))
    except ContentsTooLarge:
        signed = draft.fill(document, template.signed_data(message_digest, signature))
        signed = extend(signed, Level.T, timestamper=timestamper)
    return signed if level is Level.T else extend(signed, level, timestamper=timestamper)
