"""What was proven of people is not kept for longer than it may be."""

from django.utils import timezone
from procrastinate.contrib.django import app

from paraph_server.accounts.tenancy import every_tenant
from paraph_server.identification import sign_ins


@app.periodic(cron="20 3 * * *")
@app.task(queueing_lock="identification.tasks.forget")
def forget(timestamp: int) -> None:  # noqa: ARG001  Procrastinate says when it was due
    """Drop the identities whose time is over."""
    with every_tenant():
        sign_ins.forget(at=timezone.now())
