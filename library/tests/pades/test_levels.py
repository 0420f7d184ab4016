"""From B-B to B-T, at once or later."""

import re
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from asn1crypto import cms
from paraph import pades
from paraph.algorithms import Digest
from paraph.errors import InputError, Unavailable
from paraph.keys.file import FileSigner
from paraph.signatures import Level
from paraph.timestamps import Timestamper, verify
from paraph_testing.pki import Pki


def test_a_signature_is_time_stamped_as_it_is_made(
    bob: FileSigner, noon: datetime, clock: Timestamper, invoice: bytes, judge: Callable[..., None]
) -> None:
    signed = pades.sign(invoice, bob, at=noon, level=Level.T, timestamper=clock)
    judge(signed)
    (signature,) = pades.read(signed)
    assert (signature.level, signature.timestamped_at) == (Level.T, noon)


def test_a_signature_is_time_stamped_later(
    bob: FileSigner, noon: datetime, clock: Timestamper, invoice: bytes, judge: Callable[..., None]
) -> None:
    extended = pades.extend(pades.sign(invoice, bob, at=noon - timedelta(hours=1)), Level.T, timestamper=clock, at=noon)
    judge(extended, timestamps=1)
    (signature,) = pades.read(extended)
    assert (signature.level, signature.timestamped_at, signature.covers_whole_document) == (Level.T, noon, False)


def test_a_document_time_stamp_proves_all_that_stands_before_it(
    bob: FileSigner, noon: datetime, clock: Timestamper, hierarchy: Pki, invoice: bytes
) -> None:
    extended = pades.extend(pades.sign(invoice, bob, at=noon), Level.T, timestamper=clock, at=noon)
    before, token, behind = re.fullmatch(rb"(?s)(.*/Contents )<([0-9a-f]+)>(>>.*?)", extended).groups()
    proved = verify(_trimmed(bytes.fromhex(token.decode())), Digest.of(before + behind), trusted=hierarchy.trusted)
    assert proved.time == noon


def _trimmed(padded: bytes) -> bytes:
    """Without the zeros that fill the room: DER says itself how long it is."""
    return cms.ContentInfo.load(padded).dump()


def test_a_token_too_large_for_its_room_becomes_a_document_time_stamp(
    bob: FileSigner, noon: datetime, clock: Timestamper, invoice: bytes, judge: Callable[..., None]
) -> None:
    """An authority that sends its whole chain must not spoil a signature that cannot be made again."""

    class Verbose(Timestamper):
        def timestamp(self, digest: Digest) -> bytes:
            token = clock.timestamp(digest)
            return token if len(asked) else (asked.append(1), token + bytes(20_000))[1]

    asked: list[int] = []
    pending = pades.prepare(invoice, bob.certificate, chain=bob.chain, at=noon, level=Level.T)
    signed = pades.complete(pending, bob.sign(pending.digest), invoice, timestamper=Verbose())
    judge(signed, timestamps=1)
    assert pades.read(signed)[0].level is Level.T


def test_an_authority_that_does_not_answer_leaves_the_pending_signature_usable(
    bob: FileSigner, noon: datetime, clock: Timestamper, invoice: bytes
) -> None:
    class Silent(Timestamper):
        def timestamp(self, digest: Digest) -> bytes:  # noqa: ARG002  nobody reads it
            raise Unavailable("The time-stamp authority did not answer.")

    pending = pades.prepare(invoice, bob.certificate, at=noon, level=Level.T)
    signature = bob.sign(pending.digest)
    with pytest.raises(Unavailable):
        pades.complete(pending, signature, invoice, timestamper=Silent())
    assert pades.read(pades.complete(pending, signature, invoice, timestamper=clock))


def test_a_level_below_t_cannot_be_asked_for(
    bob: FileSigner, noon: datetime, clock: Timestamper, invoice: bytes
) -> None:
    with pytest.raises(InputError):
        pades.extend(pades.sign(invoice, bob, at=noon), Level.B, timestamper=clock, at=noon)
