"""What somebody has to prove who they are with, and where they are signed in."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import QuerySet

from paraph_server.accounts.models import User
from paraph_server.authentication.models import Authenticator, Passkey, RecoveryCode, Session


def authenticator(user: User) -> Authenticator | None:
    return Authenticator.objects.filter(user=user).first()


def passkeys(user: User) -> QuerySet[Passkey]:
    return Passkey.objects.filter(user=user).order_by("created_at", "pk")


def has_factor(user: User) -> bool:
    """Whether they have a second factor; recovery codes are for the day on which it is lost."""
    return Authenticator.objects.filter(user=user).exists() or Passkey.objects.filter(user=user).exists()


def asks_for_factor(user: User) -> bool:
    """Whether a password alone does not let them in: they have a second factor, or one of their groups wants one."""
    return user.needs_second_factor or has_factor(user)


def recovery_codes_left(user: User) -> int:
    return RecoveryCode.objects.filter(user=user).count()


def sessions(user: User, *, at: datetime) -> QuerySet[Session]:
    """Where somebody is signed in, the latest first."""
    lasting = at - timedelta(seconds=settings.SESSION_COOKIE_AGE)
    found = Session.objects.filter(user=user, ended_at=None, seen_at__gt=lasting)
    return found.filter(bound_to=user.get_session_auth_hash()).order_by("-seen_at", "pk")
