"""The page of jobs, for those who operate the platform. No decisions here."""

import contextlib
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from paraph_server.accounts.api import caller
from paraph_server.accounts.guards import needs
from paraph_server.accounts.rights import Right
from paraph_server.jobs import actions, queries, schemas, shapes
from paraph_server.jobs.errors import NoSuchJob, NothingToRetry
from paraph_server.jobs.queries import JobStatus
from paraph_server.journal.actors import acting
from paraph_server.web.listing import Pages
from paraph_server.web.moments import moment

PER_PAGE = 25


@needs(Right.OPERATE)
@require_safe
def overview(request: HttpRequest) -> HttpResponse:
    """What waits, is done, is put off and has failed; first what has failed."""
    user, at = caller(request), timezone.now()
    summary = shapes.summary(user, at=at)
    wanted = request.GET.get("state") or ("failed" if summary["counts"]["failed"] else "waiting")
    state = JobStatus(wanted) if wanted in list(JobStatus) else JobStatus.WAITING
    found = queries.jobs(user, state, at=at).order_by(*queries.ORDER[state])
    page = Pages(found, PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "operates": user.tenant.operates,
        "counts": summary["counts"],
        "kinds": summary["failedKinds"],
        "workers": [{**each, "heard": moment(each["heard"])} for each in summary["workers"]],
        "clockwork": [
            {**each, "last": moment(each["last"]), "next": moment(each["next"])} for each in summary["clockwork"]
        ],
        "state": state,
        "page": page,
        "jobs": [_shown(each) for each in shapes.jobs(user, list(page), at=at)],
    }
    return render(request, "jobs/overview.html", context)


def _shown(job: schemas.Job) -> dict[str, Any]:
    return {**job, **{name: moment(job[name]) for name in ("created", "started", "scheduled")}}


@needs(Right.OPERATE)
@require_POST
def retry(request: HttpRequest, job_id: str) -> HttpResponse:
    with contextlib.suppress(NoSuchJob, NothingToRetry):  # it is being done, or was: the page shows it
        actions.retry(caller(request), job_id, by=acting(request), at=timezone.now())
    return redirect("jobs")


@needs(Right.OPERATE)
@require_POST
def retry_kind(request: HttpRequest) -> HttpResponse:
    actions.retry_kind(caller(request), request.POST.get("kind", ""), by=acting(request), at=timezone.now())
    return redirect("jobs")


urlpatterns = [
    path("jobs/", overview, name="jobs"),
    path("jobs/retry", retry_kind, name="retry-jobs"),
    path("jobs/<str:job_id>/retry", retry, name="retry-job"),
]
