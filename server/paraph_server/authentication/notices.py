"""What happens to somebody's ways of signing in, told to the journal and, where they should know, to them."""

from datetime import datetime
from typing import Any

from django.utils import translation
from django.utils.translation import gettext_lazy

from paraph_server.accounts.models import User
from paraph_server.config.options import options
from paraph_server.journal.actions import Actor, record
from paraph_server.notifications.actions import send

WARNINGS = {
    "user:factor-added": gettext_lazy("A passkey or an authenticator app was added to your account."),
    "user:factor-removed": gettext_lazy("A passkey or an authenticator app was removed from your account."),
    "user:recovery-codes-made": gettext_lazy("New recovery codes were made for your account; those before are void."),
    "user:linked": gettext_lazy("Your organisation’s own sign-in opens your account from now on."),
    "user:certificate-added": gettext_lazy("A certificate opens your account from now on."),
    "user:factors-reset": gettext_lazy("Your passkeys, authenticator app and recovery codes were forgotten."),
}
"""What people are told by e-mail of their own account."""


def tell(event: str, user: User, acting: Actor, at: datetime, **details: Any) -> None:
    """Put it on record, and write to whose account it is: perhaps it was not them."""
    if event in WARNINGS:
        _warn(user, event, at)
    record(event, tenant=user.tenant_id, subject=user.pk, by=acting, at=at, **details)


def _warn(user: User, event: str, at: datetime) -> None:
    with translation.override(user.locale):
        happened = str(WARNINGS[event])
    send(
        user.tenant_id,
        channel="email",
        to=user.email,
        kind="security",
        context={
            "recipient_name": user.name,
            "happened": happened,
            "organisation": user.tenant.name,
            "link": f"{options().public_url}/account/security/",
        },
        language=user.locale,
        about=user.pk,
        recipient_id=user.pk,
        at=at,
    )
