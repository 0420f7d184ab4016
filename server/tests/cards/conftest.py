"""Carol signs with a card of her own; her certificate's issuer tells over HTTP what became of it."""

import base64
import json
import secrets
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from cryptography.hazmat.primitives.serialization import Encoding
from django.test import Client
from paraph.algorithms import Digest
from paraph.keys.file import FileSigner
from paraph_testing.cast import Person
from paraph_testing.signing_service import SigningService
from paraph_testing.status import StatusService
from paraph_testing.trustlist import Publisher

if TYPE_CHECKING:
    from paraph_server.workflows.models import Recipient, Workflow

# ruff: noqa: PLC0415 - models can only be imported once Django is set up


@pytest.fixture
def issuer(trust_service: SigningService, monkeypatch: pytest.MonkeyPatch) -> Iterator[StatusService]:
    """The authority behind the cards; the platform knows its root."""
    from paraph.certs import TrustStore
    from paraph_server import trust

    with StatusService(datetime.now(UTC)) as service:
        both = TrustStore((*trust_service.authority.trusted.roots, *service.pki.trusted.roots))
        monkeypatch.setattr(trust, "trusted", lambda: both)
        yield service


@pytest.fixture
def lists(issuer: StatusService, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Publisher:
    """The trusted lists name the authority behind the cards."""
    from paraph_server import trust

    publisher = Publisher(issuer.pki)
    fetched = publisher.teach(tmp_path)
    monkeypatch.setattr(trust, "trusted_lists", lambda: fetched)
    return publisher


@pytest.fixture
def by_card(with_card: Callable[[Person], Any], send: Callable[..., "Workflow"]) -> Callable[..., "Workflow"]:
    """Alice sends documents to people who sign with cards."""
    from paraph_server.workflows.actions import NewStep

    def by_card(*people: Person, **options: Any) -> "Workflow":
        return send(NewStep([with_card(each) for each in people]), **options)

    return by_card


@pytest.fixture
def with_card(invited: Callable[..., Any], tenant: Any) -> Callable[[Person], Any]:
    """Somebody who shows who they are with a code and with their card, and signs with that."""
    from dataclasses import replace

    from django.utils import timezone
    from paraph.evidence import Means, SignatureLevel
    from paraph_server.workflows.models import ConsentPage, KeyHolder

    page = ConsentPage.objects.create(
        tenant=tenant,
        name="Code and card",
        means=[Means.EMAIL_CODE, Means.CARD],
        key_holder=KeyHolder.CARD,
        level=SignatureLevel.ADVANCED,
        text_en="I sign.",
        text_fr="Je signe.",
        created_at=timezone.now(),
    )
    return lambda person: replace(invited(person), consent_page=page)


@dataclass
class Agent:
    """An agent's calls, through the whole HTTP layer; its card is a key in memory."""

    signer: FileSigner
    secret: str = field(default_factory=lambda: secrets.token_urlsafe(32))
    pairing: str = ""

    def call(self, method: str, path: str, body: object = None, **headers: str) -> Any:
        said = {"HTTP_AUTHORIZATION": f"Bearer {self.secret}"} | headers
        client = Client()
        if method == "GET":
            return client.get(f"/api/cards{path}", **said)  # type: ignore[arg-type]
        return client.generic(method, f"/api/cards{path}", json.dumps(body), content_type="application/json", **said)

    def claim(self, code: str, *, protocol: int = 1, **headers: str) -> Any:
        told = {"protocol": protocol, "code": code, "secret": self.secret, "agent": "0.1 Linux"}
        answer = self.call("POST", "/pairings", told, **headers)
        if answer.status_code == 200:
            self.pairing = answer.json()["id"]
        return answer

    def present(self, signer: FileSigner | None = None, algorithm: str = "") -> Any:
        signer = signer or self.signer
        told = {
            "certificate": _encoded(signer.certificate.public_bytes(Encoding.DER)),
            "chain": [_encoded(each.public_bytes(Encoding.DER)) for each in signer.chain],
            "algorithm": algorithm or signer.algorithm.name,
        }
        return self.call("PUT", f"/pairings/{self.pairing}/certificate", told)

    def standing(self) -> Any:
        return self.call("GET", f"/pairings/{self.pairing}")

    def signatures(self, to_sign: list[Any], signer: FileSigner | None = None) -> list[dict[str, str]]:
        """What the card makes of what it is asked for."""
        signer = signer or self.signer
        return [
            {
                "document": each["id"],
                "value": _encoded(signer.sign(Digest.of(base64.b64decode(each["attributes"]), signer.algorithm.hash))),
            }
            for each in to_sign
        ]

    def deliver(self, signatures: list[dict[str, str]]) -> Any:
        return self.call("PUT", f"/pairings/{self.pairing}/signatures", {"signatures": signatures})

    def fail(self, code: str, *, final: bool) -> Any:
        return self.call("POST", f"/pairings/{self.pairing}/failure", {"code": code, "final": final})


def _encoded(content: bytes) -> str:
    return base64.b64encode(content).decode()


@pytest.fixture
def agent(issuer: StatusService) -> Agent:
    """Carol's: a card in her name, of the authority that the platform knows."""
    return Agent(issuer.pki.agent)


@pytest.fixture
def ask(prove: Callable[["Recipient"], str]) -> Callable[..., str]:
    """Somebody reads, proves who they are, and asks the page for a code, which it shows."""
    from django.utils import timezone
    from paraph_server.cards import actions
    from paraph_server.signing import actions as signing
    from paraph_server.signing.queries import act

    def ask(recipient: "Recipient", **more: Any) -> str:
        proof = prove(recipient)
        by = signing.actor(recipient, address="192.0.2.7", agent="Browser")
        return actions.ask(act(recipient.pk), held=[proof], by=lambda _each: by, at=timezone.now(), **more)[1]

    return ask
