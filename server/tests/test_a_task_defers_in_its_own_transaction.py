from collections.abc import Iterator

import pytest
from asgiref.sync import SyncToAsync
from django.db import connections, transaction
from paraph_server import worker
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob

done: list[str] = []


@pytest.fixture
def tasks() -> Iterator[None]:
    """A task that asks for another one within a transaction, which it then commits or not."""

    @app.task(name="tests.follow")
    def follow() -> None:
        done.append("follow")

    @app.task(name="tests.lead")
    @transaction.atomic
    def lead(*, fails: bool) -> None:
        done.append("lead")
        follow.defer()
        if fails:
            raise ZeroDivisionError

    yield
    done.clear()
    SyncToAsync.single_thread_executor.submit(connections.close_all).result()  # the worker's, for periodic tasks
    del app.tasks["tests.lead"], app.tasks["tests.follow"]


@pytest.mark.django_db(transaction=True)
def test_what_a_task_asked_for_is_done_after_it(tasks: None) -> None:
    app.configure_task("tests.lead").defer(fails=False)
    worker.work(jobs=2, until_idle=True)
    assert done == ["lead", "follow"]


@pytest.mark.django_db(transaction=True)
def test_what_a_failing_task_asked_for_is_never_done(tasks: None) -> None:
    app.configure_task("tests.lead").defer(fails=True)
    worker.work(jobs=2, until_idle=True)
    assert done == ["lead"]
    assert not ProcrastinateJob.objects.filter(task_name="tests.follow").exists()
