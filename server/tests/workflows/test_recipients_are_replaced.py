"""The owner asks somebody else, as long as nobody has acted in that place; the old link ends at once."""

from collections.abc import Callable
from typing import Any

import pytest
from django.utils import timezone
from paraph_server.accounts.models import Tenant
from paraph_server.journal.actions import Actor
from paraph_server.notifications.models import Message
from paraph_server.signing.actions import actor
from paraph_server.workflows import actions, queries
from paraph_server.workflows.errors import AlreadyActed, BadChange, InvitationWithdrawn, WorkflowOver
from paraph_server.workflows.models import Recipient, Workflow
from paraph_testing import pdfs
from paraph_testing.cast import ALICE, BOB, CAROL, Person

Send = Callable[..., Workflow]
Find = Callable[[Workflow, Person], Recipient]
Invited = Callable[..., actions.NewRecipient]


def replace(workflow: Workflow, by: Actor, *steps: actions.NewStep) -> None:
    actions.replace(workflow, steps, by=by, at=timezone.now())


def test_somebody_else_is_invited_in_the_same_place(
    send: Send, recipient: Find, invited: Invited, by_alice: Actor
) -> None:
    workflow = send(BOB)
    bob, step = recipient(workflow, BOB), workflow.steps.get()
    replace(workflow, by_alice, actions.NewStep([invited(CAROL)]))
    carol = recipient(workflow, CAROL)
    assert (carol.step_id, carol.position) == (step.pk, bob.position)
    assert Message.objects.filter(kind="invitation", to=CAROL.email).exists()
    assert Message.objects.filter(kind="replaced", to=BOB.email).exists()
    with pytest.raises(InvitationWithdrawn):
        queries.recipient(bob.pk)


def test_who_stays_keeps_their_invitation(send: Send, recipient: Find, invited: Invited, by_alice: Actor) -> None:
    workflow = send([BOB, CAROL])
    carol = recipient(workflow, CAROL)
    replace(workflow, by_alice, actions.NewStep([invited(ALICE), invited(CAROL)]))
    assert recipient(workflow, CAROL).pk == carol.pk
    assert Message.objects.filter(kind="invitation", to=CAROL.email).count() == 1
    assert {each.email for each in queries.recipients(Workflow.objects.get(pk=workflow.pk))} == {
        ALICE.email,
        CAROL.email,
    }


def test_who_has_acted_is_not_replaced(send: Send, recipient: Find, invited: Invited, by_alice: Actor) -> None:
    workflow = send([BOB, CAROL])
    bob = recipient(workflow, BOB)
    actions.act(bob, by=actor(bob), at=timezone.now())
    with pytest.raises(AlreadyActed):
        replace(workflow, by_alice, actions.NewStep([invited(ALICE), invited(CAROL)]))
    replace(workflow, by_alice, actions.NewStep([invited(BOB), invited(ALICE)]))
    assert recipient(workflow, BOB).pk == bob.pk
    assert recipient(workflow, ALICE).invited_at


def test_a_later_step_changes_without_anybody_being_invited(
    send: Send, recipient: Find, invited: Invited, by_alice: Actor
) -> None:
    workflow = send(BOB, CAROL)
    later = workflow.steps.all()[1]
    replace(workflow, by_alice, actions.NewStep([invited(ALICE)], id=later.pk))
    assert recipient(workflow, ALICE).invited_at is None
    assert not Message.objects.filter(to=CAROL.email).exists()


def test_no_step_is_added_and_none_is_left_empty(send: Send, invited: Invited, by_alice: Actor) -> None:
    workflow = send(BOB)
    with pytest.raises(BadChange):
        replace(workflow, by_alice, actions.NewStep([invited(BOB)]), actions.NewStep([invited(CAROL)]))
    with pytest.raises(BadChange):
        replace(workflow, by_alice, actions.NewStep([invited(CAROL)], required=2))


def test_nothing_changes_after_the_end(send: Send, invited: Invited, by_alice: Actor) -> None:
    workflow = send(BOB)
    actions.stop(workflow, by=by_alice, at=timezone.now())
    with pytest.raises(WorkflowOver):
        replace(workflow, by_alice, actions.NewStep([invited(CAROL)]))


def test_over_the_api_steps_keep_their_identifiers(tenant: Tenant, api: Any, draft: Callable[..., Any]) -> None:
    def guest(person: Person) -> dict[str, str]:
        return {"email": person.email, "firstName": person.first_name, "lastName": person.last_name}

    made = draft(guest(BOB), guest(CAROL))
    ids = [each["id"] for each in made["steps"]]
    changed = api("PATCH", f"workflows/{made['id']}", {"steps": [{"recipients": [guest(ALICE)]}, made["steps"][1]]})
    assert [each["id"] for each in changed.json()["steps"]] == ids
    profile = api("GET", "signatureProfiles").json()["items"][0]["id"]
    path = f"workflows/{made['id']}/parts?signatureProfileId={profile}"
    api.send("POST", path, pdfs.invoice(), content_type="application/pdf")
    api("PATCH", f"workflows/{made['id']}", {"workflowStatus": "started"})
    answer = api("PATCH", f"workflows/{made['id']}", {"steps": [{"id": ids[0], "recipients": [guest(BOB)]}]}).json()
    assert [each["id"] for each in answer["steps"]] == ids
    assert answer["currentRecipientEmails"] == [BOB.email]
    assert [each["operation"] for each in answer["steps"][0]["logs"]] == ["start", "invite", "replace", "invite"]
