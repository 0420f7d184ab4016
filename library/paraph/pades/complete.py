"""The second verb: the signature value goes in, the signed document comes out."""

from paraph.algorithms import Digest
from paraph.certs import Revocations
from paraph.cms import Template
from paraph.errors import DigestMismatch
from paraph.formats.mapped import Data
from paraph.keys.verify import verify
from paraph.pades.draft import ContentsTooLarge, Draft
from paraph.pades.extend import append_timestamp, extend
from paraph.pades.prepare import State
from paraph.pades.read import read
from paraph.signatures import Level, Pending
from paraph.timestamps import Timestamper


def complete(
    pending: Pending,
    signature: bytes,
    document: bytes,
    *,
    timestamper: Timestamper | None = None,
    revocations: Revocations | None = None,
    password: str = "",
) -> bytes:
    """Put the value of a prepared signature into the document, with all that its level asks for.

    Nothing is returned that was not checked: the document is the one that was prepared, the value verifies with the
    certificate's key, the byte ranges enclose exactly the signature. Called again, it gives the same document, but
    for the time-stamp. `password` opens an encrypted document.

    Raises:
        DigestMismatch: another document, or a pending signature that was changed meanwhile.
        SignatureMismatch: the value was not made over `pending.digest` by the certificate's key.
        InputError: the level needs a time-stamp authority, or `revocations`, and there is none.
        Revoked: the certificate was taken back meanwhile.
        Unavailable: somebody who is needed did not answer; the pending signature is as good as before.
    """
    pending.level.check_needs(timestamper, revocations)
    state = State.from_bytes(pending.state)
    template = Template(state.certificate, state.chain, state.algorithm)
    message_digest = _unchanged(pending, document, state, template)
    verify(state.certificate.public_key(), pending.digest, signature, algorithm=state.algorithm)
    token = stamp(signature, pending.level, timestamper)
    try:
        added = state.draft.fill(template.signed_data(message_digest, signature, token=token))
    except ContentsTooLarge:
        contents = template.signed_data(message_digest, signature)
        added = stamped_outside(document, state.draft, contents, timestamper, password)
    signed = document + added
    if pending.level in (Level.B, Level.T):
        return signed
    now = max(each.timestamped_at for each in read(signed, password=password) if each.timestamped_at)
    return extend(signed, pending.level, timestamper=timestamper, revocations=revocations, at=now, password=password)


def signed_attributes(pending: Pending, document: bytes) -> bytes:
    """What a key signs the digest of, DER: for holders who want to see what it is, and digest it themselves.

    Raises:
        DigestMismatch: another document, or a pending signature that was changed meanwhile.
    """
    state = State.from_bytes(pending.state)
    template = Template(state.certificate, state.chain, state.algorithm)
    return template.signed_attributes(_unchanged(pending, document, state, template))


def _unchanged(pending: Pending, document: bytes, state: State, template: Template) -> bytes:
    """The document's message digest, if document and pending signature are as they were prepared."""
    if Digest.of(document) != pending.document:
        raise DigestMismatch("This is not the document that was prepared.")
    message_digest = state.draft.digest(document, state.algorithm.hash)
    if state.algorithm.digest(template.signed_attributes(message_digest)) != pending.digest:
        raise DigestMismatch("The pending signature was changed; prepare the document again.")
    return message_digest


def stamp(signature: bytes, level: Level, timestamper: Timestamper | None) -> bytes | None:
    """The time-stamp over a signature value, for the levels that need one."""
    return None if level is Level.B or timestamper is None else timestamper.timestamp(Digest.of(signature))


def stamped_outside(
    document: Data, draft: Draft, contents: bytes, timestamper: Timestamper | None, password: str
) -> bytes:
    """What to append when a time-stamp does not fit into its room: the signature, and one over the whole document."""
    added = draft.fill(contents)
    return added + append_timestamp(document[:] + added, timestamper, password=password)
