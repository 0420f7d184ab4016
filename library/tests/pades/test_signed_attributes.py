"""Holders of keys who want to see what they sign get the attributes, not only their digest."""

from datetime import datetime

import pytest
from paraph import pades
from paraph.algorithms import Digest
from paraph.errors import DigestMismatch
from paraph_testing import pdfs
from paraph_testing.pki import Pki


def test_their_digest_is_what_the_key_signs(pki: Pki, noon: datetime) -> None:
    pending = pades.prepare(pdfs.invoice(), pki.bob.certificate, at=noon)
    assert Digest.of(pades.signed_attributes(pending, pdfs.invoice())) == pending.digest


def test_they_are_given_for_the_document_that_was_prepared_only(pki: Pki, noon: datetime) -> None:
    pending = pades.prepare(pdfs.invoice(), pki.bob.certificate, at=noon)
    with pytest.raises(DigestMismatch):
        pades.signed_attributes(pending, pdfs.invoice(2))
