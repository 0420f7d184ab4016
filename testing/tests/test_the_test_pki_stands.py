import pytest
from paraph import certs
from paraph.algorithms import Digest
from paraph.errors import NoPath
from paraph.keys.file import FileSigner
from paraph.timestamps import verify
from paraph_testing.pki import Pki

PKI = Pki()
HOLDERS = [PKI.bob, PKI.carol, PKI.seal, PKI.rsa_seal, PKI.timestamping_unit, PKI.responder]


@pytest.mark.parametrize("holder", HOLDERS)
def test_everybody_leads_to_the_root(holder: FileSigner) -> None:
    certs.path(holder.certificate, intermediates=holder.chain, trusted=PKI.trusted, at=PKI.at)


def test_mallory_does_not() -> None:
    with pytest.raises(NoPath):
        certs.path(PKI.mallory.certificate, intermediates=PKI.mallory.chain, trusted=PKI.trusted, at=PKI.at)


def test_its_time_stamps_hold() -> None:
    digest = Digest.of(b"hello")
    assert verify(PKI.timestamper().timestamp(digest), digest, trusted=PKI.trusted).time == PKI.at
