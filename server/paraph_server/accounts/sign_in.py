"""Signing in with a password, slowed down for those who guess."""

from datetime import datetime, timedelta

from django.contrib.auth.hashers import check_password, make_password
from django.utils.translation import gettext as _

from paraph_server.accounts.errors import TooManySignIns, WrongPassword
from paraph_server.accounts.models import FailedSignIn, User
from paraph_server.accounts.tenancy import every_tenant

WINDOW = timedelta(minutes=15)
TRIES_PER_EMAIL = 10
TRIES_PER_ADDRESS = 50


class Passwords:
    """Django's door to the user behind a session; `sign_in` checks the password before one is opened."""

    def authenticate(self, request: object, **credentials: object) -> None:
        """Nobody gets in by Django's own door: it does not slow down guessing."""

    def get_user(self, user_id: str) -> User | None:
        with every_tenant():
            return User.objects.filter(pk=user_id, is_active=True).select_related("tenant", "group").first()


BACKEND = f"{Passwords.__module__}.{Passwords.__qualname__}"


def sign_in(email: str, password: str, *, address: str, at: datetime) -> User:
    """The user with this address and password; open the session with `django.contrib.auth.login(…, backend=BACKEND)`.

    Raises:
        TooManySignIns: too many wrong passwords for this address or from this place; the right one is refused too.
        WrongPassword: no active user has this address and this password.
    """
    email = email.strip().lower()
    refuse_guessing(email, address, at)
    with every_tenant():
        user = User.objects.filter(email__iexact=email, is_active=True).select_related("tenant").first()
    if user is None:
        make_password(password)  # an unknown address takes as long as a known one
    if user is None or not check_password(password, user.password):
        note_failure(email, address, at)
        raise WrongPassword(_("This address and this password do not go together."))
    return user


def note_question(*, address: str, at: datetime) -> None:
    """Count a question about an account, such as for another password, like a wrong password from the same place.

    Raises:
        TooManySignIns: too many of both came from there.
    """
    refuse_guessing("", address, at)
    note_failure("", address, at)


def forget(*, before: datetime) -> None:
    """Drop the wrong passwords of long ago."""
    FailedSignIn.objects.filter(at__lt=before).delete()


def note_failure(whose: str, address: str, at: datetime) -> None:
    FailedSignIn.objects.create(email=whose[:254], address=address, at=at)


def refuse_guessing(whose: str, address: str, at: datetime, *, tries: int = TRIES_PER_EMAIL) -> None:
    """Let nobody guess what belongs to an e-mail address, or to the id of a user, or from one place without end."""
    recent = FailedSignIn.objects.filter(at__gt=at - WINDOW)
    if (whose and recent.filter(email=whose[:254]).count() >= tries) or recent.filter(
        address=address
    ).count() >= TRIES_PER_ADDRESS:
        raise TooManySignIns(
            _("Too many wrong tries. Try again in a quarter of an hour."), retry_after=int(WINDOW.total_seconds())
        )
