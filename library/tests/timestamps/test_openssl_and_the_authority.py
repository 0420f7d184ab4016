"""OpenSSL asks, our authority answers, OpenSSL verifies; and whatever else is asked gets an answer, too."""

from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from asn1crypto import tsp
from hypothesis import given
from hypothesis import strategies as st
from paraph import timestamps
from paraph.algorithms import Digest, Hash
from paraph.formats import asn1
from paraph.timestamps import Authority
from paraph_testing.pki import TIMESTAMP_POLICY, Pki

LEASE = b"The lease"
GOOD = timestamps.request(Digest.of(LEASE), nonce=7)


@pytest.fixture(scope="session")
def authority(pki: Pki) -> Authority:
    return Authority(pki.timestamping_unit, policy=TIMESTAMP_POLICY, accuracy=timedelta(milliseconds=1500))


@pytest.mark.parametrize("algorithm", list(Hash))
@pytest.mark.parametrize("options", [["-cert"], ["-cert", "-no_nonce"], ["-cert", "-tspolicy", TIMESTAMP_POLICY]])
def test_openssl_verifies_the_answer_to_its_own_question(
    authority: Authority,
    pki: Pki,
    tmp_path: Path,
    openssl: Callable[..., Any],
    pem: Callable[..., Path],
    algorithm: Hash,
    options: list[str],
) -> None:
    data, query, answer = tmp_path / "lease", tmp_path / "query", tmp_path / "answer"
    data.write_bytes(LEASE)
    openssl("ts", "-query", "-data", data, f"-{algorithm.value}", *options, "-out", query)
    answer.write_bytes(authority.respond(query.read_bytes(), at=pki.at, serial=42))
    judged = openssl(
        *("ts", "-verify", "-queryfile", query, "-in", answer, "-attime", int(pki.at.timestamp())),
        *("-CAfile", pem("root.pem", pki.root.certificate), "-untrusted", pem("chain.pem", pki.issuing.certificate)),
    )
    assert judged.stdout == "Verification: OK\n", judged.stderr


def test_a_token_without_certificates_has_none(authority: Authority, noon: datetime) -> None:
    asked = timestamps.request(Digest.of(LEASE), certificates=False)
    with_them = timestamps.token_of(authority.respond(GOOD, at=noon, serial=1), GOOD)
    without = timestamps.token_of(authority.respond(asked, at=noon, serial=1), asked)
    assert len(without) < len(with_them) - 500


def refused(response: bytes) -> str:
    """The words of a refusal, as somebody else's parser reads it; a token, even one, fails the test."""
    (member,) = asn1.members(asn1.whole(response, asn1.SEQUENCE))
    status = tsp.PKIStatusInfo.load(asn1.tlv(*member), strict=True)
    assert status["status"].native == "rejection"
    (reason,) = status["fail_info"].native
    return str(reason)


@given(st.binary(max_size=300))
def test_any_bytes_get_a_refusal_that_can_be_read(authority: Authority, noon: datetime, noise: bytes) -> None:
    assert refused(authority.respond(noise, at=noon, serial=1))


@given(st.data())
def test_a_damaged_question_gets_a_token_or_a_refusal(
    authority: Authority, noon: datetime, data: st.DataObject
) -> None:
    place = data.draw(st.integers(0, len(GOOD) - 1))
    damaged = GOOD[:place] + data.draw(st.binary(max_size=4)) + GOOD[data.draw(st.integers(place, len(GOOD))) :]
    response = authority.respond(damaged, at=noon, serial=1)
    members = list(asn1.members(asn1.whole(response, asn1.SEQUENCE)))
    if len(members) == 1:
        assert refused(response)
    else:
        assert timestamps.algorithm_of(asn1.tlv(*members[1])) is Hash.SHA256


MD5 = asn1.sequence(asn1.sequence(asn1.oid("1.2.840.113549.2.5"), asn1.tlv(asn1.NULL)), asn1.octets(bytes(16)))
SHORT = asn1.sequence(asn1.sequence(asn1.oid(Hash.SHA256.oid)), asn1.octets(bytes(20)))
IMPRINT = asn1.sequence(asn1.sequence(asn1.oid(Hash.SHA256.oid)), asn1.octets(bytes(32)))
ONE = asn1.integer(1)


@pytest.mark.parametrize(
    ("question", "reason"),
    [
        (asn1.sequence(ONE, MD5), "bad_alg"),
        (asn1.sequence(ONE, SHORT), "bad_data_format"),
        (asn1.sequence(asn1.integer(2), IMPRINT), "bad_request"),
        (asn1.sequence(ONE), "bad_request"),
        (asn1.sequence(ONE, IMPRINT, asn1.oid("2.999.1")), "unaccepted_policy"),
        (asn1.sequence(ONE, IMPRINT, asn1.explicit(0, asn1.sequence())), "unaccepted_extensions"),
        (asn1.sequence(ONE, IMPRINT, asn1.tlv(asn1.INTEGER, bytes(33))), "bad_request"),
        (asn1.sequence(ONE, IMPRINT, asn1.octets(b"?")), "bad_request"),
        (asn1.sequence(ONE, IMPRINT) + b"more", "bad_data_format"),
    ],
)
def test_the_refusal_says_why(authority: Authority, noon: datetime, question: bytes, reason: str) -> None:
    """RFC 3161 §2.4.2."""
    assert refused(authority.respond(question, at=noon, serial=1)) == reason
