from asgiref.sync import async_to_sync
from django.db import connection
from paraph_server.journal.tasks import SILENCE, reap
from procrastinate.contrib.django.models import ProcrastinateJob


def job_of_a_worker_silent_for(seconds: float) -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO procrastinate_workers (last_heartbeat) VALUES (now() - %s * interval '1 second') RETURNING id",
            [seconds],
        )
        (worker,) = cursor.fetchone()
        cursor.execute(
            "INSERT INTO procrastinate_jobs (queue_name, task_name, args, status, worker_id)"
            " VALUES ('default', 'sign', '{}', 'doing', %s) RETURNING id",
            [worker],
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
