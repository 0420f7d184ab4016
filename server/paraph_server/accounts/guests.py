"""Guests: recipients who came through their own link and need no account.

A session may hold several invitations, of several tenants, beside a signed-in user. A page for guests names its
recipient in the URL (`recipient_id`) and speaks for that recipient's tenant while it runs.
"""

import functools
from collections.abc import Callable
from typing import TypeAlias

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _

from paraph_server.accounts.errors import NotInvited
from paraph_server.accounts.tenancy import tenant_context

SESSION_KEY = "guests"  # recipient id → tenant id

Page: TypeAlias = Callable[..., HttpResponseBase]


def admit(request: HttpRequest, *, recipient_id: str, tenant_id: str) -> None:
    """Let this browser act as a recipient, after its invitation was checked; the session gets a fresh key."""
    request.session.cycle_key()
    request.session[SESSION_KEY] = {**request.session.get(SESSION_KEY, {}), recipient_id: tenant_id}


def guest_page(page: Page) -> Page:
    """A page `(request, recipient_id, …)` that only this recipient's own browser may open.

    Raises:
        NotInvited: the session does not come through the recipient's link. Whether the recipient exists is not said.
    """

    @functools.wraps(page)
    def guarded(request: HttpRequest, recipient_id: str, **rest: object) -> HttpResponseBase:
        tenant_id = request.session.get(SESSION_KEY, {}).get(recipient_id)
        if tenant_id is None:
            raise NotInvited(
                _("Open the link in your invitation again: this page belongs to the person it was sent to.")
            )
        with tenant_context(tenant_id):
            return page(request, recipient_id, **rest)

    return guarded
