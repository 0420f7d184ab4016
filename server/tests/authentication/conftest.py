"""Alice's browser, her authenticator app, and what the journal says of her."""

import html
import re
from collections.abc import Callable
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from django.test import Client
from django.utils import timezone

if TYPE_CHECKING:
    from paraph_server.accounts.models import User
    from paraph_server.journal.actions import Actor

# ruff: noqa: PLC0415 - models can only be imported once Django is set up

PASSWORD = "correct horse battery staple"


@pytest.fixture
def browser() -> Client:
    return Client(headers={"accept": "text/html", "user-agent": "Mozilla/5.0 (X11; Linux x86_64) Firefox/130.0"})


@pytest.fixture
def enter() -> Callable[..., str]:
    """Somebody gives their password; where they are led."""

    def entered(browser: Client, user: "User", *, then: str = "") -> str:
        facts = {"email": user.email, "password": PASSWORD, "next": then}
        return str(browser.post("/sign-in/", facts).headers["Location"])

    return entered


@pytest.fixture
def app(alice: "User", by_alice: "Actor") -> Callable[[], str]:
    """Alice's authenticator app: each look shows another code that is good now."""
    from paraph_server.authentication import actions, totp

    secret, start = totp.new_secret(), totp.step(timezone.now())
    before = timezone.now() - timedelta(minutes=5)
    actions.add_authenticator(alice, secret, totp.code(secret, totp.step(before)), acting=by_alice, at=before)
    steps = iter(range(start, start + 2))
    return lambda: totp.code(secret, next(steps))


@pytest.fixture
def events(alice: "User") -> Callable[[], list[str]]:
    """What the journal says of Alice."""
    from paraph_server.journal.models import Entry

    return lambda: list(Entry.objects.filter(subject=alice.pk).order_by("sequence").values_list("event", flat=True))


@pytest.fixture
def scanned() -> Callable[[Client], str]:
    """The secret that an enrolment page shows."""

    def read(browser: Client) -> str:
        page = browser.get("/account/security/authenticator/").content.decode()
        found = re.search(r'class="secret">([A-Z2-7 ]+)<', html.unescape(page))
        assert found
        return found[1].replace(" ", "")

    return read
