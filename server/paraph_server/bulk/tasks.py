"""The worker's part: rows are checked once, then sent one by one, for some seconds at a time."""

import time

from django.utils import timezone
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from paraph_server.accounts.tenancy import tenant_context
from paraph_server.bulk import actions

TURN = 10.0
"""Seconds after which other jobs get their turn."""
PATIENCE = RetryStrategy(wait=5, exponential_wait=2, max_attempts=10)


@app.task(retry=PATIENCE)
def check(tenant_id: str, bulk_send_id: str) -> None:
    with tenant_context(tenant_id):
        actions.check(bulk_send_id, at=timezone.now())


@app.task(retry=PATIENCE)
def run(tenant_id: str, bulk_send_id: str) -> None:
    """Send rows; what is left when the turn is over, another job does."""
    with tenant_context(tenant_id):
        work, until = actions.Work(bulk_send_id), time.monotonic() + TURN
        while work.send_next(at=timezone.now()):
            if time.monotonic() > until:
                actions.go_on(bulk_send_id)
                return
