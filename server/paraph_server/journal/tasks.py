"""A promise outlives the process that made it: jobs of a worker that died are given to another."""

from procrastinate.contrib.django import app

HEARTBEAT = 2.0  # seconds between a worker's signs of life
SILENCE = 10.0  # seconds of silence after which it is taken for dead


@app.periodic(cron="* * * * * */5")
@app.task(queueing_lock="journal.tasks.reap")
async def reap(timestamp: int) -> None:  # noqa: ARG001 - every periodic task is given its time
    """Hand on what dead workers held; Procrastinate finds such jobs but leaves them (procrastinate#740)."""
    for job in await app.job_manager.get_stalled_jobs(seconds_since_heartbeat=SILENCE):
        await app.job_manager.retry_job(job)
