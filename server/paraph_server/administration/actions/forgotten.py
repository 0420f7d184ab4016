"""Somebody has forgotten their password, or says so."""

from datetime import datetime, timedelta

from django.db import transaction

from paraph_server.accounts.models import User
from paraph_server.accounts.tenancy import every_tenant, tenant_context
from paraph_server.administration import passwords
from paraph_server.administration.actions.letters import write_to
from paraph_server.journal.actions import PLATFORM, record
from paraph_server.journal.queries import about

EVENT = "user:password-forgotten"
WINDOW, MOST = timedelta(hours=1), 3
"""How many links somebody is sent within this time, whoever asks for them."""


def send_link(email: str, *, address: str, at: datetime) -> None:
    """Send a link for another password to whoever signs in with this address, if anybody does."""
    with every_tenant():
        user = User.objects.select_related("tenant").filter(email__iexact=email.strip(), is_active=True).first()
    if user is not None:
        with tenant_context(user.tenant_id):
            _send(user, address, at)


@transaction.atomic
def _send(user: User, address: str, at: datetime) -> None:
    User.objects.select_for_update().get(pk=user.pk)  # two at a time are counted
    if about(user.tenant_id, [user.pk]).filter(event=EVENT, at__gt=at - WINDOW).count() >= MOST:
        return
    minutes = int(passwords.FORGOTTEN.life.total_seconds()) // 60
    write_to(user, "password", at=at, minutes=minutes, link=passwords.FORGOTTEN.link(user))
    record(EVENT, tenant=user.tenant_id, subject=user.pk, by=PLATFORM, at=at, address=address)
