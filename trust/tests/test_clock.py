"""A clock that jumps is not believed."""

from datetime import UTC, datetime, timedelta

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from paraph import pki, timestamps
from paraph.algorithms import Digest
from paraph.errors import Refused
from paraph.keys.file import FileSigner
from paraph.pki import LegalSubject
from paraph.timestamps import Authority
from paraph_trust.timestamping import actions
from paraph_trust.timestamping import clock as module
from paraph_trust.timestamping.clock import Clock, TimeNotAvailable

SUBJECT = LegalSubject("Unit", "FR", "NTRFR-1")
NOON, DAY = datetime(2026, 11, 23, 12, tzinfo=UTC), timedelta(days=1)


class Hands:
    """The two clocks of the machine, moved by hand."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.wall, self.steady = 1_800_000_000.0, 5_000.0
        monkeypatch.setattr(module.time, "time", lambda: self.wall)
        monkeypatch.setattr(module.time, "clock_gettime", lambda _: self.steady)

    def run(self, seconds: float) -> None:
        self.wall += seconds
        self.steady += seconds


@pytest.fixture
def hands(monkeypatch: pytest.MonkeyPatch) -> Hands:
    return Hands(monkeypatch)


@pytest.fixture
def clock(hands: Hands) -> Clock:
    return Clock(timedelta(seconds=1))


def test_a_steady_clock_tells_the_time(hands: Hands, clock: Clock) -> None:
    hands.run(3600)
    assert clock.now().timestamp() == hands.wall


@pytest.mark.parametrize("jump", [-2.0, 2.0])
def test_a_jump_stops_the_clock(hands: Hands, clock: Clock, jump: float) -> None:
    hands.wall += jump
    with pytest.raises(TimeNotAvailable):
        clock.now()
    hands.run(59)
    with pytest.raises(TimeNotAvailable):
        clock.now()


def test_meanwhile_requests_are_refused_in_the_protocols_words(
    hands: Hands, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    signer = FileSigner(key, pki.self_issue(pki.profiles.root(), SUBJECT, key, serial=1, at=NOON, validity=DAY))
    unit = Authority(signer, policy="2.999.1", accuracy=timedelta(seconds=1))
    monkeypatch.setattr(actions, "serving_unit", lambda *_, **__: "timestamping")
    monkeypatch.setattr(actions, "authority", lambda _: unit)
    monkeypatch.setattr(actions, "clock", lambda: clock)
    hands.wall += 2
    query = timestamps.request(Digest.of(b"The lease"))
    with pytest.raises(Refused, match="time not available"):
        timestamps.token_of(actions.respond(query), query)


def test_a_minute_of_steadiness_restores_it(hands: Hands, clock: Clock) -> None:
    hands.wall -= 2
    with pytest.raises(TimeNotAvailable):
        clock.now()
    hands.run(60)
    assert clock.now().timestamp() == hands.wall


def test_being_disciplined_within_the_accuracy_is_no_jump(hands: Hands, clock: Clock) -> None:
    for _ in range(10):
        hands.run(60)
        hands.wall += 0.5
        clock.now()
