"""What is put on record afterwards, and what is forgotten every night."""

from datetime import UTC, datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from procrastinate.contrib.django import app

from paraph_server.accounts.models import User
from paraph_server.accounts.tenancy import every_tenant, tenant_context
from paraph_server.authentication import actions
from paraph_server.journal.actions import Actor, record


@app.task
def note_wrong_password(email: str, address: str, agent: str) -> None:
    """Tell the organisation of somebody with this address, if there is one.

    Not done at once, because then an address that is known would be answered later than one that is not.
    """
    with every_tenant():
        user = User.objects.filter(email__iexact=email, is_active=True).first()
    if user is not None:
        by = Actor("user", user.pk, user.name, address, agent)
        with tenant_context(user.tenant_id), transaction.atomic():
            record("user:password-refused", tenant=user.tenant_id, subject=user.pk, by=by, at=timezone.now())


@app.periodic(cron="23 3 * * *")
@app.task(queueing_lock="authentication.tasks.forget")
def forget(timestamp: int) -> None:
    lasting = timedelta(seconds=settings.SESSION_COOKIE_AGE)
    actions.forget(before=datetime.fromtimestamp(timestamp, UTC) - lasting)
