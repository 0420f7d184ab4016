"""Answers are kept for a day."""

from datetime import UTC, datetime

from procrastinate.contrib.django import app

from paraph_server.accounts.tenancy import every_tenant
from paraph_server.calls.models import KEPT, Call


@app.periodic(cron="23 * * * *")
@app.task(queueing_lock="calls.tasks.forget")
def forget(timestamp: int) -> None:
    """Drop the answers that nobody may ask for any more."""
    with every_tenant():
        Call.objects.filter(created_at__lt=datetime.fromtimestamp(timestamp, UTC) - KEPT).delete()
