"""A recipient hands their turn to somebody else, who then acts in their own name."""

from collections.abc import Callable

import pytest
from django.utils import timezone
from paraph import pades
from paraph_server.documents import queries as stored
from paraph_server.journal.models import Entry
from paraph_server.notifications.models import Message
from paraph_server.signing.actions import actor
from paraph_server.workflows import actions, queries
from paraph_server.workflows.errors import BadRecipient, InvitationWithdrawn, NoSuchRecipient, NotDelegable
from paraph_server.workflows.models import Recipient, Status, Workflow
from paraph_testing.cast import ALICE, BOB, CAROL, Person

Send = Callable[..., Workflow]
Find = Callable[[Workflow, Person], Recipient]


def delegate(recipient: Recipient, to: Person) -> Recipient:
    return actions.delegate(
        recipient,
        email=to.email,
        first_name=to.first_name,
        last_name=to.last_name,
        phone_number=to.phone_number,
        by=actor(recipient),
        at=timezone.now(),
    )


def test_the_certificate_is_in_the_name_of_who_acts(
    send: Send, recipient: Find, sign: Callable[..., None], run_jobs: Callable[[], int]
) -> None:
    workflow = send(BOB, allow_delegation=True)
    delegate(recipient(workflow, BOB), CAROL)
    sign(recipient(workflow, CAROL))
    run_jobs()
    workflow = Workflow.objects.get(pk=workflow.pk)
    assert workflow.status is Status.FINISHED
    [signature] = pades.read(stored.content(workflow.documents.get().current))
    assert "CN=Carol" in signature.signer


def test_the_old_link_ends_the_new_person_and_the_sender_are_told(send: Send, recipient: Find) -> None:
    workflow = send(BOB, allow_delegation=True)
    bob = recipient(workflow, BOB)
    carol = delegate(bob, CAROL)
    with pytest.raises(InvitationWithdrawn):
        queries.recipient(bob.pk)
    assert carol.delegated_from_id == bob.pk
    assert carol.position == bob.position
    assert Message.objects.filter(kind="invitation", to=CAROL.email).count() == 1
    assert Message.objects.filter(kind="delegated", to=ALICE.email).count() == 1
    entry = Entry.objects.get(event="recipient:delegated")
    assert entry.actor_id == bob.pk
    assert (entry.payload.details["recipient"], entry.payload.details["successor"]) == (bob.pk, carol.pk)
    with pytest.raises(NoSuchRecipient):
        actions.act(bob, by=actor(bob), at=timezone.now())


def test_nobody_is_invited_where_the_caller_hands_out_the_links(send: Send, recipient: Find) -> None:
    workflow = send(BOB, allow_delegation=True, max_invites=0)
    delegate(recipient(workflow, BOB), CAROL)
    assert not Message.objects.filter(kind="invitation").exists()
    assert not Entry.objects.filter(event="recipient:invited").exists()
    assert Message.objects.filter(kind="delegated", to=ALICE.email).count() == 1


def test_only_where_the_sender_allows_it(send: Send, recipient: Find) -> None:
    with pytest.raises(NotDelegable):
        delegate(recipient(send(BOB), BOB), CAROL)


def test_nobody_gets_two_places_in_a_step(send: Send, recipient: Find) -> None:
    workflow = send([BOB, CAROL], allow_delegation=True)
    with pytest.raises(BadRecipient):
        delegate(recipient(workflow, BOB), CAROL)


def test_of_who_takes_over_the_same_documents_are_asked(
    send: Send, recipient: Find, invited: Callable[..., actions.NewRecipient]
) -> None:
    asked = [actions.NewRequest("Identity card", content_types=["application/pdf"])]
    workflow = send(actions.NewStep([invited(BOB, requests=asked)], allow_delegation=True))
    carol = delegate(recipient(workflow, BOB), CAROL)
    assert [each.name for each in carol.requested_documents.all()] == ["Identity card"]
