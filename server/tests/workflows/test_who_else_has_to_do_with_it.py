"""Viewers look, co-managers do what the owner may, watchers are told: and nobody else, in this tenant or another."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from paraph_server.accounts.access_tokens import create
from paraph_server.accounts.actions import create_user
from paraph_server.accounts.models import Tenant, User
from paraph_server.accounts.tenancy import tenant_context
from paraph_server.journal.actions import Actor
from paraph_server.journal.models import Entry
from paraph_server.notifications.content import Content
from paraph_server.notifications.models import Message
from paraph_server.signing.actions import actor
from paraph_server.workflows import actions, queries, tasks
from paraph_server.workflows.errors import NoSuchDocument, NoSuchWorkflow, NotYours
from paraph_server.workflows.models import Access, Recipient, Watcher, Workflow
from paraph_testing.cast import ALICE, BOB, CAROL, Person
from paraph_testing.program import Program

Send = Callable[..., Workflow]
Find = Callable[[Workflow, Person], Recipient]


@pytest.fixture
def carol(tenant: Tenant) -> User:
    return create_user(
        tenant,
        email=CAROL.email,
        first_name=CAROL.first_name,
        last_name=CAROL.last_name,
        password="correct horse battery staple",
        at=timezone.now(),
    )


def told(email: str) -> list[str]:
    messages = Message.objects.filter(kind="notice", to=email).order_by("created_at")
    return [Content.decrypt(bytes(each.content or b"")).subject for each in messages]


def test_a_colleague_sees_nothing_until_they_are_let_in(send: Send, carol: User, by_alice: Actor) -> None:
    workflow = send(BOB)
    document = workflow.documents.get()
    with pytest.raises(NoSuchWorkflow):
        queries.workflow(carol, workflow.pk)
    with pytest.raises(NoSuchDocument):
        queries.document(carol, document.pk)
    actions.share(workflow, actions.Circle(viewers=[carol]), by=by_alice, at=timezone.now())
    assert queries.workflow(carol, workflow.pk) == workflow
    assert queries.document(carol, document.pk) == document
    assert list(queries.visible_to(carol)) == [workflow]
    with pytest.raises(NotYours):
        queries.managed(carol, workflow.pk)
    actions.share(workflow, actions.Circle(viewers=[]), by=by_alice, at=timezone.now())
    assert not queries.visible_to(carol)


def test_a_group_is_let_in_with_everybody_in_it(send: Send, carol: User, by_alice: Actor) -> None:
    workflow = send(BOB)
    actions.share(workflow, actions.Circle(viewing_groups=[carol.group]), by=by_alice, at=timezone.now())
    assert list(queries.visible_to(carol)) == [workflow]


def test_a_co_manager_may_do_what_the_owner_may(send: Send, carol: User) -> None:
    workflow = send(BOB, circle=actions.Circle(co_managers=[carol]))
    program = Program(carol.pk, create(carol, name="test", at=timezone.now())[1])
    answer = program("PATCH", f"workflows/{workflow.pk}", {"workflowStatus": "paused"})
    assert (answer.status_code, answer.json()["workflowStatus"]) == (200, "paused")


def test_over_the_api_a_viewer_reads_and_changes_nothing(send: Send, carol: User) -> None:
    workflow = send(BOB, circle=actions.Circle(viewers=[carol]))
    program = Program(carol.pk, create(carol, name="test", at=timezone.now())[1])
    assert program("GET", f"workflows/{workflow.pk}").json()["viewAuthorizedUsers"] == [carol.pk]
    assert program("GET", f"workflows/{workflow.pk}/downloadDocuments").status_code == 200
    for method, path, body in (
        ("PATCH", "", {"workflowStatus": "stopped"}),
        ("PATCH", "", {"userId": carol.pk}),
        ("PATCH", "/archive", None),
        ("POST", "/invite", {"recipientEmail": BOB.email}),
        ("POST", "/sendInvite", {"recipientEmail": BOB.email}),
        ("POST", "/retry", None),
        ("POST", "/parts", {}),
    ):
        assert program(method, f"workflows/{workflow.pk}{path}", body).status_code == 403
    document = f"documents/{workflow.documents.get().pk}"
    assert program("GET", document).status_code == 200
    for method, path in (("PATCH", document), ("DELETE", document), ("POST", f"{document}/viewer")):
        assert program(method, path, {}).status_code == 403


def test_the_owner_gives_it_away(api: Any, send: Send, carol: User) -> None:
    workflow = send(BOB)
    answer = api("PATCH", f"workflows/{workflow.pk}", {"userId": carol.pk})
    assert answer.json()["userId"] == carol.pk
    assert api("GET", f"workflows/{workflow.pk}").status_code == 404
    assert list(queries.visible_to(carol)) == [workflow]


def test_nobody_of_another_tenant_is_let_in(api: Any, send: Send, mallory: User) -> None:
    workflow = send(BOB)
    for body in (
        {"userId": mallory.pk},
        {"viewAuthorizedUsers": [mallory.pk]},
        {"allowedCoManagerUsers": [mallory.pk]},
    ):
        assert api("PATCH", f"workflows/{workflow.pk}", body).status_code == 400


def test_another_tenant_sees_neither_watchers_nor_accesses(send: Send, carol: User, other_tenant: Tenant) -> None:
    send(BOB, circle=actions.Circle(watchers=[actions.NewWatcher("dan@example.org")], viewers=[carol]))
    assert Watcher.objects.exists()
    with tenant_context(other_tenant):
        assert not Watcher.objects.exists()
        assert not Access.objects.exists()


def test_listeners_are_told_what_they_asked_for_and_once(
    send: Send, recipient: Find, carol: User, run_jobs: Callable[[], int]
) -> None:
    circle = actions.Circle(
        watchers=[actions.NewWatcher("dan@example.org", ["workflowStarted", "workflowStopped", "nonsense"])],
        notified_events=["workflowStarted", "recipientRefused"],
        co_managers=[carol],
        co_manager_events=["recipientRefused"],
    )
    workflow = send(BOB, circle=circle)
    bob = recipient(workflow, BOB)
    actions.refuse(bob, reason="wrong amount", by=actor(bob), at=timezone.now())
    run_jobs()
    for entry in Entry.objects.filter(event__in=["workflow:started", "workflow:stopped"]):
        tasks.notify(entry.tenant_id, entry.subject, entry.pk)
    assert told("dan@example.org") == ["Contract 42 : Il a été envoyé.", "Contract 42 : Il a été arrêté."]
    assert told(CAROL.email) == ["Contract 42: Bob Durand has refused."]
    assert len(told(ALICE.email)) == 1
    assert Message.objects.filter(kind="refused", to=ALICE.email).count() == 1


def test_a_list_asks_as_often_for_one_workflow_as_for_ten(api: Any, send: Send, carol: User) -> None:
    def asked() -> int:
        with CaptureQueriesContext(
            connection,
        ) as seen:
            assert api("GET", "workflows?itemsPerPage=100").status_code == 200
        return len(seen)

    circle = actions.Circle(watchers=[actions.NewWatcher("dan@example.org")], viewers=[carol])
    send(BOB, circle=circle)
    asked()  # the first answer also notes when the token was used
    one = asked()
    for _workflow in range(4):
        send([BOB, CAROL], ALICE, circle=circle)
    assert asked() == one
