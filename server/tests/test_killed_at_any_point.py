"""kill -9 of any program at any point of a signing: after its restart nothing is lost and nothing is signed twice."""

import re
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import quote

import httpx2
import pytest
from paraph import certs, evidence, pades
from paraph.certs import TrustStore
from paraph_testing import pdfs, visitor
from paraph_testing.cast import BOB, CAROL, Person
from paraph_testing.demo import Ports
from paraph_testing.mortal import Mortal

pytestmark = pytest.mark.platform

PATIENCE = 120.0
FORM = re.compile(r'action="[^"]*/(accept|verify|sign)"')

WORKER = [
    "paraph_server.signing.holders:TrustService.credential<",
    "paraph.keys.csc.service:CscService.issue>",
    "paraph_server.signing.holders:TrustService.credential>",
    "paraph_server.signing.execution:_prepare>",
    "paraph_server.signing.execution:prepare>",
    "paraph.keys.csc.service:CscService.sign_with>",
    "paraph_server.signing.execution:_completed>",
    "paraph_server.signing.execution:complete>",
    "paraph_server.workflows.actions.turns:complete>",
    "paraph_server.signing.execution:commit>",
    "paraph_server.sealing.actions:seal>",
    "paraph_server.workflows.actions.ends:finish>",
    "paraph_server.evidence.actions:finish>",
]
TRUST = [
    "paraph_trust.signing.actions:_create_once>",
    "paraph_trust.signing.actions:issue>",
    "paraph_trust.signing.actions:authorise>",
    "paraph_trust.signing.actions:_sign>",
    "paraph_trust.signing.actions:sign>",
    "paraph.timestamps.authority:Authority.grant>",
]
SERVER = [
    "paraph_server.signing.actions:open_session>",
    "paraph_server.signing.actions:accept>",
    "paraph_server.signing.actions:request_code>",
    "paraph_server.identification.actions:verify_code>",
    "paraph_server.signing.actions:verify>",
    "paraph_server.signing.actions:defer>",
    "paraph_server.signing.actions:request_signature>",
]


@pytest.fixture(scope="module")
def platform() -> Iterator[Mortal]:
    points = {"trust": TRUST, "server": SERVER, "worker": WORKER}
    with (
        tempfile.TemporaryDirectory(prefix="paraph-killed-") as name,
        Mortal(Path(name) / "home", Ports.free(), points, armed=False) as platform,
    ):
        yield platform


@pytest.fixture
def api(platform: Mortal) -> Iterator[httpx2.Client]:
    headers = {"Authorization": f"Bearer {platform.account.token}"}
    with httpx2.Client(base_url=f"{platform.url}/api/", headers=headers, timeout=30) as client:
        yield client


@pytest.mark.parametrize("point", WORKER)
def test_the_worker_dies(platform: Mortal, api: httpx2.Client, point: str) -> None:
    survive(platform, api, point)


@pytest.mark.parametrize("point", TRUST)
def test_the_trust_service_dies(platform: Mortal, api: httpx2.Client, point: str) -> None:
    survive(platform, api, point)


@pytest.mark.parametrize("point", SERVER)
def test_the_web_server_dies(platform: Mortal, api: httpx2.Client, point: str) -> None:
    survive(platform, api, point)


def survive(platform: Mortal, api: httpx2.Client, point: str) -> None:
    """Bob and Carol sign two documents at the same time while a program dies."""
    platform.arm(point)
    workflow = send(platform, api)
    with ThreadPoolExecutor() as together:
        acts = [together.submit(sign, platform, api, workflow, person) for person in (BOB, CAROL)]
        patience = time.monotonic() + PATIENCE
        while not all(act.done() for act in acts) or status(platform, workflow) != "finished":
            assert time.monotonic() < patience, f"{workflow} does not finish"
            platform.start_the_dead()
            for act in acts:
                if act.done():
                    act.result()
            time.sleep(0.2)
    assert point not in platform.spared, "nothing died: the test has missed its point"
    platform.start_the_dead()
    each_signed_once(platform, workflow)
    everything_holds(platform, api, workflow)


def each_signed_once(platform: Mortal, workflow: str) -> None:
    """One entry in the journal, one key, used once, for each of them."""
    journal = (
        "SELECT payload.details->>'recipient' FROM journal_entry entry"
        " JOIN journal_payload payload ON entry.id = payload.entry_id WHERE subject = %s AND event = %s"
    )
    signed = platform.rows(journal, workflow, "recipient:signed")
    assert len(signed) == len(set(signed)) == 2
    assert len(platform.rows(journal, workflow, "workflow:signed")) == 1
    assert len(platform.rows(journal, workflow, "workflow:finished")) == 1
    signings = (
        "SELECT signing.id FROM signing_signing signing JOIN workflows_recipient recipient"
        " ON signing.recipient_id = recipient.id JOIN workflows_step step ON recipient.step_id = step.id"
        " WHERE step.workflow_id = %s"
    )
    uses = (
        "SELECT entry.event FROM log_entry entry JOIN signing_credential credential ON entry.subject = credential.id"
        " WHERE credential.request_id LIKE %s ORDER BY sequence"
    )
    for (signing,) in platform.rows(signings, workflow):
        events = [event for (event,) in platform.rows(uses, f"{signing}:%", database="paraph_trust")]
        assert events == ["key:created", "key:used", "key:destroyed"]


def everything_holds(platform: Mortal, api: httpx2.Client, workflow: str) -> None:
    """The delivered documents carry one signature of each, and the evidence agrees with them."""
    documents = [
        api.get(f"documents/{document}/parts/{quote(digest, safe='')}").raise_for_status().content
        for document, digest in parts(platform, workflow)
    ]
    for document in documents:
        signers = sorted(re.findall("CN=([^,+]+)", each.signer)[0] for each in pades.read(document))
        assert signers == [BOB.name, CAROL.name]
    file = api.get(f"workflows/{workflow}/downloadEvidenceCertificate").raise_for_status().content
    trusted = TrustStore(tuple(certs.read((platform.folder / "root.pem").read_bytes())))
    verdict = evidence.verify(file, documents, trusted=trusted, at=datetime.now(UTC))
    assert verdict.holds, str(verdict)


# ---------------------------------------------------------------- people


def send(platform: Mortal, api: httpx2.Client) -> str:
    people = [
        {"email": each.email, "firstName": each.first_name, "lastName": each.last_name, "preferredLocale": "en"}
        for each in (BOB, CAROL)
    ]
    wanted = {"name": "Contract", "steps": [{"recipients": people, "maxInvites": 0}]}
    created = api.post(f"users/{platform.account.user_id}/workflows", json=wanted).raise_for_status().json()
    profile = api.get("signatureProfiles").json()["items"][0]["id"]
    files = [("files", (f"{name}.pdf", pdfs.invoice(number))) for number, name in enumerate(("one", "two"))]
    path = f"workflows/{created['id']}"
    api.post(f"{path}/parts", params={"signatureProfileId": profile}, files=files).raise_for_status()
    api.patch(path, json={"workflowStatus": "started"}).raise_for_status()
    return str(created["id"])


def sign(platform: Mortal, api: httpx2.Client, workflow: str, person: Person) -> None:
    """Do what a patient person does: when a page does not answer, open the link again and go on."""
    asked = api.post(f"workflows/{workflow}/invite", json={"recipientEmail": person.email})
    link = asked.raise_for_status().json()["inviteUrl"]
    before = visitor.messages(platform, person.email)
    tried = before[0]["id"] if before else 0
    patience = time.monotonic() + PATIENCE
    with visitor.Visitor() as browser:
        while time.monotonic() < patience:
            try:
                browser.open(link)
                tried = go_on(platform, browser, person, tried)
                if '"done"' in browser.open(f"{browser.address.rstrip('/')}/state"):
                    return
            except httpx2.TransportError:
                pass
            time.sleep(0.3)
    raise TimeoutError(f"{person.name} could not sign: {browser.page}")


def go_on(platform: Mortal, browser: visitor.Visitor, person: Person, tried: int) -> int:
    """One step further; the number of the last code that was tried."""
    session = browser.address
    form = FORM.search(browser.page)
    match form and form[1]:
        case "accept":
            browser.submit("/accept", agreed="on")
        case "verify":
            tried = enter_code(platform, browser, person, tried)
        case "sign":
            browser.submit("/sign")
    browser.address = session
    return tried


def enter_code(platform: Mortal, browser: visitor.Visitor, person: Person, tried: int) -> int:
    """Enter the newest code; ask for another when it was tried, or did not come."""
    patience = time.monotonic() + 5
    while time.monotonic() < patience:
        for message in visitor.messages(platform, person.email):
            code = visitor.CODE.search(message["text"])
            if code and message["id"] > tried:
                with suppress(httpx2.HTTPStatusError):  # it counted already, though no answer came: ask for another
                    browser.submit("/verify", code=code[0])
                return int(message["id"])
        time.sleep(0.1)
    browser.submit("/code")
    return tried


def status(platform: Mortal, workflow: str) -> str:
    [(finished,)] = platform.rows("SELECT finished_at FROM workflows_workflow WHERE id = %s", workflow)
    return "finished" if finished else "started"


def parts(platform: Mortal, workflow: str) -> list[tuple[str, str]]:
    """The documents, each with the digest of its current part, as the API spells it."""
    query = (
        "SELECT document.id, encode(decode(part.hash, 'hex'), 'base64')"
        " FROM workflows_document document JOIN documents_part part ON document.current_id = part.id"
        " WHERE document.workflow_id = %s"
    )
    return [(document, digest) for document, digest in platform.rows(query, workflow)]
