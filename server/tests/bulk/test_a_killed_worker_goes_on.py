"""kill -9 of the worker in the middle of a bulk send: every row is sent, none twice."""

import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import httpx2
import psycopg
import pytest
from paraph_testing import crash, pdfs, postgres
from paraph_testing.demo import Platform, Ports

pytestmark = pytest.mark.platform

ROWS = 40
PATIENCE = 120.0
POINTS = [
    "paraph_server.bulk.actions:check>",
    "paraph_server.bulk.actions:_send>",
    "paraph_server.bulk.actions:Work._finish>",
]


@pytest.fixture(scope="module")
def platform() -> Iterator[Platform]:
    with tempfile.TemporaryDirectory(prefix="paraph-killed-") as name, Platform(Path(name), Ports.free()) as running:
        worker = running.children["worker"]
        worker.command = [sys.executable, "-m", "paraph_testing.crash", *worker.command[2:]]
        yield running


@pytest.mark.parametrize("point", POINTS)
def test_every_row_is_sent_once(platform: Platform, tmp_path: Path, point: str) -> None:
    restart(platform, crash.environment(tmp_path, point))
    headers = {"Authorization": f"Bearer {platform.account.token}"}
    with httpx2.Client(base_url=f"{platform.url}/api/", headers=headers, timeout=30) as api:
        path = f"bulkSends/{send(api, point)}"
        until = time.monotonic() + PATIENCE
        while (found := api.get(path).json())["status"] != "finished":
            assert time.monotonic() < until, found
            revive(platform)
            time.sleep(0.2)
        rows = api.get(f"{path}/rows", params={"itemsPerPage": 100}).json()["items"]
        names = api.get("workflows", params={"text": point, "itemsPerPage": 100}).json()
    assert crash.happened(tmp_path, point), "nothing died: the test has missed its point"
    assert (found["done"], len({row["workflowId"] for row in rows}), names["totalItems"]) == (ROWS, ROWS, ROWS)


def restart(platform: Platform, fate: dict[str, str]) -> None:
    """Let the worker die at a point."""
    worker = platform.children["worker"]
    worker.ask_to_stop()
    worker.stop(time.monotonic() + 10)
    worker.environment = {key: value for key, value in worker.environment.items() if not key.startswith("CRASH_")}
    worker.environment |= fate
    worker.start()


def revive(platform: Platform) -> None:
    """Start the worker again if it died, and let the time pass after which its work is given to others."""
    worker = platform.children["worker"]
    if worker.process and worker.process.poll() is not None:
        worker.kill()
        with psycopg.connect(postgres.url(platform.folder / "postgres"), autocommit=True) as connection:
            connection.execute("UPDATE procrastinate_workers SET last_heartbeat = now() - interval '1 hour'")
        worker.start()


def send(api: httpx2.Client, title: str) -> str:
    step = {"recipients": [{"role": "Employee"}], "maxInvites": 0}
    made = api.post("templates", json={"name": "Contract", "workflowName": f"{title} {{reference}}", "steps": [step]})
    template = f"templates/{made.raise_for_status().json()['id']}"
    profile = api.get("signatureProfiles").json()["items"][0]["id"]
    files = {"file": ("contract.pdf", pdfs.form())}
    api.post(f"{template}/parts", params={"signatureProfileId": profile}, files=files).raise_for_status()
    person = {"employee.lastName": "Durand", "employee.firstName": "Bob", "employee.email": "bob@example.org"}
    rows = [person | {"reference": f"{number}"} for number in range(ROWS)]
    given = api.post(f"{template}/bulkSends", params={"start": "true"}, json={"rows": rows})
    return str(given.raise_for_status().json()["id"])
