"""When everybody has signed, the worker proves it."""

from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from paraph_server.accounts.tenancy import tenant_context
from paraph_server.evidence import actions
from paraph_server.journal.reactions import reacts_to
from paraph_server.workflows.models import Workflow

ATTEMPTS = 60
"""With the pauses between them, about a day; what still fails waits for an operator, with its reason."""


@reacts_to("workflow:signed")
@app.task(retry=RetryStrategy(max_attempts=ATTEMPTS, linear_wait=30))
def finish(tenant_id: str, subject: str, entry_id: str) -> None:  # noqa: ARG001  what every reaction is told
    """Finish the workflow `subject`."""
    with tenant_context(tenant_id):
        actions.finish(Workflow.objects.select_related("owner", "tenant").get(pk=subject))
