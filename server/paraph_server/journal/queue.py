"""The queue of jobs, where one of a kind may wait already."""

from typing import Any

from procrastinate.exceptions import UniqueViolation
from procrastinate.jobs import Job, Status
from procrastinate.manager import JobManager


class Queue(JobManager):
    """Procrastinate's, which loses a job that is queued again while another one with its queueing lock waits."""

    async def retry_job(self, job: Job, *args: Any, **options: Any) -> None:
        """Queue a job again, or drop it where the same is queued already."""
        try:
            await super().retry_job(job, *args, **options)
        except UniqueViolation:
            await self.finish_job(job, status=Status.FAILED, delete_job=True)
