"""Links, codes and turns: whoever is not the signer, or comes at the wrong time, is told so and changes nothing."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone
from paraph.evidence import Means
from paraph_server.documents.actions import keep
from paraph_server.identification.errors import WrongCode
from paraph_server.signing import actions, queries
from paraph_server.signing.errors import BadMark, DocumentsChanged, NotAccepted, NotProven
from paraph_server.signing.models import Signing
from paraph_server.signing.queries import Stage
from paraph_server.workflows import actions as workflows
from paraph_server.workflows import invites
from paraph_server.workflows.errors import (
    AlreadyActed,
    BadInvitation,
    NotYourTurn,
    WorkflowExpired,
    WorkflowOver,
)
from paraph_server.workflows.models import Recipient, Workflow
from paraph_testing.cast import ALICE, BOB, CAROL, Person

Send = Callable[..., Workflow]
Find = Callable[[Workflow, Person], Recipient]
Prove = Callable[[Recipient], str]


def act(recipient: Recipient, proof: str, *, after: timedelta = timedelta()) -> Signing:
    at = timezone.now() + after
    return actions.request_signature(recipient, held=[proof], by=actions.actor(recipient), at=at)


def accept(recipient: Recipient, shown: str) -> None:
    actions.accept(recipient, shown=shown, language="en", by=actions.actor(recipient), at=timezone.now())


def test_nobody_signs_before_their_turn(send: Send, recipient: Find) -> None:
    carol = recipient(send(BOB, CAROL), CAROL)
    with pytest.raises(NotYourTurn):
        actions.open_session(carol, by=actions.actor(carol), at=timezone.now())


def test_without_consent_no_code_and_no_signature(send: Send, recipient: Find) -> None:
    bob = recipient(send(BOB), BOB)
    actions.open_session(bob, by=actions.actor(bob), at=timezone.now())
    with pytest.raises(NotAccepted):
        actions.request_code(bob, Means.EMAIL_CODE, by=actions.actor(bob), at=timezone.now())
    with pytest.raises(NotAccepted):
        act(bob, "")


def test_without_the_code_no_signature(send: Send, recipient: Find, prove: Prove) -> None:
    bob = recipient(send(BOB), BOB)
    prove(bob)
    with pytest.raises(NotProven):
        act(bob, "")


def test_the_proof_of_another_code_is_none(send: Send, recipient: Find, prove: Prove) -> None:
    """Whoever holds Bob's link and not his code cannot sign, even while Bob is at it."""
    workflow = send([BOB, CAROL])
    prove(recipient(workflow, BOB))
    carols = prove(recipient(workflow, CAROL))
    with pytest.raises(NotProven):
        act(recipient(workflow, BOB), carols)


def test_a_proof_grows_stale(send: Send, recipient: Find, prove: Prove) -> None:
    bob = recipient(send(BOB), BOB)
    proof = prove(bob)
    with pytest.raises(NotProven):
        act(bob, proof, after=timedelta(minutes=31))
    signing, at = queries.of(bob), timezone.now() + timedelta(minutes=31)
    assert queries.stage(bob, signing, held=[proof], at=at) is Stage.IDENTIFY


def test_accepting_again_asks_for_a_new_code(send: Send, recipient: Find, prove: Prove) -> None:
    bob = recipient(send(BOB), BOB)
    proof = prove(bob)
    accept(bob, queries.consent_digest(bob.consent_page.text("en"), queries.shown(bob)))
    with pytest.raises(NotProven):
        act(bob, proof)


def test_a_wrong_code_proves_nothing(send: Send, recipient: Find) -> None:
    bob = recipient(send(BOB), BOB)
    by, at = actions.actor(bob), timezone.now()
    actions.open_session(bob, by=by, at=at)
    accept(bob, queries.consent_digest(bob.consent_page.text("en"), queries.shown(bob)))
    actions.request_code(bob, Means.EMAIL_CODE, by=by, at=at)
    with pytest.raises(WrongCode):
        actions.verify(bob, code="not a code", by=by, at=at)


def test_consent_to_other_documents_is_none(send: Send, recipient: Find) -> None:
    bob = recipient(send(BOB), BOB)
    actions.open_session(bob, by=actions.actor(bob), at=timezone.now())
    other = keep(bob.tenant_id, b"something else", "other.pdf", "application/pdf", at=timezone.now())
    with pytest.raises(DocumentsChanged):
        accept(bob, queries.consent_digest(bob.consent_page.text("en"), [other]))


def test_consent_to_another_text_is_none(send: Send, recipient: Find) -> None:
    bob = recipient(send(BOB), BOB)
    actions.open_session(bob, by=actions.actor(bob), at=timezone.now())
    with pytest.raises(DocumentsChanged):
        accept(bob, queries.consent_digest("I agree to nothing.", queries.shown(bob)))


def test_the_second_click_changes_nothing(send: Send, recipient: Find, prove: Prove) -> None:
    bob = recipient(send(BOB), BOB)
    proof = prove(bob)
    first = act(bob, proof)
    second = act(recipient(bob.workflow, BOB), proof, after=timedelta(seconds=3))
    assert (second.pk, second.requested_at) == (first.pk, first.requested_at)


def test_whoever_has_signed_can_neither_refuse_nor_begin_again(send: Send, recipient: Find, prove: Prove) -> None:
    bob = recipient(send(BOB), BOB)
    shown = queries.consent_digest(bob.consent_page.text("en"), queries.shown(bob))
    act(bob, prove(bob))
    bob = recipient(bob.workflow, BOB)
    with pytest.raises(AlreadyActed):
        accept(bob, shown)
    with pytest.raises(AlreadyActed):
        workflows.refuse(bob, reason="changed my mind", by=actions.actor(bob), at=timezone.now())


def test_a_refusal_stops_the_workflow_for_everybody(send: Send, recipient: Find) -> None:
    workflow = send(BOB, CAROL)
    bob = recipient(workflow, BOB)
    workflows.refuse(bob, reason="wrong amount", by=actions.actor(bob), at=timezone.now())
    workflow.refresh_from_db()
    assert (workflow.status.value, workflow.stop_reason) == ("stopped", "refused")
    with pytest.raises(WorkflowOver):
        actions.open_session(recipient(workflow, CAROL), by=actions.actor(bob), at=timezone.now())


def test_after_the_time_is_over(send: Send, recipient: Find, prove: Prove) -> None:
    bob = recipient(send(BOB, validity=timedelta(days=2)), BOB)
    proof = prove(bob)
    with pytest.raises(WorkflowExpired):
        act(bob, proof, after=timedelta(days=3))


def test_when_enough_others_have_signed(
    send: Send, recipient: Find, prove: Prove, sign: Callable[..., None], run_jobs: Callable[[], int]
) -> None:
    workflow = send([BOB, CAROL], required=1)
    proof = prove(recipient(workflow, CAROL))
    sign(recipient(workflow, BOB))
    run_jobs()
    with pytest.raises(WorkflowOver):
        act(recipient(workflow, CAROL), proof)


@pytest.mark.parametrize("drawing", ["data:image/png;base64,AAAA", "data:image/svg+xml;base64,PHN2Zy8+", "x"])
def test_a_drawing_that_is_none(send: Send, recipient: Find, prove: Prove, drawing: str) -> None:
    bob = recipient(send(BOB), BOB)
    proof = prove(bob)
    with pytest.raises(BadMark):
        actions.request_signature(bob, held=[proof], mark=drawing, by=actions.actor(bob), at=timezone.now())


def test_a_link_is_good_for_its_recipient_and_its_time(send: Send, recipient: Find) -> None:
    bob, now = recipient(send(BOB), BOB), timezone.now()
    token = invites.token(bob, at=now)
    assert invites.read(token, at=now) == invites.Invite(bob.tenant_id, bob.pk)
    with pytest.raises(BadInvitation):
        invites.read(token, at=now + invites.KEPT)


def test_a_link_that_we_did_not_make(send: Send, recipient: Find) -> None:
    now = timezone.now()
    header, claims, signature = invites.token(recipient(send(BOB), BOB), at=now).split(".")
    unsigned = "eyJhbGciOiJub25lIn0"  # {"alg":"none"}
    for forged in ("", "x", f"{header}.{claims}", f"{unsigned}.{claims}.", f"{header}.{claims}.{signature[::-1]}"):
        with pytest.raises(BadInvitation):
            invites.read(forged, at=now)


def test_the_sender_cannot_sign_for_others(send: Send, recipient: Find) -> None:
    """Alice may have a link made, but the code goes to Bob."""
    bob = recipient(send(BOB), BOB)
    actions.open_session(bob, by=actions.actor(bob), at=timezone.now())
    accept(bob, queries.consent_digest(bob.consent_page.text("en"), queries.shown(bob)))
    masked = actions.request_code(bob, Means.EMAIL_CODE, by=actions.actor(bob), at=timezone.now())
    assert masked == "b••@example.org"
    assert ALICE.email not in masked
