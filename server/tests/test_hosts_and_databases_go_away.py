"""A worker is killed within a seal, another host stands still in mid-job, PostgreSQL is restarted: nothing is lost."""

import json
import os
import signal
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote

import httpx2
import psycopg
import pytest
from paraph import pades
from paraph_testing import crash, pdfs, postgres
from paraph_testing.demo import Child, Platform, Ports
from paraph_testing.listener import Listener

pytestmark = pytest.mark.platform

PATIENCE = 240.0
LONGEST_ANSWER = 60.0  # seconds: no request hangs
POINTS = [
    "paraph_server.sealing.actions:_sealed<",
    "paraph_server.sealing.actions:_seal>",
    "paraph_server.sealing.actions:_sealed>",
    "paraph_server.workflows.actions.turns:complete>",
    "paraph_server.sealing.actions:seal_step>",
]


@pytest.fixture(scope="module")
def platform() -> Iterator[Platform]:
    with tempfile.TemporaryDirectory(prefix="paraph-away-") as name, Platform(Path(name), Ports.free()) as running:
        worker = running.children["worker"]
        worker.command = [sys.executable, "-m", "paraph_testing.crash", *worker.command[2:]]
        yield running


@pytest.fixture
def api(platform: Platform) -> Iterator[httpx2.Client]:
    headers = {"Authorization": f"Bearer {platform.account.token}"}
    with httpx2.Client(base_url=f"{platform.url}/api/", headers=headers, timeout=LONGEST_ANSWER) as client:
        yield client


@pytest.fixture
def told(platform: Platform, api: httpx2.Client) -> Iterator[Listener]:
    """A program that hears of everything."""
    with Listener() as listener:
        tenant = api.get("users/me").json()["tenantId"]
        wanted = {"endpointUrl": listener.url, "isGlobal": True}
        webhook = api.post(f"tenants/{tenant}/webhooks", json=wanted).raise_for_status().json()["id"]
        yield listener
        api.delete(f"webhooks/{webhook}").raise_for_status()


@pytest.fixture
def second(platform: Platform) -> Iterator[Child]:
    """A worker on a second host."""
    worker = platform.children["worker"]
    other = Child("second", [sys.executable, "-m", "paraph_server", "worker"], worker.environment, worker.log)
    yield other
    other.ask_to_stop()
    other.stop(time.monotonic() + 10)


@pytest.mark.parametrize("point", POINTS)
def test_the_worker_dies_within_a_seal(
    platform: Platform, api: httpx2.Client, told: Listener, tmp_path: Path, point: str
) -> None:
    worker = platform.children["worker"]
    with environment(worker, crash.environment(tmp_path, point)):
        workflow = send(api)
        wait_until(lambda: crash.happened(tmp_path, point), "nothing died: the test has missed its point")
        worker.kill()
        rows(platform, "UPDATE procrastinate_workers SET last_heartbeat = now() - interval '1 hour'")
        worker.start()
        sealed_once(platform, api, told, workflow)


@pytest.mark.parametrize("fate", [signal.SIGSTOP, signal.SIGKILL], ids=lambda fate: fate.name)
def test_another_host_takes_over(
    platform: Platform, api: httpx2.Client, told: Listener, second: Child, fate: signal.Signals
) -> None:
    """The first one is stopped while it waits for the trust service; brought back, it does nothing a second time."""
    first, trust = platform.children["worker"], platform.children["trust"]
    send_signal(trust, signal.SIGSTOP)
    try:
        workflow = send(api)
        doing = "SELECT id FROM procrastinate_jobs WHERE status = 'doing' AND task_name LIKE '%%sealing%%'"
        wait_until(lambda: rows(platform, doing), "the seal is not begun")
        time.sleep(1)
        send_signal(first, fate)
    finally:
        send_signal(trust, signal.SIGCONT)
    try:
        second.start()
        wait_until(lambda: finished(platform, workflow), "the second worker does not take over")
    finally:
        if fate == signal.SIGSTOP:
            send_signal(first, signal.SIGCONT)
        else:
            first.kill()
            first.start()
    sealed_once(platform, api, told, workflow)
    another = send(api)
    wait_until(lambda: finished(platform, another), "nothing goes on")
    assert all(each.process and each.process.poll() is None for each in (first, second))


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGQUIT], ids=["restart", "crash"])
def test_the_database_goes_away_and_comes_back(
    platform: Platform, api: httpx2.Client, told: Listener, how: signal.Signals
) -> None:
    """Server and worker go on by themselves; what was answered holds, what is asked meanwhile is answered soon."""
    programs = [platform.children[each] for each in ("server", "worker")]
    before = [each.process and each.process.pid for each in programs]
    cluster, sent, slowest, over = platform.folder / "postgres", [send(api)], [0.0], threading.Event()

    refusals = set[int]()

    def keep_sending() -> None:
        while not over.is_set():
            begun = time.monotonic()
            try:
                sent.append(send(api))
            except httpx2.HTTPStatusError as refused:
                refusals.add(refused.response.status_code)
                time.sleep(0.2)
            slowest[0] = max(slowest[0], time.monotonic() - begun)

    with ThreadPoolExecutor() as meanwhile:
        sending = meanwhile.submit(keep_sending)
        try:
            for _ in range(2):
                time.sleep(2)
                end(cluster, how)
                time.sleep(3)
                postgres.start(cluster)
            time.sleep(2)
        finally:
            over.set()
        sending.result()
    assert slowest[0] < LONGEST_ANSWER
    assert refusals <= {503}
    another = send(api)
    for workflow in [*sent, another]:
        wait_until(lambda workflow=workflow: finished(platform, workflow), f"{workflow} does not finish")
    assert [each.process and each.process.pid for each in programs] == before
    for workflow in (sent[0], another):
        sealed_once(platform, api, told, workflow)
    wait_until(
        lambda: not rows(platform, "SELECT id FROM procrastinate_jobs WHERE task_name NOT LIKE '%%.reap'"),
        "jobs are left over",
    )


# ---------------------------------------------------------------- what must hold


def sealed_once(platform: Platform, api: httpx2.Client, told: Listener, workflow: str) -> None:
    """One seal in the document, one entry of each kind in the journal, each event heard and the owner written to."""
    wait_until(lambda: finished(platform, workflow), f"{workflow} does not finish")
    [(document, digest)] = rows(
        platform,
        "SELECT document.id, encode(decode(part.hash, 'hex'), 'base64') FROM workflows_document document"
        " JOIN documents_part part ON document.current_id = part.id WHERE document.workflow_id = %s",
        workflow,
    )
    content = api.get(f"documents/{document}/parts/{quote(digest, safe='')}").raise_for_status().content
    assert len(list(pades.read(content))) == 1
    journal = rows(platform, "SELECT event FROM journal_entry WHERE subject = %s", workflow)
    happened = Counter(event for (event,) in journal)
    for event in ("workflow:started", "recipient:sealed", "workflow:signed", "workflow:finished"):
        assert happened[event] == 1, happened
    wait_until(lambda: Counter(heard(told, workflow)).keys() >= {"workflowStarted", "workflowFinished"}, "not told")
    messages = "SELECT count(*) FROM notifications_message WHERE about = %s AND kind = 'finished'"
    assert rows(platform, messages, workflow) == [(1,)]


def heard(told: Listener, workflow: str) -> list[str]:
    events = [json.loads(body) for _, body in list(told.heard)]
    return [each["eventType"] for each in events if each["workflowId"] == workflow]


def finished(platform: Platform, workflow: str) -> bool:
    found = rows(platform, "SELECT finished_at FROM workflows_workflow WHERE id = %s", workflow)
    return bool(found and found[0][0])


def send(api: httpx2.Client) -> str:
    """A workflow that only the organisation takes part in, started."""
    wanted = {"name": "Sealed", "steps": [{"stepType": "seal"}]}
    created = api.post("users/me/workflows", json=wanted).raise_for_status().json()["id"]
    profile = api.get("signatureProfiles").raise_for_status().json()["items"][0]["id"]
    files = [("files", ("one.pdf", pdfs.invoice()))]
    path = f"workflows/{created}"
    api.post(f"{path}/parts", params={"signatureProfileId": profile}, files=files).raise_for_status()
    api.patch(path, json={"workflowStatus": "started"}).raise_for_status()
    return str(created)


# ---------------------------------------------------------------- programs and database


@contextmanager
def environment(child: Child, more: dict[str, str]) -> Iterator[None]:
    """Run a program with more in its environment, and afterwards without."""
    before = child.environment
    restart(child, before | more)
    try:
        yield
    finally:
        restart(child, before)


def restart(child: Child, environment: dict[str, str]) -> None:
    child.ask_to_stop()
    child.stop(time.monotonic() + 10)
    child.environment = environment
    child.start()


def send_signal(child: Child, number: signal.Signals) -> None:
    assert child.process
    child.process.send_signal(number)


def end(cluster: Path, how: signal.Signals) -> None:
    """Stop PostgreSQL as its administrator does (SIGINT) or as a power cut does (SIGQUIT)."""
    os.kill(int((cluster / "postmaster.pid").read_text().split()[0]), how)


def rows(platform: Platform, query: str, *values: object) -> list[tuple[Any, ...]]:
    with psycopg.connect(postgres.url(platform.folder / "postgres"), autocommit=True) as connection:
        connection.execute("SELECT set_config('paraph.tenant', '*', false)")
        cursor = connection.execute(query, values)  # type: ignore[arg-type]  each query is written in this file
        return cursor.fetchall() if cursor.description else []


def wait_until(holds: Callable[[], object], otherwise: str) -> None:
    until = time.monotonic() + PATIENCE
    while not holds():
        assert time.monotonic() < until, otherwise
        time.sleep(0.1)
