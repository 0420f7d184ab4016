"""Links that let somebody choose a password: good once, and for a week.

Nothing is stored: a link is bound to the user's present password, address and last sign-in, so that choosing one, or
signing in, ends every link that was made before.
"""

from django.contrib.auth.tokens import PasswordResetTokenGenerator

from paraph_server.accounts.models import User
from paraph_server.config.options import options


class Links(PasswordResetTokenGenerator):
    key_salt = "paraph.administration.passwords"


_links = Links()


def link(user: User) -> str:
    return f"{options().public_url}/welcome/{user.pk}/{_links.make_token(user)}/"


def good(user: User, token: str) -> bool:
    return user.is_active and bool(_links.check_token(user, token))
