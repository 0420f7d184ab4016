"""Pause, resume, cancel, try again: no row is sent twice, and none is lost."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone
from paraph_server.accounts.tenancy import tenant_context
from paraph_server.bulk import actions
from paraph_server.bulk.models import BulkSend, Row
from paraph_server.workflows.models import Workflow
from paraph_testing.program import Program

Checked = Callable[..., dict[str, Any]]


def rows(count: int) -> list[list[str]]:
    return [[f"Durand{n}", "Bob", f"bob{n}@example.org", f"{n}"] for n in range(1, count + 1)]


@pytest.fixture
def started(api: Program, checked: Checked, as_csv: Any) -> Callable[[int], str]:
    """Started, and not yet in a worker's hands."""

    def started(count: int) -> str:
        found = checked(as_csv(rows(count)))
        assert api("PATCH", f"bulkSends/{found['id']}", {"status": "started"}).status_code == 200
        return str(found["id"])

    return started


def test_it_goes_on_where_it_stopped(api: Program, started: Callable[[int], str], run_jobs: Any) -> None:
    path = f"bulkSends/{(found := started(3))}"
    actions.Work(found).send_next(at=timezone.now())
    assert api("PATCH", path, {"status": "paused"}).json()["status"] == "paused"
    run_jobs()
    assert Workflow.objects.count() == 1
    assert api("PATCH", path, {"status": "started"}).json()["status"] == "started"
    run_jobs()
    run_jobs()
    assert api("GET", path).json()["status"] == "finished"
    assert sorted(Workflow.objects.values_list("name", flat=True)) == ["Contrat 1", "Contrat 2", "Contrat 3"]


def test_what_is_cancelled_sends_nothing_more(api: Program, started: Callable[[int], str], run_jobs: Any) -> None:
    path = f"bulkSends/{(found := started(3))}"
    actions.Work(found).send_next(at=timezone.now())
    api("PATCH", path, {"status": "cancelled"})
    run_jobs()
    assert Workflow.objects.count() == 1
    refused = api("PATCH", path, {"status": "started"})
    assert (refused.status_code, refused.json()["code"]) == (409, "BulkSendState")


def test_a_row_that_fails_holds_up_nobody_and_is_tried_again(
    api: Program, started: Callable[[int], str], run_jobs: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, create = f"bulkSends/{started(3)}", actions.templates.use

    def use(content: Any, columns: Any, facts: Any, **more: Any) -> Any:
        if facts.values["reference"] == "2":
            raise RuntimeError("the disk is full")
        return create(content, columns, facts, **more)

    with monkeypatch.context() as patched:
        patched.setattr(actions.templates, "use", use)
        run_jobs()
    counted = api("GET", path).json()
    assert (counted["status"], counted["done"], counted["failed"]) == ("finished", 2, 1)
    (row,) = api("GET", f"{path}/rows?items.state=failed").json()["items"]
    assert (row["number"], row["workflowId"]) == (3, None)
    assert row["faults"][0]["message"] == "Something went wrong on our side. It has been noted."
    assert api("POST", f"{path}/retry").status_code == 200
    run_jobs()
    assert api("GET", path).json()["done"] == 3
    assert Workflow.objects.count() == 3
    assert api("POST", f"{path}/retry").status_code == 409


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_send_each_row_once(started: Callable[[int], str], alice: Any) -> None:
    found = started(12)

    def work() -> None:
        try:
            with tenant_context(alice.tenant_id):
                worker = actions.Work(found)
                while worker.send_next(at=timezone.now()):
                    pass
        finally:
            connection.close()

    with ThreadPoolExecutor() as together:
        for each in [together.submit(work) for _ in range(3)]:
            each.result()
    actions.Work(found).send_next(at=timezone.now())
    assert BulkSend.objects.get().finished_at
    assert Row.objects.filter(state=Row.State.DONE).count() == Workflow.objects.count() == 12
    assert Workflow.objects.values("name").distinct().count() == 12
