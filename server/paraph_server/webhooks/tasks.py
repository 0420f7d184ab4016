"""What happens is told by the worker, in the order in which it happened."""

import logging

from django.utils import timezone
from procrastinate.contrib.django import app

from paraph_server.accounts.tenancy import tenant_context
from paraph_server.journal.models import Entry
from paraph_server.journal.reactions import Patience, reacts_to
from paraph_server.webhooks import actions
from paraph_server.webhooks.errors import NotHeard
from paraph_server.workflows.events import HAPPENINGS

logger = logging.getLogger(__name__)
PAUSE = 60
"""Seconds after a fault of our own."""


@reacts_to(*HAPPENINGS)
@app.task(retry=Patience())
def announce(tenant_id: str, subject: str, entry_id: str) -> None:  # noqa: ARG001  what every reaction is told
    """Write down who is told what, and have it told."""
    with tenant_context(tenant_id):
        actions.announce(Entry.objects.select_related("payload").get(pk=entry_id))


@app.task(retry=Patience())
def deliver(tenant_id: str, webhook_id: str) -> None:
    """Tell an endpoint everything that waits; what it does not hear is put off, for as long as its record asks for.

    Not by Procrastinate's own retries: they cannot queue a job again while another one for the same endpoint, which
    something new has asked for meanwhile, is queued.
    """
    with tenant_context(tenant_id):
        try:
            while told := actions.tell_next(webhook_id, at=timezone.now()):
                if isinstance(told, NotHeard):
                    return actions.tell_in(webhook_id, seconds=told.pause)
        except Exception:
            logger.exception("Webhook %s has to wait.", webhook_id)
            actions.tell_in(webhook_id, seconds=PAUSE)
