"""Of several time-stamp authorities the first that answers gives the token."""

import pytest
from paraph import timestamps
from paraph.algorithms import Digest
from paraph.certs import TrustStore
from paraph.errors import InputError, Refused, Unavailable
from paraph.timestamps import HttpTimestamper, Providers
from paraph.timestamps import providers as module
from paraph_testing.pki import Pki

DIGEST = Digest.of(b"The lease")
DEAD = "http://127.0.0.1:9/tsa?key=secret"


class Refusing:
    """An authority that says no, and counts how often it was asked."""

    asked = 0

    def timestamp(self, _: Digest) -> bytes:
        self.asked += 1
        raise Refused("The time-stamp authority refused: time not available.")

    def __str__(self) -> str:
        return "tsa.example.org"


def test_the_second_answers_when_the_first_does_not(pki: Pki, trusted: TrustStore) -> None:
    token = Providers([HttpTimestamper(DEAD), Refusing(), pki.timestamper()]).timestamp(DIGEST)
    assert timestamps.verify(token, DIGEST, trusted=trusted).time == pki.at


def test_one_that_failed_is_asked_last_for_a_minute(pki: Pki, monkeypatch: pytest.MonkeyPatch) -> None:
    now = 1000.0
    monkeypatch.setattr(module.time, "monotonic", lambda: now)
    refusing = Refusing()
    providers = Providers([refusing, pki.timestamper()])
    for _ in range(3):
        providers.timestamp(DIGEST)
    assert refusing.asked == 1
    now += 61
    providers.timestamp(DIGEST)
    assert refusing.asked == 2


def test_when_all_fail_each_is_named_with_its_reason() -> None:
    with pytest.raises(Unavailable) as failure:
        Providers([HttpTimestamper(DEAD), Refusing()]).timestamp(DIGEST)
    assert "127.0.0.1: " in str(failure.value)
    assert "tsa.example.org: The time-stamp authority refused" in str(failure.value)
    assert "secret" not in str(failure.value)


def test_no_provider_at_all_is_refused_at_once() -> None:
    with pytest.raises(InputError, match="No time-stamp authority"):
        Providers([])
