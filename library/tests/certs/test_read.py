"""Certificates come as PEM, one or many, or as DER; anything else is said to be something else."""

import pytest
from cryptography.hazmat.primitives.serialization import Encoding
from hypothesis import given
from hypothesis import strategies as st
from paraph import certs
from paraph.errors import UnusableCertificate
from paraph_testing.pki import Pki


def test_der_holds_one(pki: Pki) -> None:
    assert certs.read(pki.root.certificate.public_bytes(Encoding.DER)) == [pki.root.certificate]


def test_pem_holds_many_in_their_order(pki: Pki) -> None:
    several = [pki.seal.certificate, *pki.seal.chain]
    assert certs.read(b"# ours\n" + b"".join(each.public_bytes(Encoding.PEM) for each in several)) == several


@given(st.binary() | st.binary().map(lambda noise: b"-----BEGIN CERTIFICATE-----\n" + noise))
def test_anything_else_is_refused(noise: bytes) -> None:
    with pytest.raises(UnusableCertificate):
        certs.read(noise)
