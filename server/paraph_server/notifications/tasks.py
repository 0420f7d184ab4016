"""Delivery, by the worker: again and again, ever more patiently."""

import logging

from django.utils import timezone
from procrastinate import JobContext, RetryStrategy
from procrastinate.contrib.django import app

from paraph_server.accounts.tenancy import tenant_context
from paraph_server.notifications import actions, queries, telephone
from paraph_server.notifications.errors import NotDelivered, NotYetKnown
from paraph_server.notifications.telephone import Report, Smsc

logger = logging.getLogger(__name__)
TRIES = 5
"""An SMSC may tell what became of a message before it is on record that it was sent."""


@app.task(retry=RetryStrategy(max_attempts=actions.ATTEMPTS, exponential_wait=5))
def deliver(tenant_id: str, message_id: str) -> None:
    """Hand a message to its carrier.

    Raises:
        NotDelivered: the worker will come back to it.
    """
    with tenant_context(tenant_id):
        if failure := actions.attempt(message_id, at=timezone.now()):
            raise failure


@app.task(retry=RetryStrategy(max_attempts=TRIES, exponential_wait=3), pass_context=True)
def take_receipt(context: JobContext, reference: str, arrived: bool, answer: str) -> None:  # noqa: FBT001  a job's
    """What an SMSC told of one of the messages that it has taken.

    Raises:
        NotYetKnown: the worker will come back to it; in the end it was somebody else's.
    """
    at = timezone.now()
    piece = queries.piece(reference, at=at)
    if piece is None:
        if context.job and context.job.attempts + 1 >= TRIES:
            logger.warning("An SMSC told of a message that is not ours: %s", reference)
            return
        raise NotYetKnown(reference)
    with tenant_context(piece.tenant_id):
        actions.take_receipt(piece, Report(arrived, answer), at=at)


@app.periodic(cron="* * * * *")
@app.task(queueing_lock="notifications.tasks.listen")
def listen(timestamp: int) -> None:  # noqa: ARG001  every periodic task is given its time
    """Be there for what SMSCs have still to tell, though nothing is to be sent."""
    for each in telephone.providers():
        if isinstance(each, Smsc) and queries.expects_receipts(at=timezone.now()):
            try:
                each.listen()
            except NotDelivered as fault:
                logger.warning("%s", fault)
