"""Delivery, by the worker: again and again, ever more patiently."""

from django.utils import timezone
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from paraph_server.accounts.tenancy import tenant_context
from paraph_server.notifications import actions


@app.task(retry=RetryStrategy(max_attempts=actions.ATTEMPTS, exponential_wait=5))
def deliver(tenant_id: str, message_id: str) -> None:
    """Hand a message to its carrier.

    Raises:
        NotDelivered: the worker will come back to it.
    """
    with tenant_context(tenant_id):
        if failure := actions.attempt(message_id, at=timezone.now()):
            raise failure
