"""Jobs as the REST API writes them."""

from typing import Annotated

from pydantic import Field
from typing_extensions import TypedDict

from paraph_server.accounts.schemas import TenantId
from paraph_server.jobs.queries import JobStatus
from paraph_server.web.schemas import Milliseconds

Kind = Annotated[str, Field(description="What is to be done.", examples=["signing.perform"])]
Title = Annotated[str, Field(description="The same for people.", examples=["Make a signature"])]


class Job(TypedDict):
    """Something that a worker does, or could not do."""

    id: Annotated[str, Field(description="The id of a job.", examples=["job_4711"], pattern="^job_[0-9]+$")]
    tenantId: TenantId | None
    kind: Kind
    title: Title
    status: JobStatus
    subject: Annotated[
        str | None, Field(description="The id of what it is about.", examples=["wfl_2vPzkWqD7xYhLmRt5cNb8gJs"])
    ]
    attempts: Annotated[int, Field(description="How often it was tried in vain.", examples=[3])]
    created: Milliseconds | None
    started: Annotated[Milliseconds | None, Field(description="When it was begun the last time.")]
    scheduled: Annotated[Milliseconds | None, Field(description="When it is due, where it was put off.")]
    workerId: Annotated[int | None, Field(description="Which worker does it.", examples=[12])]
    reason: Annotated[
        str | None,
        Field(description="Why it failed the last time.", examples=["Unavailable: the service does not answer"]),
    ]


class JobCounts(TypedDict):
    """How many jobs are in each state."""

    waiting: int
    running: int
    scheduled: int
    failed: int


class FailedKind(TypedDict):
    """A kind of job that fails."""

    kind: Kind
    title: Title
    jobs: Annotated[int, Field(description="How many of the last 10 000 that failed.", examples=[2])]


class Worker(TypedDict):
    """A process that does jobs."""

    id: Annotated[int, Field(examples=[12])]
    heard: Annotated[Milliseconds, Field(description="Its last sign of life.")]
    isAlive: bool
    jobs: Annotated[int, Field(description="What it has in hand.", examples=[1])]


class Clockwork(TypedDict):
    """What is done again and again by itself."""

    kind: Kind
    title: Title
    cron: Annotated[str, Field(examples=["*/5 * * * *"])]
    last: Milliseconds | None
    next: Milliseconds | None


class JobSummary(TypedDict):
    """How the workers are. Those and the clockwork are shown to who operates the installation."""

    counts: JobCounts
    failedKinds: list[FailedKind]
    workers: list[Worker]
    clockwork: list[Clockwork]


class Retried(TypedDict):
    """What came of it."""

    retried: Annotated[int, Field(description="How many are done again; call again for more.", examples=[2])]
