"""Jobs over REST. No decisions here."""

from django.http import HttpRequest
from django.utils import timezone
from ninja import Query, Router, Schema
from pydantic import Field

from paraph_server.accounts.api import caller
from paraph_server.jobs import actions, queries, schemas, shapes
from paraph_server.jobs.queries import JobStatus
from paraph_server.journal.actors import acting
from paraph_server.web.listing import Paging
from paraph_server.web.schemas import Page

router = Router(tags=["jobs"])


class JobListing(Paging):
    status: JobStatus | None = Field(None, description="Only those in this state.")
    kind: str = Field("", max_length=60, description="Only those of this kind, such as `signing.perform`.")


class RetryIn(Schema):
    kind: str = Field(max_length=60, description="Which of them, such as `signing.perform`.")


@router.get("/jobs", summary="Jobs that are not done", response=Page[schemas.Job])
def jobs(request: HttpRequest, listing: Query[JobListing]) -> Page[schemas.Job]:
    """Those of the caller's organisation; of every one where it operates the installation."""
    user, at = caller(request), timezone.now()
    found = queries.jobs(user, listing.status, kind=listing.kind, at=at)
    return listing.page_of(listing.sorted(found, {"id": "pk"}), lambda rows: shapes.jobs(user, rows, at=at))


@router.get("/jobs/summary", summary="How the workers are", response=schemas.JobSummary)
def summary(request: HttpRequest) -> schemas.JobSummary:
    return shapes.summary(caller(request), at=timezone.now())


@router.post("/jobs/retry", summary="Have the failed jobs of a kind done again", response=schemas.Retried)
def retry_kind(request: HttpRequest, payload: RetryIn) -> schemas.Retried:
    """Up to 5000 at once, the oldest first."""
    retried = actions.retry_kind(caller(request), payload.kind, by=acting(request), at=timezone.now())
    return {"retried": retried}


@router.get("/jobs/{job_id}", summary="A job that is not done", response=schemas.Job)
def job(request: HttpRequest, job_id: str) -> schemas.Job:
    user, at = caller(request), timezone.now()
    return shapes.jobs(user, [queries.job(user, job_id, at=at)], at=at)[0]


@router.post("/jobs/{job_id}/retry", summary="Have a job done now", response=schemas.Retried)
def retry(request: HttpRequest, job_id: str) -> schemas.Retried:
    """One that failed, or that was put off."""
    actions.retry(caller(request), job_id, by=acting(request), at=timezone.now())
    return {"retried": 1}
