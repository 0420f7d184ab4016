"""A refusal carries no token, and its reason reaches the person who asked."""

from datetime import UTC, datetime, timedelta

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from paraph import pki, timestamps
from paraph.algorithms import Digest
from paraph.errors import BrokenToken, Refused
from paraph.keys.file import FileSigner
from paraph.pki import LegalSubject
from paraph.timestamps import Authority, Failure

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
LEASE = Digest.of(b"The lease")


@pytest.fixture(scope="module")
def authority() -> Authority:
    key = ec.generate_private_key(ec.SECP256R1())
    subject = LegalSubject("Unit", "FR", "NTRFR-1")
    certificate = pki.self_issue(pki.profiles.root(), subject, key, serial=1, at=NOON, validity=timedelta(days=1))
    return Authority(FileSigner(key, certificate), policy="2.999.1", accuracy=timedelta(seconds=1))


@pytest.mark.parametrize("failure", list(Failure))
def test_the_authoritys_words_are_passed_on(authority: Authority, failure: Failure) -> None:
    with pytest.raises(Refused, match=failure.name.replace("_", " ").lower()):
        timestamps.token_of(authority.refuse(failure), timestamps.request(LEASE))


@pytest.mark.parametrize("response", [b"", b"hello", b"\x30\x00", b"\x30\x05\x30\x03\x02\x01\x00", b"\x30\x80\x00\x00"])
def test_what_is_no_response_is_broken(response: bytes) -> None:
    with pytest.raises(BrokenToken):
        timestamps.token_of(response, timestamps.request(LEASE))
