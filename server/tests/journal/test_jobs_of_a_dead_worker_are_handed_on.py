import pytest
from asgiref.sync import async_to_sync
from django.db import connection
from paraph_server.journal.tasks import SILENCE, reap
from procrastinate.contrib.django.models import ProcrastinateJob


def job_of_a_worker_silent_for(seconds: float, queueing_lock: str | None = None) -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO procrastinate_workers (last_heartbeat) VALUES (now() - %s * interval '1 second') RETURNING id",
            [seconds],
        )
        (worker,) = cursor.fetchone()
        cursor.execute(
            "INSERT INTO procrastinate_jobs (queue_name, task_name, args, status, worker_id, queueing_lock)"
            " VALUES ('default', 'sign', '{}', 'doing', %s, %s) RETURNING id",
            [worker, queueing_lock],
        )
        (job,) = cursor.fetchone()
        return int(job)


def test_a_silent_worker_loses_its_jobs(db: None) -> None:
    job = job_of_a_worker_silent_for(SILENCE + 1)
    async_to_sync(reap.func)(timestamp=0)
    assert ProcrastinateJob.objects.get(pk=job).status == "todo"


def test_a_living_worker_keeps_them(db: None) -> None:
    job = job_of_a_worker_silent_for(1)
    async_to_sync(reap.func)(timestamp=0)
    assert ProcrastinateJob.objects.get(pk=job).status == "doing"


@pytest.mark.django_db(transaction=True)
def test_a_job_whose_like_is_queued_already_keeps_no_other_back() -> None:
    """Of those with a queueing lock one waits at most: the dead worker's is done by the one that waits."""
    like = job_of_a_worker_silent_for(SILENCE + 1, queueing_lock="webhook:wbh_1")
    other = job_of_a_worker_silent_for(SILENCE + 1)
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO procrastinate_jobs (queue_name, task_name, args, queueing_lock)"
            " VALUES ('default', 'sign', '{}', 'webhook:wbh_1') RETURNING id"
        )
        (waiting,) = cursor.fetchone()
    async_to_sync(reap.func)(timestamp=0)
    assert not ProcrastinateJob.objects.filter(pk=like).exists()
    assert ProcrastinateJob.objects.get(pk=waiting).status == ProcrastinateJob.objects.get(pk=other).status == "todo"
