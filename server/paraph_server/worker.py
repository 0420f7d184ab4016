"""The worker: Procrastinate's, on connections of its own."""

import asyncio
import contextlib
import logging
from collections.abc import Iterator
from typing import Any

import psycopg
from asgiref.sync import sync_to_async
from django.db import close_old_connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.signals import connection_created
from procrastinate import App
from procrastinate.connector import Notify
from procrastinate.contrib.django import app
from procrastinate.contrib.django.db_cleanup import close_db_connections, close_db_connections_async
from procrastinate.contrib.django.utils import connector_params
from procrastinate.exceptions import ConnectorException
from procrastinate.psycopg_connector import PsycopgConnector
from procrastinate.signals import on_stop

from paraph_server.jobs.faults import noted
from paraph_server.journal.queue import Queue
from paraph_server.journal.tasks import HEARTBEAT, SILENCE

logger = logging.getLogger(__name__)

PATIENCE = 5.0
"""Seconds to wait for the database before it counts as gone."""
IDLE = "2min"
"""Longer than any endpoint or mail server is waited for."""
PAUSE = 1.0  # seconds before it is asked again


def work(*, jobs: int, until_idle: bool = False) -> None:
    """Do so many jobs at the same time, until SIGTERM or SIGINT, or until nothing is left to do.

    When the database goes away, nobody knows what it has kept of the jobs in hand. The worker waits until it answers
    and starts anew, under another number: what the old number held is handed on like the jobs of any dead worker.
    """
    connection_created.connect(_limit)
    try:
        asyncio.run(_work(jobs, until_idle=until_idle))
    finally:
        connection_created.disconnect(_limit)


def _limit(connection: BaseDatabaseWrapper, **_: object) -> None:
    """Have the database end a transaction of ours in which nothing happens: a host that stands still keeps no locks."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('idle_in_transaction_session_timeout', %s, false)", [IDLE])


async def _work(jobs: int, *, until_idle: bool) -> None:
    stopping = asyncio.Event()
    with on_stop(stopping.set):
        while await _work_under_one_number(jobs, stopping, until_idle=until_idle):
            logger.warning("The database does not answer; the worker starts anew.")
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(stopping.wait(), PAUSE)


async def _work_under_one_number(jobs: int, stopping: asyncio.Event, *, until_idle: bool) -> bool:
    """Work until told to stop or until the database is lost; whether to start anew."""
    if stopping.is_set():
        return False
    connector = _Connector(kwargs=connector_params(), timeout=PATIENCE)
    try:
        await sync_to_async(close_old_connections)()  # clockwork is deferred on one, in a thread of its own
        async with _app(connector).open_async() as working:
            working_until = [
                asyncio.create_task(_run(working, jobs, until_idle=until_idle)),
                asyncio.create_task(connector.lost.wait()),
                asyncio.create_task(stopping.wait()),
            ]
            await asyncio.wait(working_until, return_when=asyncio.FIRST_COMPLETED)
            for each in working_until:
                each.cancel()  # the worker finishes what it has begun
            with contextlib.suppress(asyncio.CancelledError):
                await working_until[0]
    except (ConnectorException, psycopg.Error):
        logger.info("The worker could not go on.", exc_info=True)
        return True
    return connector.lost.is_set() or not (stopping.is_set() or until_idle)


async def _run(working: App, jobs: int, *, until_idle: bool) -> None:
    await working.run_worker_async(
        concurrency=jobs,
        wait=not until_idle,
        fetch_job_polling_interval=2.0,  # new jobs are announced; this finds those whose time has come
        update_heartbeat_interval=HEARTBEAT,
        stalled_worker_timeout=SILENCE,
        delete_jobs="successful",
        install_signal_handlers=False,
        task_middleware=[close_db_connections, close_db_connections_async, noted],
    )


class _Connector(PsycopgConnector):
    """Procrastinate's, which tells when a question was not answered: what the worker asked for may be done or not."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.lost = asyncio.Event()

    @contextlib.contextmanager
    def _watching(self) -> Iterator[None]:
        try:
            yield
        except ConnectorException as error:
            if isinstance(error.__cause__, psycopg.OperationalError | psycopg.InterfaceError):
                self.lost.set()
            raise

    async def execute_query_async(self, query: Any, **arguments: Any) -> None:
        with self._watching():
            await super().execute_query_async(query, **arguments)

    async def execute_query_one_async(self, query: Any, **arguments: Any) -> dict[str, Any]:
        with self._watching():
            found: dict[str, Any] = await super().execute_query_one_async(query, **arguments)
        return found

    async def execute_query_all_async(self, query: Any, **arguments: Any) -> list[dict[str, Any]]:
        with self._watching():
            found: list[dict[str, Any]] = await super().execute_query_all_async(query, **arguments)
        return found

    async def listen_notify(self, on_notification: Notify, channels: Any) -> None:
        with self._watching():
            await super().listen_notify(on_notification, channels)


def _app(connector: PsycopgConnector) -> App:
    """The same tasks on the worker's connections, while what a task defers stays in that task's own transaction.

    Not `app.replace_connector`: there, jobs would be seen, and done, before what they are about is.
    """
    working = App(connector=connector)
    working.tasks, working.periodic_registry = app.tasks, app.periodic_registry
    working.job_manager = Queue(connector)
    return working
