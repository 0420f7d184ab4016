"""What SMSCs tell is written down as a job, before they are told that we have it: then no crash loses it."""

from django.db import close_old_connections, connection
from procrastinate.contrib.django import app

from paraph_server.notifications.smpp.pdus import Receipt

TAKE = "paraph_server.notifications.tasks.take_receipt"


def note(receipt: Receipt) -> None:
    """Called from the thread of a session, which keeps no connection to the database meanwhile."""
    close_old_connections()
    try:
        job = app.configure_task(TAKE, allow_unknown=False)
        job.defer(reference=receipt.reference, arrived=receipt.arrived, answer=receipt.answer)
    finally:
        connection.close()
