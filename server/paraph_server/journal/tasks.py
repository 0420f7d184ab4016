"""A promise outlives the process that made it: jobs of a worker that died are given to another."""

import logging

from procrastinate.contrib.django import app
from procrastinate.exceptions import ConnectorException

from paraph_server.journal.queue import Queue

logger = logging.getLogger(__name__)

HEARTBEAT = 2.0  # seconds between a worker's signs of life
SILENCE = 10.0  # seconds of silence after which it is taken for dead


@app.periodic(cron="* * * * * */5")
@app.task(queueing_lock="journal.tasks.reap")
async def reap(timestamp: int) -> None:  # noqa: ARG001 - every periodic task is given its time
    """Hand on what dead workers held; Procrastinate finds such jobs but leaves them (procrastinate#740)."""
    queue = Queue(app.connector)
    for job in await queue.get_stalled_jobs(seconds_since_heartbeat=SILENCE):
        try:
            await queue.retry_job(job)
        except ConnectorException:
            logger.info("Job %s was handed on, or done, by another worker.", job.id)
