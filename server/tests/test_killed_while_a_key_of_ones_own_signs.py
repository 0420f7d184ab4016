"""kill -9 between a signer's own key, on a card or at a provider, and the platform: nothing is lost or signed twice.

One platform, one person, all points: whenever something dies it is started again, and the person goes on as people do.
"""

import re
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote

import httpx2
import pytest
from cryptography.hazmat.primitives.serialization import Encoding
from paraph import certs, evidence, pades
from paraph.algorithms import Digest
from paraph.certs import TrustStore
from paraph.keys.file import FileSigner
from paraph_agent import paired
from paraph_agent.errors import AgentError
from paraph_agent.links import Invitation
from paraph_testing import pdfs
from paraph_testing.cast import CAROL
from paraph_testing.demo import Ports
from paraph_testing.mortal import Mortal
from paraph_testing.qtsp import CLIENT, PASSWORD, PIN, SECRET, Qtsp
from paraph_testing.visitor import Visitor

pytestmark = pytest.mark.platform

PATIENCE = 240.0
CARD = [
    "paraph_server.cards.actions:claim>",
    "paraph_server.signing.brought:_sign>",  # the values are stored, and not for good yet
    "paraph_server.cards.actions:deliver>",
]
PROVIDER = [
    "paraph_server.authorisations.actions:_take>",
    "paraph_server.authorisations.actions:_receive_certificates>",
    "paraph_server.providers.exchange:sign>",  # the provider has signed, and nobody knows it yet
    "paraph_server.authorisations.actions:_receive_signatures>",
]
WORKER = [
    "paraph_server.signing.brought:_prepare>",
    "paraph_server.cards.actions:settle<",
    "paraph_server.signing.certificates:check_again>",
    "paraph_server.signing.execution:commit>",
    "paraph_server.signing.execution:complete>",
]
TAKEN = {"card": "card:accepted", "provider": "authorisation:given"}
"""What the journal says once of each signature that was taken."""


@pytest.fixture(scope="module")
def qtsp() -> Iterator[Qtsp]:
    with Qtsp() as provider:
        provider.open("carol", provider.pki.qualified)
        yield provider


@pytest.fixture(scope="module")
def platform(qtsp: Qtsp) -> Iterator[Mortal]:
    with tempfile.TemporaryDirectory(prefix="paraph-killed-") as name:
        mortal = Mortal(Path(name), Ports.free(), {"server": [*CARD, *PROVIDER], "worker": WORKER})
        (mortal.folder / "card-roots.pem").write_bytes(qtsp.pki.root.certificate.public_bytes(Encoding.PEM))
        with mortal:
            yield mortal


@pytest.fixture
def api(platform: Mortal) -> Iterator[httpx2.Client]:
    headers = {"Authorization": f"Bearer {platform.account.token}"}
    with httpx2.Client(base_url=f"{platform.url}/api/", headers=headers, timeout=30) as client:
        yield client


def test_everything_dies_once(platform: Mortal, api: httpx2.Client, qtsp: Qtsp) -> None:
    api.post(
        "signingProviders",
        json={"name": "Atelier Trust", "address": qtsp.url, "clientId": CLIENT, "clientSecret": SECRET},
    ).raise_for_status()
    carol = Carol(platform, qtsp)
    for holder in ("card", "provider"):
        workflow = send(platform, api, holder)
        carol.sign(api, workflow, holder)
        signed_once(platform, workflow, holder)
        everything_holds(platform, api, workflow, qtsp)
    assert platform.spared == []
    asked = {grant.asked["hashes"] for grant in qtsp.codes.values() if grant.scope == "credential"}
    assert len(asked) == 1, "whatever her provider was asked again, it was asked for the same"


def signed_once(platform: Mortal, workflow: str, holder: str) -> None:
    journal = Counter(
        event for (event,) in platform.rows("SELECT event FROM journal_entry WHERE subject = %s", workflow)
    )
    for event in ("recipient:acted", "recipient:signed", "workflow:signed", "workflow:finished", TAKEN[holder]):
        assert journal[event] == 1, journal


def everything_holds(platform: Mortal, api: httpx2.Client, workflow: str, qtsp: Qtsp) -> None:
    """Each document carries one signature of Carol's, and the evidence agrees with it."""
    parts = platform.rows(
        "SELECT document.id, encode(decode(part.hash, 'hex'), 'base64') FROM workflows_document document"
        " JOIN documents_part part ON document.current_id = part.id WHERE document.workflow_id = %s",
        workflow,
    )
    documents = [
        api.get(f"documents/{document}/parts/{quote(digest, safe='')}").raise_for_status().content
        for document, digest in parts
    ]
    assert [len(list(pades.read(each))) for each in documents] == [1, 1]
    file = api.get(f"workflows/{workflow}/downloadEvidenceCertificate").raise_for_status().content
    own = certs.read((platform.folder / "root.pem").read_bytes())
    trusted = TrustStore((*own, *qtsp.pki.trusted.roots))
    verdict = evidence.verify(file, documents, trusted=trusted, at=datetime.now(UTC))
    assert verdict.holds, str(verdict)


def send(platform: Mortal, api: httpx2.Client, holder: str) -> str:
    """Two documents for Carol, who signs with what this consent page asks for."""
    [page] = until(
        lambda: [each["id"] for each in api.get("consentPages").json()["items"] if each["keyHolder"] == holder],
        platform,
    )
    carol = {"email": CAROL.email, "firstName": CAROL.first_name, "lastName": CAROL.last_name, "consentPageId": page}
    wanted = {"name": "Contract", "steps": [{"recipients": [carol | {"preferredLocale": "en"}], "maxInvites": 0}]}
    created = api.post("users/me/workflows", json=wanted).raise_for_status().json()["id"]
    profile = api.get("signatureProfiles").json()["items"][0]["id"]
    files = [("files", (f"{name}.pdf", pdfs.invoice(number))) for number, name in enumerate(("one", "two"))]
    path = f"workflows/{created}"
    api.post(f"{path}/parts", params={"signatureProfileId": profile}, files=files).raise_for_status()
    api.patch(path, json={"workflowStatus": "started"}).raise_for_status()
    return str(created)


def until(found: Callable[[], Any], platform: Mortal) -> Any:
    """What is found once it is there; meanwhile the dead are started again."""
    patience = time.monotonic() + PATIENCE
    while not (there := found()):
        assert time.monotonic() < patience, "it takes too long"
        platform.start_the_dead()
        time.sleep(0.1)
    return there


# ---------------------------------------------------------------- Carol, her browser, her agent, her provider


@dataclass
class Carol:
    """Does what a patient person does: when a page does not answer, she opens the link again and goes on."""

    platform: Mortal
    qtsp: Qtsp
    card: FileSigner = field(init=False)

    def __post_init__(self) -> None:
        self.card = self.qtsp.pki.agent

    def sign(self, api: httpx2.Client, workflow: str, holder: str) -> None:
        asked = api.post(f"workflows/{workflow}/invite", json={"recipientEmail": CAROL.email})
        link = asked.raise_for_status().json()["inviteUrl"]
        go_on = {"card": self._with_the_card, "provider": self._at_the_provider}[holder]
        finished = "SELECT id FROM workflows_workflow WHERE id = %s AND finished_at IS NOT NULL"
        with Visitor() as browser:

            def tried() -> bool:
                with suppress(httpx2.TransportError):
                    browser.open(link)
                    if "/accept" in browser.page:
                        browser.submit("/accept", agreed="on")
                    go_on(browser)
                return bool(self.platform.rows(finished, workflow))

            until(tried, self.platform)

    def _with_the_card(self, browser: Visitor) -> None:
        """Ask the page for a code, and have the agent do the rest."""
        if "/card" not in browser.page:
            return
        browser.submit("/card")
        code = re.findall(r'<code class="big">([^<]+)</code>', browser.page)
        origin = self.platform.url
        agent = paired.Platform(origin, pause=lambda _seconds: self.platform.start_the_dead())
        with suppress(AgentError):
            self._lend(agent, Invitation(origin, code[0].replace(" ", "").replace("-", ""), by_link=False))
        agent.close()

    def _lend(self, agent: paired.Platform, invitation: Invitation) -> None:
        request = agent.claim(invitation)
        standing = agent.present(request, self.card.certificate, self.card.chain, self.card.algorithm.name)
        while standing.state in {"claimed", "checking"}:
            self.platform.start_the_dead()
            time.sleep(0.1)
            standing = agent.standing(request)
        made = [
            (each.document, self.card.sign(Digest.of(each.attributes, self.card.algorithm.hash)))
            for each in standing.to_sign
        ]
        assert agent.deliver(request, made).state in {"received", "done"}

    def _at_the_provider(self, browser: Visitor) -> None:
        """Press the button that the page shows: to sign in there, or to give leave."""
        browser.open(f"{browser.address.rstrip('/')}/provider")
        if "/provider/leave" in browser.page:
            browser.submit("/provider/leave")
            self._visit(browser, pin=PIN)
        elif begin := re.search(r'action="[^"]*(/provider/tsp_[^"]+)"', browser.page):
            browser.submit(begin[1])
            self._visit(browser, account="carol", password=PASSWORD)

    def _visit(self, browser: Visitor, **said: str) -> None:
        """Fill in the provider's page, and let it send the browser back."""
        [address] = re.findall(r'content="0; url=([^"]+)"', browser.page)
        answer = httpx2.post(address.replace("&amp;", "&"), data=said, cookies={"account": "carol"})
        browser.open(answer.headers["Location"])
