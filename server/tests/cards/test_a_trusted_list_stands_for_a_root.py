"""A qualified card needs no root of the operator's: a trusted list names its issuer, and for nothing else."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.serialization import Encoding
from paraph.evidence import SignatureLevel
from paraph.keys.file import FileSigner
from paraph.trustlists import TrustedLists
from paraph.validation import Indication, validate
from paraph_server import trust
from paraph_server.documents import queries as stored
from paraph_server.journal.models import Entry
from paraph_server.workflows.actions import NewStep
from paraph_server.workflows.anchors import trusted
from paraph_server.workflows.models import ConsentPage, Recipient, Status, Step, Workflow
from paraph_testing.cast import BOB, CAROL, Person
from paraph_testing.signing_service import SigningService
from paraph_testing.status import StatusService
from paraph_testing.trustlist import Publisher

Send = Callable[..., Workflow]
Find = Callable[[Workflow, Person], Recipient]
Ask = Callable[..., str]
Run = Callable[[], int]
Publish = Callable[..., None]


@pytest.fixture
def issuer(trust_service: SigningService) -> Iterator[StatusService]:
    """The authority behind the cards, which the operator has not written down."""
    with StatusService(datetime.now(UTC)) as service:
        yield service


@pytest.fixture
def publish(issuer: StatusService, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Publish:
    def publish(**service: Any) -> None:
        publisher, lists = Publisher(issuer.pki, **service), TrustedLists(tmp_path)
        signers = [publisher.signer.certificate]
        lists.refresh(address=publisher.address, signers=signers, get=publisher.get, at=issuer.pki.at)
        monkeypatch.setattr(trust, "trusted_lists", lambda: lists)

    return publish


@pytest.fixture
def presented(by_card: Send, recipient: Find, ask: Ask, agent: Any, issuer: StatusService, run_jobs: Run) -> Any:
    """Carol's agent, after it presented what lies on her card: her certificate, and none of its issuers."""

    def presented(signer: Any = None) -> Any:
        whose = signer or issuer.pki.qualified
        agent.signer = FileSigner(whose._key, whose.certificate)
        agent.claim(ask(recipient(by_card(CAROL), CAROL)))
        agent.present()
        run_jobs()
        return agent.standing().json()

    return presented


def test_it_signs(
    invited: Any,
    with_card: Any,
    send: Send,
    recipient: Find,
    sign: Any,
    ask: Ask,
    agent: Any,
    issuer: StatusService,
    publish: Publish,
    run_jobs: Run,
) -> None:
    """And what others put on top, a seal and the evidence, holds, though the service is withdrawn meanwhile."""
    publish()
    agent.signer = issuer.pki.qualified
    workflow = send(NewStep([with_card(CAROL)]), BOB, NewStep([], kind=Step.Kind.SEAL))
    ConsentPage.objects.filter(key_holder="card").update(level=SignatureLevel.QUALIFIED)
    agent.claim(ask(recipient(workflow, CAROL)))
    agent.present()
    run_jobs()
    standing = agent.standing().json()
    assert standing["state"] == "ready", standing
    agent.deliver(agent.signatures(standing["toSign"]))
    run_jobs()
    carol = recipient(workflow, CAROL)
    assert carol.level == SignatureLevel.QUALIFIED
    assert bytes(carol.anchor or b"") == issuer.pki.issuing.certificate.public_bytes(Encoding.DER)
    checked = Entry.objects.get(event="recipient:signed").payload.details["checked"]
    assert checked["listed"]
    assert "Test Issuing CA" in checked["path"][-1]
    publish(status="withdrawn")
    sign(recipient(workflow, BOB))
    run_jobs()
    workflow = Workflow.objects.get(pk=workflow.pk)
    assert workflow.status is Status.FINISHED, workflow.repair_reason
    content, at = stored.content(workflow.documents.get().current), datetime.now(UTC)
    assert validate(content, trusted=trusted(workflow), at=at).indication is Indication.TOTAL_PASSED
    assert validate(content, trusted=trust.trusted(), at=at).indication is Indication.INDETERMINATE


@pytest.mark.parametrize("status", ["withdrawn", "deprecatedatnationallevel"])
def test_a_service_that_is_not_granted_is_refused(presented: Any, publish: Publish, status: str) -> None:
    publish(status=status)
    standing = presented()
    assert (standing["state"], "is not among those" in standing["reason"]) == ("refused", True)


def test_so_is_what_is_not_qualified(presented: Any, publish: Publish, issuer: StatusService) -> None:
    publish()
    assert presented(issuer.pki.agent)["state"] == "refused"


def test_so_is_a_qualified_one_without_lists(presented: Any) -> None:
    assert presented()["state"] == "refused"


def test_one_that_was_revoked_is(presented: Any, publish: Publish, issuer: StatusService) -> None:
    publish()
    issuer.pki.revoke(issuer.pki.qualified.certificate)
    standing = presented()
    assert (standing["state"], "revoked" in standing["reason"]) == ("refused", True)


def test_a_service_that_is_withdrawn_while_the_pin_is_typed(
    presented: Any, publish: Publish, agent: Any, run_jobs: Run
) -> None:
    """What the card has signed by then is not used."""
    publish()
    standing = presented()
    assert standing["state"] == "ready"
    publish(status="withdrawn")
    agent.deliver(agent.signatures(standing["toSign"]))
    run_jobs()
    standing = agent.standing().json()
    assert (standing["state"], "is not among those" in standing["reason"]) == ("over", True)
    assert Workflow.objects.get().signed_at is None
