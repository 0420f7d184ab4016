"""Clockwork: what is out of time stops by itself."""

from django.utils import timezone
from procrastinate.contrib.django import app

from paraph_server.accounts.tenancy import every_tenant, tenant_context
from paraph_server.workflows import actions
from paraph_server.workflows.models import Workflow


@app.periodic(cron="*/10 * * * *")
@app.task(queueing_lock="workflows.tasks.expire")
def expire(timestamp: int) -> None:  # noqa: ARG001  Procrastinate says when it was due
    """Stop the workflows whose time is over."""
    now = timezone.now()
    with every_tenant():
        underway = list(
            Workflow.objects.filter(started_at__isnull=False, stopped_at=None, signed_at=None).values_list(
                "tenant_id", "pk"
            )
        )
    for tenant_id, workflow_id in underway:
        with tenant_context(tenant_id):
            actions.expire(Workflow.objects.get(pk=workflow_id), at=now)
