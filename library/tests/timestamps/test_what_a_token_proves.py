"""A token proves a time for one document, by a unit that is trusted; nothing else, and nothing less."""

from datetime import datetime, timedelta

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from paraph import timestamps
from paraph.algorithms import Digest, Hash
from paraph.certs import TrustStore
from paraph.errors import BrokenToken, DigestMismatch, NoPath, ParaphError
from paraph.timestamps import Authority, LocalTimestamper
from paraph_testing.pki import TIMESTAMP_POLICY, Pki

LEASE = Digest.of(b"The lease")


@pytest.fixture(scope="session")
def token(pki: Pki) -> bytes:
    return pki.timestamper().timestamp(LEASE)


def test_it_proves_the_time_to_the_millisecond(pki: Pki, noon: datetime) -> None:
    at = noon + timedelta(milliseconds=120)
    found = timestamps.verify(pki.timestamper(at).timestamp(LEASE), LEASE, trusted=pki.trusted)
    assert (found.time, found.accuracy) == (at, timedelta(seconds=1))
    assert (found.policy, found.certificate) == (TIMESTAMP_POLICY, pki.timestamping_unit.certificate)


@pytest.mark.parametrize("algorithm", list(Hash))
def test_it_knows_its_digest_algorithm(pki: Pki, algorithm: Hash) -> None:
    digest = Digest.of(b"The lease", algorithm)
    token = pki.timestamper().timestamp(digest)
    assert timestamps.algorithm_of(token) is algorithm
    timestamps.verify(token, digest, trusted=pki.trusted)


@pytest.mark.parametrize("other", [Digest.of(b"Another lease"), Digest.of(b"The lease", Hash.SHA512)])
def test_it_says_nothing_of_another_document(pki: Pki, token: bytes, other: Digest) -> None:
    with pytest.raises(DigestMismatch):
        timestamps.verify(token, other, trusted=pki.trusted)


def test_a_unit_of_a_strange_hierarchy_proves_nothing(pki: Pki, noon: datetime, token: bytes) -> None:
    with pytest.raises(NoPath):
        timestamps.verify(token, LEASE, trusted=TrustStore((Pki(noon).root.certificate,)))


def test_a_seal_makes_no_time_stamps(pki: Pki, noon: datetime) -> None:
    """RFC 3161 §2.3: the purpose must stand in the certificate."""
    authority = Authority(pki.seal, policy=TIMESTAMP_POLICY, accuracy=timedelta(seconds=1))
    token = LocalTimestamper(authority, lambda: noon).timestamp(LEASE)
    with pytest.raises(NoPath, match="not a time-stamping unit"):
        timestamps.verify(token, LEASE, trusted=pki.trusted)


def test_a_time_outside_the_units_certificate_is_not_proved(pki: Pki, noon: datetime) -> None:
    token = pki.timestamper(noon + timedelta(days=5 * 365)).timestamp(LEASE)
    with pytest.raises(NoPath):
        timestamps.verify(token, LEASE, trusted=pki.trusted)


@given(st.data())
def test_a_damaged_token_is_refused(pki: Pki, token: bytes, data: st.DataObject) -> None:
    """Or it proves exactly what it did: a few bits beside what is signed may change and mean nothing."""
    place, value = data.draw(st.integers(0, len(token) - 1)), data.draw(st.integers(0, 255))
    assume(token[place] != value)
    damaged = token[:place] + bytes([value]) + token[place + 1 :]
    try:
        found = timestamps.verify(damaged, LEASE, trusted=pki.trusted)
    except ParaphError:
        return
    assert found == timestamps.verify(token, LEASE, trusted=pki.trusted)


@given(st.binary(max_size=200))
def test_any_bytes_are_said_to_be_no_token(pki: Pki, noise: bytes) -> None:
    with pytest.raises(BrokenToken):
        timestamps.verify(noise, LEASE, trusted=pki.trusted)
    with pytest.raises(BrokenToken):
        timestamps.algorithm_of(noise)


def test_the_answer_to_another_question_is_refused(pki: Pki, noon: datetime) -> None:
    """Mallory replays an older answer, or one for another document."""
    authority = Authority(pki.timestamping_unit, policy=TIMESTAMP_POLICY, accuracy=timedelta(seconds=1))
    asked, older = timestamps.request(LEASE, nonce=2), timestamps.request(LEASE, nonce=1)
    with pytest.raises(BrokenToken, match="nonce"):
        timestamps.token_of(authority.respond(older, at=noon, serial=1), asked)
    other = timestamps.request(Digest.of(b"Another lease"), nonce=2)
    with pytest.raises(DigestMismatch):
        timestamps.token_of(authority.respond(other, at=noon, serial=1), asked)
