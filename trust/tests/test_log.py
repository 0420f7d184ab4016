"""The log of keys: chained, append-only, written with the change it tells of."""

from datetime import UTC, datetime

import pytest
from django.db import DatabaseError, connection, transaction
from paraph_trust.log.actions import record
from paraph_trust.log.models import Entry
from paraph_trust.log.queries import BrokenChain, verify

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)


def test_entries_are_chained() -> None:
    first = record("key:created", subject="crd_1", at=NOON, client="server")
    second = record("key:destroyed", subject="crd_1", at=NOON, reason="used")
    assert second.previous == first.hash
    assert verify() == 2


@pytest.mark.parametrize(
    "change", ["UPDATE log_entry SET subject = 'crd_2'", "DELETE FROM log_entry", "TRUNCATE log_entry"]
)
def test_the_database_refuses_to_rewrite_them(change: str) -> None:
    record("key:created", subject="crd_1", at=NOON)
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(change)


@pytest.mark.parametrize(
    "change", ["UPDATE log_entry SET subject = 'x' WHERE sequence = 2", "DELETE FROM log_entry WHERE sequence = 2"]
)
def test_whoever_forces_the_database_is_found_out(change: str) -> None:
    for number in range(3):
        record("key:created", subject=f"crd_{number}", at=NOON)
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE log_entry DISABLE TRIGGER USER")
        cursor.execute(change)
    with pytest.raises(BrokenChain):
        verify()


def test_a_change_that_is_rolled_back_leaves_no_entry() -> None:
    with transaction.atomic():
        record("key:created", subject="crd_1", at=NOON)
        transaction.set_rollback(True)
    assert not Entry.objects.exists()
