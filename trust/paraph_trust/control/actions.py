"""Admit officers, record approvals, ask for them."""

import secrets
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction

from paraph_trust.control.models import Act, Approval, Officer, token_hash
from paraph_trust.errors import InvalidRequest, InvalidToken
from paraph_trust.log import actions as log

NEEDED = 2
HOLDS = timedelta(days=7)
"""After which an approval that was not used is one no longer."""


def admit(name: str, *, at: datetime) -> str:
    """Make somebody an officer and return the token, which is never shown again; the first ceremony calls it."""
    token = f"pot_{secrets.token_urlsafe(32)}"
    Officer.objects.create(name=name, token_hash=token_hash(token), admitted_at=at)
    log.record("officer:admitted", subject=name, at=at)
    return token


@transaction.atomic
def approve(act: Act, subject: str, *, token: str, at: datetime) -> str:
    """Record an officer's approval and say what is still missing.

    Raises:
        InvalidToken: no officer has this token.
        InvalidRequest: this officer has approved the act before.
    """
    officer = Officer.objects.filter(token_hash=token_hash(token.strip())).first()
    if officer is None:
        raise InvalidToken("No officer has this token.")
    _forget_stale(act, subject, at=at)
    try:
        with transaction.atomic():
            Approval.objects.create(act=act, subject=subject, officer=officer, at=at)
    except IntegrityError:
        raise InvalidRequest(f"{officer.name} has approved this already; somebody else must, too.") from None
    log.record("act:approved", subject=subject, at=at, act=act, officer=officer.name)
    missing = NEEDED - Approval.objects.filter(act=act, subject=subject, used_at=None).count()
    return f"{officer.name} approves. {'Nothing' if missing <= 0 else 'One more approval'} is missing."


def require(act: Act, subject: str, *, at: datetime) -> list[str]:
    """Use up the approvals of an act and name who gave them; without officers, everybody may.

    It is part of the caller's transaction: an act that fails leaves them unused.

    Raises:
        InvalidRequest: too few officers approved; the message says how they can.
    """
    if not Officer.objects.exists():
        return []
    _forget_stale(act, subject, at=at)
    given = list(
        Approval.objects.select_for_update(of=["self"])
        .filter(act=act, subject=subject, used_at=None)
        .select_related("officer")
    )
    names = [approval.officer.name for approval in given]
    if len(names) < NEEDED:
        so_far = f" So far: {', '.join(names)}." if names else ""
        raise InvalidRequest(f"{NEEDED} officers must approve this first: `paraph-trust approve {act} …`.{so_far}")
    Approval.objects.filter(pk__in=[approval.pk for approval in given]).update(used_at=at)
    return names


def _forget_stale(act: Act, subject: str, *, at: datetime) -> None:
    Approval.objects.filter(act=act, subject=subject, used_at=None, at__lte=at - HOLDS).delete()
