"""A program that listens."""

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

import pytest
from paraph_testing.listener import Listener

if TYPE_CHECKING:
    from datetime import datetime

    from paraph_server.accounts.models import User
    from paraph_server.journal.actions import Actor
    from paraph_server.webhooks.models import Webhook


@pytest.fixture
def listener() -> Iterator[Listener]:
    with Listener() as running:
        yield running


@pytest.fixture
def registered(
    alice: "User", by_alice: "Actor", noon: "datetime", listener: Listener
) -> "Callable[..., tuple[Webhook, str]]":
    """Alice's program asks to be told."""
    from paraph_server.webhooks import actions  # noqa: PLC0415  models need Django set up

    def registered(*events: str, url: str = "", is_global: bool = False) -> "tuple[Webhook, str]":
        return actions.register(
            alice, endpoint_url=url or listener.url, notified_events=events, is_global=is_global, by=by_alice, at=noon
        )

    return registered
