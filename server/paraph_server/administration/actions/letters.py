"""Confidential messages to users, such as links for a password."""

from datetime import datetime

from paraph_server.accounts.models import User
from paraph_server.notifications.actions import send


def write_to(user: User, kind: str, *, at: datetime, **context: object) -> None:
    """Send a user a message that nobody else reads, and that is wiped once it was delivered."""
    send(
        user.tenant_id,
        channel="email",
        to=user.email,
        kind=kind,
        context={"recipient_name": user.name, "organisation": user.tenant.name, **context},
        language=user.locale,
        about=user.pk,
        recipient_id=user.pk,
        confidential=True,
        at=at,
    )
