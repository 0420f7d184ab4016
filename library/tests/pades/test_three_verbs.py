"""Prepare, sign, complete: in one process or in three, whoever holds the key."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

import pytest
from paraph import pades
from paraph.errors import DigestMismatch, InputError, SignatureMismatch
from paraph.keys.file import FileSigner
from paraph.signatures import Level, Pending
from paraph_testing import pdfs


def test_bob_signs_in_three_steps(bob: FileSigner, noon: datetime, invoice: bytes, judge: Callable[..., None]) -> None:
    pending = pades.prepare(
        invoice, bob.certificate, chain=bob.chain, at=noon, name="Bob Durand", reason="Lu et approuvé"
    )
    judge(pades.complete(pending, bob.sign(pending.digest), invoice))


def test_a_pending_signature_can_be_stored_and_resumed(
    bob: FileSigner, noon: datetime, invoice: bytes, judge: Callable[..., None]
) -> None:
    stored = pades.prepare(invoice, bob.certificate, chain=bob.chain, at=noon).to_bytes()
    pending = Pending.from_bytes(stored)
    judge(pades.complete(pending, bob.sign(pending.digest), invoice))


def test_a_stored_pending_signature_is_small_however_large_the_document(bob: FileSigner, noon: datetime) -> None:
    document = pdfs.contract(pages=200)
    pending = pades.prepare(document, bob.certificate, chain=bob.chain, at=noon)
    assert len(pending.to_bytes()) < 20_000 < len(document)


def test_completing_twice_gives_the_same_document(bob: FileSigner, noon: datetime, invoice: bytes) -> None:
    pending = pades.prepare(invoice, bob.certificate, at=noon)
    signature = bob.sign(pending.digest)
    assert pades.complete(pending, signature, invoice) == pades.complete(pending, signature, invoice)


def test_another_document_is_refused(bob: FileSigner, noon: datetime, invoice: bytes) -> None:
    pending = pades.prepare(invoice, bob.certificate, at=noon)
    with pytest.raises(DigestMismatch):
        pades.complete(pending, bob.sign(pending.digest), pdfs.invoice(2))


def test_the_signature_of_somebody_else_is_refused(
    bob: FileSigner, carol: FileSigner, noon: datetime, invoice: bytes
) -> None:
    pending = pades.prepare(invoice, bob.certificate, at=noon)
    with pytest.raises(SignatureMismatch):
        pades.complete(pending, carol.sign(pending.digest), invoice)


def test_a_pending_signature_cannot_be_turned_to_another_digest(
    bob: FileSigner, noon: datetime, invoice: bytes
) -> None:
    """Mallory gets Bob to sign one thing and completes another."""
    pending = pades.prepare(invoice, bob.certificate, at=noon)
    other = pades.prepare(invoice, bob.certificate, at=noon, reason="something else")
    with pytest.raises(DigestMismatch):
        pades.complete(replace(pending, state=other.state), bob.sign(pending.digest), invoice)


@pytest.mark.parametrize("garbage", [b"", b"{}", b'{"digest":["md5","00"]}', b"\xff\xfe"])
def test_garbage_is_no_pending_signature(garbage: bytes) -> None:
    with pytest.raises(InputError):
        Pending.from_bytes(garbage)


def test_a_damaged_state_is_refused(bob: FileSigner, noon: datetime, invoice: bytes) -> None:
    pending = pades.prepare(invoice, bob.certificate, at=noon)
    with pytest.raises(InputError):
        pades.complete(replace(pending, state=pending.state[:-7]), bob.sign(pending.digest), invoice)


def test_level_t_without_an_authority_is_refused(bob: FileSigner, noon: datetime, invoice: bytes) -> None:
    pending = pades.prepare(invoice, bob.certificate, at=noon, level=Level.T)
    with pytest.raises(InputError):
        pades.complete(pending, bob.sign(pending.digest), invoice)


def test_an_rsa_seal_fills_its_room_to_the_last_byte(atelier: FileSigner, noon: datetime, invoice: bytes) -> None:
    signed = pades.sign(invoice, atelier, at=noon)
    contents = signed[signed.rindex(b"/Contents <") + 11 : signed.rindex(b">>>")]
    assert not contents.endswith(b"00000000")
