from collections.abc import Callable, Iterator
from datetime import datetime

import pytest
from django.db import transaction
from paraph_server.accounts.models import Tenant
from paraph_server.journal import reactions
from paraph_server.journal.actions import Actor, record
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob

seen: list[tuple[str, str, str]] = []


@pytest.fixture
def reaction() -> Iterator[list[tuple[str, str, str]]]:
    """A task of a higher domain that reacts to a workflow that was signed."""

    @reactions.reacts_to("test:happened")
    @app.task(name="tests.reaction")
    def react(tenant_id: str, subject: str, entry_id: str) -> None:
        seen.append((tenant_id, subject, entry_id))

    yield seen
    seen.clear()
    reactions._tasks["test:happened"].remove(react)
    del app.tasks["tests.reaction"]


def test_a_reaction_follows_its_event(
    tenant: Tenant,
    by_alice: Actor,
    noon: datetime,
    reaction: list[tuple[str, str, str]],
    run_jobs: Callable[[], int],
) -> None:
    entry = record("test:happened", tenant=tenant, subject="wfl_1", by=by_alice, at=noon)
    record("workflow:viewed", tenant=tenant, subject="wfl_1", by=by_alice, at=noon)
    assert reaction == []
    run_jobs()
    assert reaction == [(tenant.pk, "wfl_1", entry.pk)]


@pytest.mark.django_db(transaction=True)
def test_what_is_rolled_back_is_not_reacted_to(
    tenant: Tenant, by_alice: Actor, noon: datetime, reaction: list[tuple[str, str, str]]
) -> None:
    @transaction.atomic
    def sign_and_fail() -> None:
        record("test:happened", tenant=tenant, subject="wfl_1", by=by_alice, at=noon)
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        sign_and_fail()
    assert not ProcrastinateJob.objects.filter(task_name="tests.reaction").exists()
