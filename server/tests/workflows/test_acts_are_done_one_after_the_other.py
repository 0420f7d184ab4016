"""Whatever happens at the same moment, one comes first, and the other one finds it done."""

import threading
from collections.abc import Callable

import pytest
from django.db import connection
from django.utils import timezone
from paraph_server.accounts.models import Tenant
from paraph_server.accounts.tenancy import tenant_context
from paraph_server.journal.actions import Actor
from paraph_server.signing.actions import actor
from paraph_server.web.errors import PlatformError
from paraph_server.workflows import actions, queries
from paraph_server.workflows.machine import Act
from paraph_server.workflows.models import Recipient, Workflow
from paraph_testing.cast import ALICE, BOB, CAROL, Person

pytestmark = pytest.mark.django_db(transaction=True)

Send = Callable[..., Workflow]
Find = Callable[[Workflow, Person], Recipient]


def at_once(tenant: Tenant, *attempts: Callable[[], object]) -> list[bool]:
    """Try all of these at the same moment; which of them succeeded."""
    gate, succeeded = threading.Barrier(len(attempts)), [False] * len(attempts)

    def attempt(number: int, act: Callable[[], object]) -> None:
        with tenant_context(tenant):
            gate.wait()
            try:
                act()
            except PlatformError:
                succeeded[number] = False
            else:
                succeeded[number] = True
        connection.close()

    threads = [threading.Thread(target=attempt, args=each) for each in enumerate(attempts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return succeeded


def acts(workflow: Workflow) -> dict[str, Act]:
    state = queries.state(Workflow.objects.get(pk=workflow.pk))
    return {name: act for stage in state.stages for name, act in stage.people}


def test_a_turn_is_used_or_handed_over_and_only_once(tenant: Tenant, send: Send, recipient: Find) -> None:
    workflow = send(BOB, allow_delegation=True)
    bob = recipient(workflow, BOB)

    def hand_over(to: Person) -> None:
        names = {"first_name": to.first_name, "last_name": to.last_name}
        actions.delegate(bob, email=to.email, **names, by=actor(bob), at=timezone.now())

    succeeded = at_once(
        tenant,
        lambda: actions.act(bob, by=actor(bob), at=timezone.now()),
        lambda: hand_over(CAROL),
        lambda: hand_over(ALICE),
        lambda: actions.refuse(bob, reason="Too dear", by=actor(bob), at=timezone.now()),
    )
    assert sum(succeeded) == 1
    assert len(acts(workflow)) == 1


def test_an_act_comes_before_the_pause_or_not_at_all(
    tenant: Tenant, send: Send, recipient: Find, by_alice: Actor
) -> None:
    workflow = send(BOB)
    bob = recipient(workflow, BOB)
    acted, paused = at_once(
        tenant,
        lambda: actions.act(bob, by=actor(bob), at=timezone.now()),
        lambda: actions.pause(workflow, by=by_alice, at=timezone.now()),
    )
    assert paused
    assert acts(workflow)[bob.pk] is (Act.GIVEN if acted else Act.NOTHING)


def test_who_acts_is_not_replaced_and_who_is_replaced_does_not_act(
    tenant: Tenant,
    send: Send,
    recipient: Find,
    by_alice: Actor,
    invited: Callable[..., actions.NewRecipient],
) -> None:
    workflow = send(BOB)
    bob, other = recipient(workflow, BOB), actions.NewStep([invited(CAROL)])
    succeeded = at_once(
        tenant,
        lambda: actions.act(bob, by=actor(bob), at=timezone.now()),
        lambda: actions.replace(workflow, [other], by=by_alice, at=timezone.now()),
    )
    assert sum(succeeded) == 1
    assert acts(workflow).get(bob.pk) is (Act.GIVEN if succeeded[0] else None)
