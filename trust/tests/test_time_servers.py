"""A clock that does not agree with the time servers makes no time-stamps, and the service says why."""

import json
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import psycopg
import pytest
from conftest import PASSPHRASE, Database
from live import CEREMONY, Service, free_port
from paraph import timestamps
from paraph.algorithms import Digest
from paraph.errors import Refused
from paraph_testing.ntp import TimeServer
from paraph_trust.errors import NotReady
from paraph_trust.timestamping import ntp
from paraph_trust.timestamping import reference as module
from paraph_trust.timestamping.reference import STALE, Reference


@pytest.fixture
def servers() -> Iterator[list[TimeServer]]:
    with ExitStack() as stack:
        yield [stack.enter_context(TimeServer()) for _ in range(3)]


def compared(servers: list[TimeServer]) -> Reference:
    reference = Reference([each.address for each in servers], accuracy=1.0)
    reference.compare()
    return reference


def test_a_servers_time_is_compared_with_ours(servers: list[TimeServer]) -> None:
    servers[0].ahead = 7.5
    found = ntp.ask(servers[0].address)
    assert found.seconds == pytest.approx(7.5, abs=0.1)
    assert 0 <= found.uncertainty < 0.1


def test_a_clock_that_agrees_is_believed(servers: list[TimeServer]) -> None:
    compared(servers).check()


def test_one_liar_is_outvoted_and_two_are_not(servers: list[TimeServer]) -> None:
    servers[0].ahead = 3600
    compared(servers).check()
    servers[1].ahead = 3600
    with pytest.raises(NotReady, match="ahead of the time servers"):
        compared(servers).check()


def test_a_clock_that_is_right_again_is_believed_again(servers: list[TimeServer]) -> None:
    for each in servers:
        each.ahead = 5
    reference = compared(servers)
    with pytest.raises(NotReady):
        reference.check()
    for each in servers:
        each.ahead = 0
    reference.compare()
    reference.check()


def test_silence_is_borne_for_a_while(servers: list[TimeServer], monkeypatch: pytest.MonkeyPatch) -> None:
    reference = compared(servers)
    for each in servers[:2]:
        each.stratum = 0  # says that it does not know the time
    reference.compare()
    reference.check()
    later = module._steady() + STALE + 1
    monkeypatch.setattr(module, "_steady", lambda: later)
    with pytest.raises(NotReady, match="ten minutes"):
        reference.check()


def test_without_any_answer_there_is_no_time() -> None:
    reference = Reference(["127.0.0.1:9"], accuracy=1.0)
    reference.compare()
    with pytest.raises(NotReady, match="not compared"):
        reference.check()


class Forger(TimeServer):
    def answer(self, question: bytes) -> bytes:
        answer = bytearray(super().answer(question))
        answer[24:32] = bytes(8)  # it has not seen the question
        return bytes(answer)


def test_an_answer_to_another_question_is_none() -> None:
    with Forger() as forger, pytest.raises(NotReady, match="another question"):
        ntp.ask(forger.address)


def test_the_service_refuses_and_says_why(tmp_path: Path, database: Database, servers: list[TimeServer]) -> None:
    for each in servers:
        each.ahead = -30
    addresses = ", ".join(each.address for each in servers)
    service = Service(tmp_path, database(), free_port(), options={"PARAPH_TRUST_TIME_SERVERS": addresses})
    (tmp_path / "passphrase").write_text(PASSPHRASE)
    assert service.run("ceremony", str(CEREMONY)).returncode == 0
    service.start(healthy=False)
    try:
        with pytest.raises(urllib.error.HTTPError) as unwell:
            urllib.request.urlopen(f"{service.url}/health")
        assert unwell.value.code == 503
        assert "ahead of the time servers" in json.load(unwell.value)["error_description"]
        question = timestamps.request(Digest.of(b"The lease"))
        asked = urllib.request.Request(f"{service.url}/tsa", question, {"Content-Type": "application/timestamp-query"})
        with urllib.request.urlopen(asked) as answer, pytest.raises(Refused, match="time not available"):
            timestamps.token_of(answer.read(), question)
        with psycopg.connect(service.database_url) as connection:
            assert connection.execute("SELECT count(*) FROM timestamping_token").fetchone() == (0,)
    finally:
        service.stop()
