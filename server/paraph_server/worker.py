"""The worker: Procrastinate's, on a connection of its own."""

from procrastinate import App
from procrastinate.contrib.django import app
from procrastinate.contrib.django.django_connector import DjangoConnector

from paraph_server.journal.tasks import HEARTBEAT, SILENCE


def work(*, jobs: int, until_idle: bool = False) -> None:
    """Do so many jobs at the same time, until SIGTERM or SIGINT, or until nothing is left to do."""
    _app().run_worker(
        concurrency=jobs,
        wait=not until_idle,
        fetch_job_polling_interval=2.0,  # new jobs are announced; this finds those whose time has come
        update_heartbeat_interval=HEARTBEAT,
        stalled_worker_timeout=SILENCE,
        delete_jobs="successful",
    )


def _app() -> App:
    """The same tasks on the worker's connection, while what a task defers stays in that task's own transaction.

    Not `app.replace_connector`: there, jobs would be seen, and done, before what they are about is.
    """
    working = App(connector=DjangoConnector().get_worker_connector())
    working.tasks, working.periodic_registry = app.tasks, app.periodic_registry
    return working
