"""Carol signs with a provider of remote signatures: a real HTTP service, whose pages her browser visits."""

import re
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode, urlsplit

import pytest
from django.test import Client
from paraph_testing.cast import Person
from paraph_testing.qtsp import CLIENT, PASSWORD, PIN, SECRET, Qtsp
from paraph_testing.signing_service import SigningService
from paraph_testing.trustlist import Publisher

if TYPE_CHECKING:
    from paraph_server.accounts.models import User
    from paraph_server.journal.actions import Actor
    from paraph_server.providers.models import Provider
    from paraph_server.workflows.models import Recipient, Workflow

# ruff: noqa: PLC0415 - models can only be imported once Django is set up


@pytest.fixture
def qtsp(trust_service: SigningService, monkeypatch: pytest.MonkeyPatch) -> Iterator[Qtsp]:
    """The provider: the platform knows its root, and Carol has a qualified certificate there."""
    from paraph.certs import TrustStore
    from paraph_server import trust

    with Qtsp(datetime.now(UTC), callback="http://testserver/providers/callback") as provider:
        both = TrustStore((*trust_service.authority.trusted.roots, *provider.pki.trusted.roots))
        monkeypatch.setattr(trust, "trusted", lambda: both)
        provider.open("carol", provider.pki.qualified)
        yield provider


@pytest.fixture
def listed(qtsp: Qtsp, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Publisher:
    """France lists its authority for qualified certificates."""
    from paraph_server import trust

    publisher = Publisher(qtsp.pki)
    lists = publisher.teach(tmp_path / "lists")
    monkeypatch.setattr(trust, "trusted_lists", lambda: lists)
    return publisher


@pytest.fixture
def provider(qtsp: Qtsp, alice: "User", by_alice: "Actor", noon: datetime) -> "Provider":
    """As Alice's organisation has written it down."""
    from paraph_server.providers import actions
    from paraph_server.providers.actions import NewProvider

    wanted = NewProvider("Atelier Trust", qtsp.url, CLIENT, SECRET, qtsp.version)
    return actions.register(alice.tenant, wanted, by=by_alice, at=noon)


@pytest.fixture
def at_provider(
    invited: Callable[..., Any], send: Callable[..., "Workflow"], provider: "Provider", run_jobs: Callable[[], int]
) -> Callable[..., "Workflow"]:
    """Alice sends documents to people who sign with the provider, at the level that she wants."""
    from dataclasses import replace

    from paraph_server.workflows.actions import NewStep
    from paraph_server.workflows.models import ConsentPage, KeyHolder, Step

    def at_provider(*people: Person, level: str = "advanced", kind: str = "signature", **options: Any) -> "Workflow":
        asked = [invited(each) for each in people]
        run_jobs()
        page = ConsentPage.objects.get(key_holder=KeyHolder.PROVIDER)
        page.level = level
        page.save()
        return send(NewStep([replace(each, consent_page=page) for each in asked], kind=Step.Kind(kind)), **options)

    return at_provider


class _NoRedirects(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_: object) -> None:
        return None


@dataclass
class Visitor:
    """Somebody's browser: on the platform through its whole HTTP layer, at the provider over the network."""

    recipient: "Recipient"
    account: str = "carol"
    browser: Client = field(default_factory=Client)

    @property
    def page(self) -> str:
        return f"/signing/{self.recipient.pk}"

    def read(self) -> None:
        """Open the invitation, and accept."""
        from django.utils import timezone
        from paraph_server.signing import queries
        from paraph_server.workflows import invites

        address = invites.link(self.recipient, at=timezone.now())
        self.browser.get(address.removeprefix("http://testserver"))
        shown = queries.seen(queries.act(self.recipient.pk), "en")
        self.browser.get(f"{self.page}/")
        answer = self.browser.post(f"{self.page}/accept", {"agreed": "on", "shown": shown, "language": "en"})
        assert answer.status_code == 302

    def leave(self, place: str, **said: str) -> str:
        """Press a button that leads to the provider; the address there."""
        answer = self.browser.post(f"{self.page}/provider/{place}", said)
        assert answer.status_code == 200, answer.content.decode()
        [address] = re.findall(r'content="0; url=([^"]+)"', answer.content.decode())
        return str(address).replace("&amp;", "&")

    def visit(self, address: str, **said: str) -> str:
        """Fill in the provider's page; the address that it sends the browser back to."""
        request = urllib.request.Request(address, urlencode(said).encode(), {"Cookie": f"account={self.account}"})
        try:
            urllib.request.build_opener(_NoRedirects).open(request)
        except urllib.error.HTTPError as answer:
            where = urlsplit(answer.headers["Location"])
            return f"{where.path}?{where.query}"
        raise AssertionError("The provider does not send anybody back.")

    def sign_in(self, provider: "Provider") -> str:
        """The way to the certificates; what the page says then."""
        back = self.visit(self.leave(provider.pk), account=self.account, password=PASSWORD)
        assert self.browser.get(back).status_code == 302
        return self.says()

    def release(self) -> str:
        """Leave for what was prepared; where the browser is sent back to with it."""
        return self.visit(self.leave("leave"), pin=PIN)

    def says(self) -> str:
        answer = self.browser.get(f"{self.page}/provider", follow=True)
        return str(answer.content.decode())


@pytest.fixture
def carol_reads() -> Callable[["Recipient"], Visitor]:
    def carol_reads(recipient: "Recipient") -> Visitor:
        visitor = Visitor(recipient)
        visitor.read()
        return visitor

    return carol_reads
