"""Who a request speaks for, as the journal knows them."""

from django.http import HttpRequest

from paraph_server.accounts.api import caller
from paraph_server.journal.actions import Actor
from paraph_server.web import address


def acting(request: HttpRequest) -> Actor:
    """The calling user.

    Raises:
        NotSignedIn: there is none.
    """
    user = caller(request)
    return Actor("user", user.pk, user.name, address.of(request), address.agent(request))
