"""What is asked and written in SQL that is made once is what Django would ask and write."""

from datetime import datetime
from typing import Any

import pytest
from django.db import DatabaseError, connection
from django.db.models import QuerySet
from django.db.transaction import TransactionManagementError
from django.forms.models import model_to_dict
from django.test.utils import CaptureQueriesContext
from paraph_server.accounts.models import Group, User
from paraph_server.accounts.tenancy import tenant_context
from paraph_server.web.questions import Question
from paraph_server.web.rows import insert, update
from paraph_server.workflows.models import Recipient, Workflow
from paraph_testing.program import Program


def those(ids: Any) -> QuerySet[Workflow]:
    return Workflow.objects.filter(pk__among=ids).select_related("owner__group", "evidence").order_by("pk")


@pytest.fixture
def made(api: Program) -> list[str]:
    """The ids of two workflows."""
    body = {"name": "Contract 42", "data1": "order", "amount": 12.5, "steps": [{"recipients": [GUEST]}]}
    return sorted(api("POST", f"users/{api.user_id}/workflows", body).json()["id"] for _ in range(2))


GUEST = {"email": "bob@example.org", "firstName": "Bob", "lastName": "Durand"}


def test_a_question_is_answered_as_its_query(made: list[str]) -> None:
    asked = Question(those)(ids=made)
    with CaptureQueriesContext(connection) as queries:
        for one, other in zip(asked, Workflow.objects.filter(pk__in=made).order_by("pk"), strict=True):
            assert one == other
            assert model_to_dict(one) == model_to_dict(other)
            assert one.evidence is None
            assert isinstance(one.owner.group.rights, list)
    assert len(queries) == 1  # the query that it is compared with


def test_it_is_asked_again_with_something_else(made: list[str]) -> None:
    question = Question(those)
    assert [[each.pk for each in question(ids=ids)] for ids in (made, made[:1], [])] == [made, made[:1], []]
    assert question.one(ids=["wfl_unknown"]) is None


def test_values_are_asked_for_as_rows_are(made: list[str]) -> None:
    names = Question(lambda workflow: Workflow.objects.filter(pk=workflow).values_list("name", "data"))
    assert names(workflow=made[0]) == [("Contract 42", {"data1": "order"})]


def test_a_question_stops_at_the_walls_between_tenants(made: list[str], mallory: User) -> None:
    question = Question(those)
    assert question(ids=made)
    with tenant_context(mallory.tenant_id):
        assert question(ids=made) == []


@pytest.mark.django_db(transaction=True)
def test_nothing_is_locked_outside_a_transaction(tenant: Any) -> None:
    locked = Question(lambda group: Group.objects.select_for_update().filter(pk=group))
    with pytest.raises(TransactionManagementError):
        locked(group="grp_1")


def test_new_rows_are_written_as_django_writes_them(alice: User, noon: datetime) -> None:
    facts: dict[str, Any] = {"tenant_id": alice.tenant_id, "owner": alice, "created_at": noon, "updated_at": noon}
    ours, djangos = Workflow(name="% \"'; \\", **facts), Workflow.objects.create(name="% \"'; \\", **facts)
    insert([ours], [], [])
    kept = Workflow.objects.get(pk=ours.pk)
    assert {**model_to_dict(kept), "id": ""} == {**model_to_dict(Workflow.objects.get(pk=djangos.pk)), "id": ""}
    assert model_to_dict(ours) == model_to_dict(kept)
    ours.name = "Changed"
    ours.save()


def test_only_what_is_named_is_changed(made: list[str]) -> None:
    found = Recipient.objects.filter(step__workflow__in=made).order_by("pk")
    one = found[0]
    one.email, one.last_name = "carol@example.org", "Changed"
    update(one, "email")
    assert [(each.email, each.last_name) for each in found] == [
        ("carol@example.org", GUEST["lastName"]),
        (GUEST["email"], GUEST["lastName"]),
    ]


def test_a_row_that_is_gone_is_not_changed(alice: User, noon: datetime) -> None:
    group = Group(tenant_id=alice.tenant_id, name="Accounts", created_at=noon)
    with pytest.raises(DatabaseError):
        update(group, "name")
