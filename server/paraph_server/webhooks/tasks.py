"""What happens is told by the worker, in the order in which it happened."""

from django.utils import timezone
from procrastinate import BaseRetryStrategy, RetryDecision
from procrastinate.contrib.django import app
from procrastinate.jobs import Job

from paraph_server.accounts.tenancy import tenant_context
from paraph_server.journal.models import Entry
from paraph_server.journal.reactions import reacts_to
from paraph_server.webhooks import actions
from paraph_server.webhooks.errors import NotHeard
from paraph_server.workflows.events import HAPPENINGS


class Pauses(BaseRetryStrategy):
    """As long as the endpoint's record asks for; without end, for each event is given up in its own time."""

    def get_retry_decision(self, *, exception: BaseException, job: Job) -> RetryDecision:  # noqa: ARG002  told by the exception
        return RetryDecision(retry_in={"seconds": exception.pause if isinstance(exception, NotHeard) else 60})


@reacts_to(*HAPPENINGS)
@app.task(retry=Pauses())
def announce(tenant_id: str, subject: str, entry_id: str) -> None:  # noqa: ARG001  what every reaction is told
    """Write down who is told what, and have it told."""
    with tenant_context(tenant_id):
        actions.announce(Entry.objects.select_related("payload").get(pk=entry_id))


@app.task(retry=Pauses())
def deliver(tenant_id: str, webhook_id: str) -> None:
    """Tell an endpoint everything that waits.

    Raises:
        NotHeard: the worker will come back to it.
    """
    with tenant_context(tenant_id):
        while told := actions.tell_next(webhook_id, at=timezone.now()):
            if isinstance(told, NotHeard):
                raise told
