from datetime import datetime, timedelta, timezone

import pytest
from django.db import DatabaseError, connection, transaction
from django.db.transaction import TransactionManagementError
from paraph.evidence import chain
from paraph_server.accounts.models import Tenant
from paraph_server.accounts.tenancy import tenant_context
from paraph_server.journal import queries
from paraph_server.journal.actions import Actor, record
from paraph_server.journal.errors import JournalBroken
from paraph_server.journal.models import Entry


def tell(statement: str) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # what the test's transaction still owes stands in the way
        cursor.execute(statement)


@pytest.fixture
def entries(tenant: Tenant, by_alice: Actor, noon: datetime) -> list[Entry]:
    return [
        record("workflow:created", tenant=tenant, subject="wfl_1", by=by_alice, at=noon, name="Contrat d’été", pages=3),
        record("workflow:started", tenant=tenant, subject="wfl_1", by=by_alice, at=noon + timedelta(seconds=1)),
        record("workflow:stopped", tenant=tenant, subject="wfl_1", by=by_alice, at=noon + timedelta(microseconds=3)),
    ]


def test_entries_are_numbered_and_follow_one_another(tenant: Tenant, entries: list[Entry]) -> None:
    assert [entry.sequence for entry in entries] == [1, 2, 3]
    assert [entry.previous for entry in entries] == [chain.GENESIS, entries[0].hash, entries[1].hash]
    assert queries.verify(tenant) == entries[-1] == queries.head(tenant)


def test_the_chain_does_not_depend_on_the_time_zone(tenant: Tenant, by_alice: Actor, noon: datetime) -> None:
    elsewhere = noon.astimezone(timezone(timedelta(hours=11)))
    record("workflow:created", tenant=tenant, subject="wfl_1", by=by_alice, at=elsewhere)
    assert queries.verify(tenant) is not None


def test_an_empty_journal_has_no_head(tenant: Tenant) -> None:
    assert queries.verify(tenant) is None


def test_each_tenant_has_its_own_numbers(
    tenant: Tenant, other_tenant: Tenant, entries: list[Entry], by_alice: Actor, noon: datetime
) -> None:
    with tenant_context(other_tenant):
        assert record("workflow:created", tenant=other_tenant, subject="wfl_9", by=by_alice, at=noon).sequence == 1


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE journal_entry SET event = 'workflow:finished'",
        "DELETE FROM journal_entry",
        "TRUNCATE journal_entry CASCADE",
        "UPDATE journal_payload SET details = '{}'",
        "DELETE FROM journal_payload",
        "TRUNCATE journal_payload",
    ],
)
def test_the_database_refuses_to_change_what_is_written(entries: list[Entry], statement: str) -> None:
    with pytest.raises(DatabaseError, match="append-only"):
        tell(statement)


@pytest.mark.parametrize(
    ("statement", "complaint"),
    [
        ("UPDATE journal_entry SET event = 'workflow:finished' WHERE sequence = 2", "Entry 2 .* was altered"),
        ("UPDATE journal_payload SET details = '{}'", "Entry 1 .* altered details"),
        ("UPDATE journal_entry SET sequence = 5 WHERE sequence = 3", "Entry 5 .* does not follow"),
    ],
)
def test_whoever_gets_past_the_database_is_found_out(
    tenant: Tenant, entries: list[Entry], statement: str, complaint: str
) -> None:
    for table in ("journal_entry", "journal_payload"):
        tell(f"ALTER TABLE {table} DISABLE TRIGGER permanent_rows")
    tell(statement)
    with pytest.raises(JournalBroken, match=complaint):
        queries.verify(tenant)


def test_details_come_back_with_who_and_from_where(tenant: Tenant, entries: list[Entry], by_alice: Actor) -> None:
    (created, *_rest) = queries.about(tenant, ["wfl_1"])
    assert created.payload.details == {
        "name": "Contrat d’été",
        "pages": 3,
        "actor": {"name": "Alice Marchand", "address": "192.0.2.1", "agent": ""},
    }


def test_a_fraction_is_refused_because_it_would_not_survive(tenant: Tenant, by_alice: Actor, noon: datetime) -> None:
    with pytest.raises(TypeError, match="fractional"):
        record("workflow:created", tenant=tenant, subject="wfl_1", by=by_alice, at=noon, sizes=[1.5])


@pytest.mark.django_db(transaction=True)
def test_nothing_is_recorded_outside_a_transaction(tenant: Tenant, by_alice: Actor, noon: datetime) -> None:
    with pytest.raises(TransactionManagementError):
        record("workflow:created", tenant=tenant, subject="wfl_1", by=by_alice, at=noon)
