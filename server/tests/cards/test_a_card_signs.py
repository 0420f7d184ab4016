from collections.abc import Callable
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding
from paraph import pades
from paraph.algorithms import SignatureAlgorithm
from paraph.evidence import SignatureLevel
from paraph.keys.file import FileSigner
from paraph.validation import Indication, validate
from paraph_server import trust
from paraph_server.documents import queries as stored
from paraph_server.journal.models import Entry
from paraph_server.signing.models import Signing
from paraph_server.workflows.actions import NewStep
from paraph_server.workflows.models import ConsentPage, Recipient, Status, Workflow
from paraph_testing import pdfs
from paraph_testing.cast import BOB, CAROL, Person
from paraph_testing.signing_service import SigningService
from paraph_testing.status import StatusService
from paraph_testing.trustlist import Publisher

Send = Callable[..., Workflow]
Find = Callable[[Workflow, Person], Recipient]
Ask = Callable[..., str]
Run = Callable[[], int]


def finish(agent: Any, code: str, run_jobs: Run) -> dict[str, Any]:
    """The agent's whole way, from the code to the end."""
    assert agent.claim(code).status_code == 200
    assert agent.present().json()["state"] == "checking"
    run_jobs()
    standing = agent.standing().json()
    assert standing["state"] == "ready", standing
    assert agent.deliver(agent.signatures(standing["toSign"])).json()["state"] == "received"
    run_jobs()
    return dict(agent.standing().json())


def test_the_documents_carry_a_signature_of_her_own_card(
    by_card: Send, recipient: Find, ask: Ask, agent: Any, run_jobs: Run, trust_service: SigningService
) -> None:
    workflow = by_card(CAROL, contents=(pdfs.invoice(), pdfs.invoice(2)))
    assert finish(agent, ask(recipient(workflow, CAROL)), run_jobs)["state"] == "done"
    workflow = Workflow.objects.get(pk=workflow.pk)
    assert workflow.status is Status.FINISHED
    for document in workflow.documents.select_related("current"):
        content = stored.content(document.current)
        [signature] = pades.read(content)
        assert signature.certificate == agent.signer.certificate.public_bytes(Encoding.DER)
        assert validate(content, trusted=trust.trusted(), at=document.updated_at).indication is Indication.TOTAL_PASSED
    assert trust_service.signatures == 0
    assert recipient(workflow, CAROL).level == SignatureLevel.ADVANCED


def test_what_was_checked_and_what_was_not_is_written_down(
    by_card: Send, recipient: Find, ask: Ask, agent: Any, issuer: StatusService, run_jobs: Run
) -> None:
    agent.signer = issuer.pki.qualified
    workflow = by_card(CAROL)
    finish(agent, ask(recipient(workflow, CAROL)), run_jobs)
    details = Entry.objects.get(event="recipient:signed").payload.details
    assert CAROL.last_name in details["certificate"]["subject"]
    before, after = details["checked"], details["checked"]["again"]
    assert before["revocation"]["state"] == after["revocation"]["state"] == "good"
    assert before["revocation"]["at"] < after["revocation"]["at"]
    assert details["checked"]["qualification"] == {"state": "not checked"}
    assert details["checked"]["claims"] == ["qualified", "onDevice"]
    told = Entry.objects.filter(event__startswith="card:").order_by("sequence")
    events = list(told.values_list("event", flat=True))
    assert events == ["card:paired", "card:accepted"]


@pytest.mark.parametrize("algorithm", ["RSA_SHA256", "PSS_SHA384"])
def test_cards_with_rsa_sign_as_they_can(
    by_card: Send, recipient: Find, ask: Ask, agent: Any, issuer: StatusService, run_jobs: Run, algorithm: str
) -> None:
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    made = issuer.pki.seal_of(key, CAROL.name)
    agent.signer = FileSigner(key, made.certificate, made.chain, algorithm=SignatureAlgorithm[algorithm])
    workflow = by_card(CAROL)
    assert finish(agent, ask(recipient(workflow, CAROL)), run_jobs)["state"] == "done"


def test_one_with_a_card_and_one_without_sign_the_same_document(
    invited: Any, with_card: Any, send: Send, recipient: Find, sign: Any, ask: Ask, agent: Any, run_jobs: Run
) -> None:
    """While the card is waited for, the other signature waits; both stand in the document in the end."""
    workflow = send(NewStep([invited(BOB), with_card(CAROL)]))
    code = ask(recipient(workflow, CAROL))
    agent.claim(code)
    agent.present()
    run_jobs()
    to_sign = agent.standing().json()["toSign"]
    sign(recipient(workflow, BOB))
    run_jobs()
    assert Signing.objects.get(recipient=recipient(workflow, BOB)).completed_at is None
    agent.deliver(agent.signatures(to_sign))
    run_jobs()
    assert agent.standing().json()["state"] == "done"
    assert len(pades.read(stored.content(workflow.documents.select_related("current").get().current))) == 1


def test_a_qualified_card_makes_a_qualified_signature(
    by_card: Send, recipient: Find, ask: Ask, agent: Any, issuer: StatusService, lists: Publisher, run_jobs: Run
) -> None:
    agent.signer = issuer.pki.qualified
    workflow = by_card(CAROL)
    ConsentPage.objects.filter(key_holder="card").update(level=SignatureLevel.QUALIFIED)
    assert finish(agent, ask(recipient(workflow, CAROL)), run_jobs)["state"] == "done"
    assert recipient(workflow, CAROL).level == SignatureLevel.QUALIFIED
    checked = Entry.objects.get(event="recipient:signed").payload.details["checked"]
    assert checked["qualification"]["state"] == "qualified"
    assert "FR" in checked["qualification"]["service"]


def test_a_card_that_the_lists_do_not_call_qualified_makes_an_advanced_one(
    by_card: Send, recipient: Find, ask: Ask, agent: Any, lists: Publisher, run_jobs: Run
) -> None:
    workflow = by_card(CAROL)
    assert finish(agent, ask(recipient(workflow, CAROL)), run_jobs)["state"] == "done"
    assert recipient(workflow, CAROL).level == SignatureLevel.ADVANCED


def test_whose_card_does_not_sign_holds_nobody_back(
    invited: Any, with_card: Any, send: Send, recipient: Find, sign: Any, ask: Ask, agent: Any, run_jobs: Run
) -> None:
    workflow = send(NewStep([invited(BOB), with_card(CAROL)]))
    agent.claim(ask(recipient(workflow, CAROL)))
    agent.present()
    run_jobs()
    assert agent.standing().json()["state"] == "ready"
    agent.fail("cancelled", final=True)
    sign(recipient(workflow, BOB))
    run_jobs()
    assert recipient(workflow, BOB).done_at
