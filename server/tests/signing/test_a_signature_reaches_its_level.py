"""A signature's level is computed from what was done; one that would stay below what is asked for is not made."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from django.utils import timezone
from paraph import evidence
from paraph.evidence import Means, Proof, SignatureLevel
from paraph.evidence.level import Assurance
from paraph_server.config.options import options
from paraph_server.documents import queries as stored
from paraph_server.signing import actions, queries
from paraph_server.signing.errors import LevelNotReached, NotProven
from paraph_server.workflows.models import ConsentPage, Recipient, Workflow
from paraph_testing.cast import BOB, Person
from paraph_testing.pki import POLICY
from paraph_testing.signing_service import SigningService

Send = Callable[..., Workflow]
Find = Callable[[Workflow, Person], Recipient]
Prove = Callable[[Recipient], str]


def identity(names: str = "same", assurance: Assurance = Assurance.LOW) -> Proof:
    """What FranceConnect would have said."""
    at = datetime.now(UTC).isoformat()
    return Proof("idy_1", Means.FRANCECONNECT, at, assurance=assurance, names=names, address="FranceConnect")


def ask(recipient: Recipient, **asked: Any) -> None:
    ConsentPage.objects.filter(pk=recipient.consent_page_id).update(**asked)


def sign(recipient: Recipient, *held: str) -> None:
    actions.request_signature(recipient, held=held, by=actions.actor(recipient), at=timezone.now())


@pytest.mark.usefixtures("trust_service")
def test_a_proven_name_and_a_code_make_it_advanced(
    send: Send, recipient: Find, prove: Prove, run_jobs: Callable[[], None]
) -> None:
    bob = recipient(send(BOB), BOB)
    ask(bob, level=SignatureLevel.ADVANCED)
    code = prove(bob)
    ask(bob, means=[Means.FRANCECONNECT, Means.EMAIL_CODE])
    bob = recipient(bob.workflow, BOB)
    with pytest.raises(NotProven, match="FranceConnect"):
        sign(bob, code)
    actions.prove(bob, identity(), by=actions.actor(bob), at=timezone.now())
    sign(bob, code, "idy_1")
    run_jobs()
    assert recipient(bob.workflow, BOB).level == SignatureLevel.ADVANCED


@pytest.mark.parametrize("weak", [identity(names=""), identity(assurance=Assurance.NONE)])
def test_what_does_not_reach_the_level_is_not_signed(send: Send, recipient: Find, prove: Prove, weak: Proof) -> None:
    bob = recipient(send(BOB), BOB)
    code = prove(bob)
    ask(bob, means=[Means.FRANCECONNECT, Means.EMAIL_CODE], level=SignatureLevel.ADVANCED)
    bob = recipient(bob.workflow, BOB)
    actions.prove(bob, weak, by=actions.actor(bob), at=timezone.now())
    with pytest.raises(LevelNotReached, match=r"26\(b\)"):
        sign(bob, code, "idy_1")


@pytest.mark.parametrize("listed", [POLICY, "1.2.3.4"])
def test_stars_are_those_of_the_certificates_own_policy(
    listed: str,
    trust_service: SigningService,
    send: Send,
    recipient: Find,
    prove: Prove,
    run_jobs: Callable[[], None],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """They are hoped for until it is there; under a policy that the operator has not listed, nothing is made."""
    monkeypatch.setitem(vars(options()), "rgs", {listed: 1})
    bob = recipient(send(BOB), BOB)
    code = prove(bob)
    ask(bob, means=[Means.FRANCECONNECT, Means.EMAIL_CODE], level=SignatureLevel.RGS_1)
    bob = recipient(bob.workflow, BOB)
    actions.prove(bob, identity(), by=actions.actor(bob), at=timezone.now())
    sign(bob, code, "idy_1")
    run_jobs()
    signing = queries.of(bob)
    assert signing
    if listed != POLICY:
        assert (signing.completed_at, trust_service.signatures) == (None, 0)
        assert "RGS v2" in signing.failure
        return
    assert recipient(bob.workflow, BOB).level == SignatureLevel.ADVANCED
    file = Workflow.objects.select_related("evidence").get(pk=bob.workflow.pk).evidence
    assert file
    [person] = evidence.read(stored.content(file)).people
    assert person.levels == (SignatureLevel.ADVANCED, SignatureLevel.RGS_1)
