"""Bob's link, made for the shop, and browsers that show it in a frame or not."""

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING

import pytest
from paraph_testing.cast import BOB, Person

if TYPE_CHECKING:
    from django.test import Client
    from paraph_server.accounts.models import Tenant
    from paraph_server.journal.actions import Actor
    from paraph_server.workflows.models import Recipient, Workflow

# ruff: noqa: PLC0415 - models can only be imported once Django is set up

SHOP = "https://shop.example.org"
IN_A_FRAME = {"sec-fetch-dest": "iframe", "sec-fetch-mode": "navigate", "sec-fetch-site": "cross-site"}


@pytest.fixture
def shop(tenant: "Tenant", by_alice: "Actor", noon: datetime) -> str:
    """The origin of a site that Alice's organisation calls its own."""
    from paraph_server.embedding import actions

    [origin] = actions.allow_origins(tenant.pk, [SHOP], by=by_alice, at=noon)
    return origin


@pytest.fixture
def workflow(send: "Callable[..., Workflow]") -> "Workflow":
    return send(BOB)


@pytest.fixture
def bob(workflow: "Workflow", recipient: "Callable[[Workflow, Person], Recipient]") -> "Recipient":
    return recipient(workflow, BOB)


@pytest.fixture
def frame(bob: "Recipient", shop: str) -> "Client":
    """A frame of the shop, with nothing in it yet."""
    from django.test import Client

    return Client(enforce_csrf_checks=True, headers={"accept": "text/html", **IN_A_FRAME})


@pytest.fixture
def enter(bob: "Recipient", shop: str, frame: "Client") -> Callable[[], str]:
    """Bob's link is opened in the frame; the address of the page that it leads to."""
    from django.utils import timezone
    from paraph_server.workflows import invites

    def enter() -> str:
        token = invites.token(bob, embed_origin=shop, at=timezone.now())
        answer = frame.get(f"/invite?token={token}")
        assert answer.status_code == 302
        return answer.headers["Location"]

    return enter
