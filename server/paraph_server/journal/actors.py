"""Who a request speaks for, as the journal knows them."""

from django.http import HttpRequest

from paraph_server.accounts.api import caller
from paraph_server.accounts.models import User
from paraph_server.journal.actions import Actor
from paraph_server.web import address


def acting(request: HttpRequest) -> Actor:
    """The calling user.

    Raises:
        NotSignedIn: there is none.
    """
    return actor(request, caller(request))


def actor(request: HttpRequest, user: User) -> Actor:
    """A user who is known and not signed in, perhaps not yet."""
    return Actor("user", user.pk, user.name, address.of(request), address.agent(request))
