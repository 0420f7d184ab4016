"""Links that let somebody choose a password: good once, and for a while.

Nothing is stored: a link is bound to the user's present password, address and last sign-in, so that choosing one, or
signing in, ends every link that was made before.
"""

from datetime import timedelta

from django.contrib.auth.tokens import PasswordResetTokenGenerator
from django.utils.http import base36_to_int

from paraph_server.accounts.models import User
from paraph_server.config.options import options


class Links(PasswordResetTokenGenerator):
    """Those of one kind: the page they lead to, and how long they are good."""

    def __init__(self, page: str, *, key_salt: str, life: timedelta) -> None:
        super().__init__()
        self.page, self.life = page, life
        self.key_salt = key_salt

    def link(self, user: User) -> str:
        return f"{options().public_url}/{self.page}/{user.pk}/{self.make_token(user)}/"

    def good(self, user: User, token: str) -> bool:
        return user.is_active and bool(self.check_token(user, token)) and self._age(token) <= self.life

    def _age(self, token: str) -> timedelta:
        """Of a token that was made here."""
        made = base36_to_int(token.partition("-")[0])
        return timedelta(seconds=self._num_seconds(self._now()) - made)


INVITED = Links("welcome", key_salt="paraph.administration.passwords", life=timedelta(days=7))
FORGOTTEN = Links("password", key_salt="paraph.administration.forgotten", life=timedelta(hours=1))
