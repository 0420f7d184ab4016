"""Many at once, and kill -9: a person's key signs exactly one set of digests, whatever happens."""

import threading
import uuid
from base64 import b64encode
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from hashlib import sha256
from http.client import HTTPException
from typing import Any

import psycopg
import pytest
from live import Service
from paraph_trust.log.actions import CHAIN_LOCK

SHA256 = "2.16.840.1.101.3.4.2.1"
BOB = {"givenName": "Bob", "surname": "Durand", "country": "FR", "serialNumber": "IDCFR-1"}


def issue(service: Service, request_id: str | None = None) -> str:
    request = {"requestID": request_id or uuid.uuid4().hex, "subject": BOB, "validity": 3600}
    status, answer = service.post("credentials/issue", request)
    assert status == 200, answer
    return str(answer["credentialID"])


def authorised(service: Service, credential: str, text: str) -> dict[str, Any]:
    digest = b64encode(sha256(text.encode()).digest()).decode()
    request = {"credentialID": credential, "hashes": [digest], "hashAlgorithmOID": SHA256}
    status, answer = service.post("credentials/authorize", request | {"numSignatures": 1})
    assert status == 200, answer
    return request | {"SAD": answer["SAD"], "signAlgo": "1.2.840.10045.4.3.2"}


def at_once(calls: list[Callable[[], Any]]) -> list[Any]:
    """Run calls in threads that all wait for the same gate."""
    gate = threading.Barrier(len(calls))

    def run(call: Callable[[], Any]) -> Any:
        gate.wait()
        return call()

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(run, calls))


def test_the_same_signature_asked_for_at_once_is_made_once(service: Service) -> None:
    request = authorised(service, issue(service), "lease")
    answers = at_once([lambda: service.post("signatures/signHash", request)] * 8)
    assert {status for status, _ in answers} == {200}
    assert len({tuple(answer["signatures"]) for _, answer in answers}) == 1


def test_of_different_digests_at_once_only_one_is_signed(service: Service) -> None:
    credential = issue(service)
    requests = [authorised(service, credential, f"lease {number}") for number in range(8)]
    answers = at_once([lambda request=request: service.post("signatures/signHash", request) for request in requests])
    assert sorted(status for status, _ in answers) == [200] + [400] * 7
    with psycopg.connect(service.database_url) as database:
        query = "SELECT count(*) FROM signing_authorisation WHERE credential_id = %s AND signed_at IS NOT NULL"
        assert database.execute(query, [credential]).fetchone() == (1,)


def test_one_certificate_asked_for_at_once_is_issued_once(service: Service) -> None:
    request = uuid.uuid4().hex
    credentials = at_once([lambda: issue(service, request)] * 8)
    assert len(set(credentials)) == 1


def test_time_stamps_at_once_have_different_serial_numbers(service: Service) -> None:
    request = {"hash": b64encode(bytes(32)).decode(), "hashAlgorithmOID": SHA256}
    answers = at_once([lambda: service.post("signatures/timestamp", request)] * 8)
    assert len({answer["timestamp"] for _, answer in answers}) == 8


def test_killed_between_signing_and_writing_down_nothing_was_signed(service: Service) -> None:
    """The signature exists, its log entry waits for the chain, and the process dies: none of it ever happened."""
    credential = issue(service)
    request = authorised(service, credential, "lease")
    with psycopg.connect(service.database_url, autocommit=True) as database, ThreadPoolExecutor(1) as pool:
        database.execute("SELECT pg_advisory_lock(%s)", [CHAIN_LOCK])
        asking = pool.submit(service.post, "signatures/signHash", request)
        waiting = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted"
        while database.execute(waiting).fetchone() != (1,):
            assert not asking.done()
        service.kill()
        database.execute("SELECT pg_advisory_unlock(%s)", [CHAIN_LOCK])
        with pytest.raises((OSError, HTTPException)):
            asking.result()
        query = "SELECT wrapped_key IS NULL, destroyed_at FROM signing_credential WHERE id = %s"
        assert database.execute(query, [credential]).fetchone() == (False, None)
    service.start()
    assert service.post("signatures/signHash", request)[0] == 200


@pytest.mark.parametrize("delay", [0.0, 0.002, 0.004, 0.008, 0.015])
def test_a_killed_service_signs_once(service: Service, delay: float) -> None:
    """Killed at some point of signing, started again, asked again: one signature, the same to everyone who asks."""
    credential = issue(service)
    request = authorised(service, credential, "lease")
    before: list[Any] = []

    def sign() -> None:
        with suppress(OSError, HTTPException):  # the service may die on the way
            before.append(service.post("signatures/signHash", request))

    asking = threading.Thread(target=sign)
    asking.start()
    asking.join(delay)
    service.kill()
    asking.join()
    service.start()

    status, after = service.post("signatures/signHash", request)
    assert status == 200
    if before:
        assert before[0] == (status, after)
    assert service.post("signatures/signHash", authorised(service, credential, "lease")) == (status, after)
    with psycopg.connect(service.database_url) as database:
        query = "SELECT event FROM log_entry WHERE subject = %s ORDER BY sequence"
        assert database.execute(query, [credential]).fetchall() == [("key:created",), ("key:used",), ("key:destroyed",)]


def test_serial_numbers_rise_across_kill_and_start(service: Service) -> None:
    def serial() -> int:
        with psycopg.connect(service.database_url) as database:
            row = database.execute("SELECT last_value FROM timestamping_serial").fetchone()
        assert row
        return int(row[0])

    request = {"hash": b64encode(bytes(32)).decode(), "hashAlgorithmOID": SHA256}
    assert service.post("signatures/timestamp", request)[0] == 200
    before = serial()
    service.kill()
    service.start()
    assert service.post("signatures/timestamp", request)[0] == 200
    assert serial() > before
