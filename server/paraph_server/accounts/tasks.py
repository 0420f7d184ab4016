"""What is forgotten every night."""

from datetime import UTC, datetime

from django.contrib.sessions.models import Session
from procrastinate.contrib.django import app

from paraph_server.accounts import sign_in


@app.periodic(cron="17 3 * * *")
@app.task(queueing_lock="accounts.tasks.forget")
def forget(timestamp: int) -> None:
    """Drop wrong passwords that slow nobody down any more, and sessions that have ended."""
    now = datetime.fromtimestamp(timestamp, UTC)
    sign_in.forget(before=now - sign_in.WINDOW)
    Session.objects.filter(expire_date__lt=now).delete()
