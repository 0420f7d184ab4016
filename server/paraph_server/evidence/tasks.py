"""When everybody has signed, the worker proves it."""

from procrastinate.contrib.django import app

from paraph_server.accounts.tenancy import tenant_context
from paraph_server.evidence import actions
from paraph_server.journal.reactions import Patience, reacts_to
from paraph_server.workflows.models import Workflow


@reacts_to("workflow:signed", "workflow:retried")
@app.task(retry=Patience())
def finish(tenant_id: str, subject: str, entry_id: str) -> None:  # noqa: ARG001  what every reaction is told
    """Finish the workflow `subject`."""
    with tenant_context(tenant_id):
        actions.finish(Workflow.objects.select_related("owner", "tenant").get(pk=subject))
