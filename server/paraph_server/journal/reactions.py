"""What happens because something happened: the way up, where imports point down.

A lower domain records an event; a task of a higher one reacts to it::

    @reacts_to("workflow:signed")
    @app.task
    def prove(tenant_id: str, subject: str, entry_id: str) -> None: ...

The task is deferred in the transaction of the entry: if that is rolled back, nothing was ever asked for.
"""

from collections import defaultdict
from collections.abc import Callable, Sequence
from typing import Any

from procrastinate import BaseRetryStrategy, RetryDecision
from procrastinate.jobs import Job
from procrastinate.tasks import Task

from paraph_server.journal.models import Entry

_tasks: dict[str, list[Task[Any, Any, Any]]] = defaultdict(list)


LONGEST_PAUSE = 600  # seconds


class Patience(BaseRetryStrategy):
    """Ever more slowly, and without end: what people have done is not given up."""

    def get_retry_decision(self, *, exception: BaseException, job: Job) -> RetryDecision:  # noqa: ARG002  whatever it is
        return RetryDecision(retry_in={"seconds": min(2 ** min(job.attempts, 16), LONGEST_PAUSE)})


def reacts_to(*events: str) -> Callable[[Task[Any, Any, Any]], Task[Any, Any, Any]]:
    """Have a task done, with `tenant_id`, `subject` and `entry_id`, whenever one of these events is recorded."""

    def register(task: Task[Any, Any, Any]) -> Task[Any, Any, Any]:
        for event in events:
            _tasks[event].append(task)
        return task

    return register


def jobs(entries: Sequence[Entry]) -> list[Job]:
    """Everything that reacts to some entries."""
    return [
        task.configure().make_new_job(tenant_id=entry.tenant_id, subject=entry.subject, entry_id=entry.pk)
        for entry in entries
        for task in _tasks.get(entry.event, ())
    ]
