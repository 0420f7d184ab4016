"""The worker's part in a seal."""

import logging

from django.utils import timezone
from procrastinate.contrib.django import app

from paraph_server.accounts.tenancy import tenant_context
from paraph_server.journal.reactions import Patience, reacts_to
from paraph_server.sealing import actions
from paraph_server.workflows import actions as workflows
from paraph_server.workflows import queries as waiting
from paraph_server.workflows.errors import AlreadyActed, WorkflowOver
from paraph_server.workflows.models import Recipient, Step, Workflow

logger = logging.getLogger(__name__)


@reacts_to("seal:asked", "workflow:retried")
@app.task(retry=Patience())
def seal(tenant_id: str, subject: str, entry_id: str) -> None:  # noqa: ARG001  what every reaction is told
    """Seal where it is the organisation's turn in the workflow `subject`; what stands in the way is shown meanwhile."""
    with tenant_context(tenant_id):
        open_seals = Recipient.objects.filter(
            step__workflow=subject, step__kind=Step.Kind.SEAL, acted_at__isnull=False, done_at=None
        )
        for organisation in list(open_seals.values_list("pk", flat=True)):
            try:
                actions.seal_step(waiting.recipient(organisation))
            except (AlreadyActed, WorkflowOver):
                logger.info("The seal of %s in %s is no longer wanted.", organisation, subject)
            except Exception as fault:
                reason = str(fault) or type(fault).__name__
                workflows.await_repair(Workflow.objects.get(pk=subject), reason, at=timezone.now())
                raise
