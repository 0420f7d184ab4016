"""Between consent, preparation and completion nobody can put something else under a card's signature."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from paraph import pades
from paraph.evidence import SignatureLevel
from paraph_server import trust
from paraph_server.documents import actions as documents
from paraph_server.documents import queries as stored
from paraph_server.journal.models import Entry
from paraph_server.signing import tasks
from paraph_server.signing.models import Signing
from paraph_server.workflows.actions import NewStep
from paraph_server.workflows.models import ConsentPage, Document, Recipient, Status, Workflow
from paraph_testing import pdfs
from paraph_testing.cast import BOB, CAROL, Person
from paraph_testing.signing_service import SigningService
from paraph_testing.status import StatusService
from paraph_testing.trustlist import Publisher

Send = Callable[..., Workflow]
Find = Callable[[Workflow, Person], Recipient]
Ask = Callable[..., str]
Run = Callable[[], int]


def exchange(workflow: Workflow) -> None:
    other = documents.keep(
        workflow.tenant_id, pdfs.invoice(2), "contract.pdf", "application/pdf", pages=1, at=timezone.now()
    )
    Document.objects.update(current=other)


def unsigned(workflow: Workflow) -> bool:
    document = workflow.documents.select_related("current").get()
    return pades.read(stored.content(document.current)) == []


def test_a_document_put_in_its_place_before_the_card_came(
    by_card: Send, recipient: Find, ask: Ask, agent: Any, run_jobs: Run
) -> None:
    workflow = by_card(CAROL)
    agent.claim(ask(recipient(workflow, CAROL)))
    exchange(workflow)
    agent.present()
    run_jobs()
    standing = agent.standing().json()
    assert (standing["state"], standing["toSign"]) == ("over", [])


@pytest.mark.parametrize("when", ["before the card has signed", "afterwards"])
def test_a_document_put_in_its_place_later(
    by_card: Send, recipient: Find, ask: Ask, agent: Any, run_jobs: Run, when: str
) -> None:
    workflow = by_card(CAROL)
    agent.claim(ask(recipient(workflow, CAROL)))
    agent.present()
    run_jobs()
    signed = agent.signatures(agent.standing().json()["toSign"])
    if when == "before the card has signed":
        exchange(workflow)
        assert agent.deliver(signed).status_code == 409
    else:
        assert agent.deliver(signed).status_code == 200
        exchange(workflow)
    run_jobs()
    assert unsigned(workflow)
    assert Workflow.objects.get().status is Status.STARTED


def test_a_card_that_is_revoked_while_it_signs(
    by_card: Send, recipient: Find, ask: Ask, agent: Any, issuer: StatusService, run_jobs: Run
) -> None:
    """Nothing of it is delivered; Carol may sign again, with another card."""
    workflow = by_card(CAROL)
    agent.claim(ask(recipient(workflow, CAROL)))
    agent.present()
    run_jobs()
    agent.deliver(agent.signatures(agent.standing().json()["toSign"]))
    issuer.pki.revoke(agent.signer.certificate)
    run_jobs()
    standing = agent.standing().json()
    assert standing["state"] == "over"
    assert "revoked" in standing["reason"]
    assert unsigned(workflow)


def test_a_certificate_that_is_not_qualified_any_more_when_its_card_has_signed(
    by_card: Send, recipient: Find, ask: Ask, agent: Any, issuer: StatusService, lists: Publisher, run_jobs: Run
) -> None:
    """What would be of a lower level than Carol was asked for is not made; she may sign again, with another card."""
    agent.signer = issuer.pki.qualified
    workflow = by_card(CAROL)
    ConsentPage.objects.filter(key_holder="card").update(level=SignatureLevel.QUALIFIED)
    agent.claim(ask(recipient(workflow, CAROL)))
    agent.present()
    run_jobs()
    agent.deliver(agent.signatures(agent.standing().json()["toSign"]))
    fetched = trust.trusted_lists()
    assert fetched
    Publisher(issuer.pki, status="withdrawn").teach(fetched.folder)
    run_jobs()
    standing = agent.standing().json()
    assert standing["state"] == "over"
    assert "would not be of the level" in standing["reason"]
    assert unsigned(workflow)


def test_a_signature_that_others_have_overtaken_is_made_again(
    invited: Any,
    with_card: Any,
    send: Send,
    recipient: Find,
    sign: Any,
    ask: Ask,
    agent: Any,
    run_jobs: Run,
    trust_service: SigningService,
) -> None:
    """After an hour without time-stamps Bob's comes first: what Carol's card signed has no place any more."""
    workflow = send(NewStep([invited(BOB), with_card(CAROL)]))

    def lend() -> None:
        agent.claim(ask(recipient(workflow, CAROL)))
        agent.present()
        run_jobs()
        assert agent.deliver(agent.signatures(agent.standing().json()["toSign"])).status_code == 200

    lend()
    trust_service.stamps = False
    run_jobs()
    Signing.objects.update(certificate_expires_at=timezone.now() - timedelta(seconds=1))
    trust_service.stamps = True
    sign(recipient(workflow, BOB))
    run_jobs()
    signing = Signing.objects.get(recipient=recipient(workflow, CAROL))
    tasks.perform(signing.tenant_id, signing.pk)
    assert "has to be made again" in agent.standing().json()["reason"]
    lend()
    run_jobs()
    assert agent.standing().json()["state"] == "done"
    document = workflow.documents.select_related("current").get()
    assert len(pades.read(stored.content(document.current))) == 2
    assert Entry.objects.filter(event="recipient:acted").count() == 2
