"""When everybody has signed, the worker proves it."""

from procrastinate import BaseRetryStrategy, RetryDecision
from procrastinate.contrib.django import app
from procrastinate.jobs import Job

from paraph_server.accounts.tenancy import tenant_context
from paraph_server.evidence import actions
from paraph_server.journal.reactions import reacts_to
from paraph_server.workflows.models import Workflow

LONGEST_PAUSE = 600  # seconds


class Patience(BaseRetryStrategy):
    """Ever more slowly, and without end: what people have signed is not given up."""

    def get_retry_decision(self, *, exception: BaseException, job: Job) -> RetryDecision:  # noqa: ARG002  whatever it is
        return RetryDecision(retry_in={"seconds": min(2 ** min(job.attempts, 16), LONGEST_PAUSE)})


@reacts_to("workflow:signed")
@app.task(retry=Patience())
def finish(tenant_id: str, subject: str, entry_id: str) -> None:  # noqa: ARG001  what every reaction is told
    """Finish the workflow `subject`."""
    with tenant_context(tenant_id):
        actions.finish(Workflow.objects.select_related("owner", "tenant").get(pk=subject))
