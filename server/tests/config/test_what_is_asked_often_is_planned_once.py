"""What is asked again and again is planned once, in one message, and means what it meant the first time."""

import time
from datetime import datetime

import psycopg
import pytest
from django.db import DataError, connection, transaction
from django.test.utils import CaptureQueriesContext
from paraph_server.accounts.models import User
from paraph_server.accounts.tenancy import tenant_context
from paraph_server.config.options import options
from paraph_server.config.postgresql.base import ask

OFTEN = 6
PEOPLE = "SELECT email, created_at FROM accounts_user WHERE id = %s"


def planned() -> list[str]:
    [rows] = ask(("SELECT statement FROM pg_prepared_statements", []))
    return [statement for (statement,) in rows]


def test_a_plan_that_stays_stops_at_the_walls_between_tenants(alice: User, mallory: User, noon: datetime) -> None:
    for _ in range(OFTEN):
        assert ask((PEOPLE, [alice.pk])) == [[(alice.email, noon)]]
    assert PEOPLE.replace("%s", "$1") in planned()
    with tenant_context(mallory.tenant_id):
        assert ask((PEOPLE, [alice.pk])) == [[]]
    assert ask((PEOPLE, [alice.pk])) == [[(alice.email, noon)]]


@pytest.mark.parametrize("overheard", [False, True], ids=["alone", "while somebody listens"])
def test_statements_are_carried_out_in_their_order(db: None, *, overheard: bool) -> None:
    told = ("SELECT set_config('paraph.said', %s, true)", ["100 % 'sure'"])
    heard = ("SELECT current_setting('paraph.said')", list[str]())
    with CaptureQueriesContext(connection) as listening:
        if not overheard:
            connection.force_debug_cursor = False
        assert ask(told, ("SELECT 1 WHERE false", []), heard) == [[("100 % 'sure'",)], [], [("100 % 'sure'",)]]
    assert len(listening) == (3 if overheard else 0)


def test_where_one_fails_the_transaction_does(alice: User) -> None:
    rename = ("UPDATE accounts_user SET first_name = 'Nobody' WHERE id = %s", [alice.pk])
    with pytest.raises(DataError), transaction.atomic():
        ask(rename, ("SELECT 1 / %s::int", [0]), rename)
    alice.refresh_from_db()
    assert alice.first_name == "Alice"


@pytest.mark.django_db(transaction=True)
def test_a_connection_that_its_server_ended_is_not_used_again() -> None:
    [[(backend,)]] = ask(("SELECT pg_backend_pid()", []))
    assert connection.is_usable()
    with psycopg.connect(options().database_url.get_secret_value(), dbname=connection.settings_dict["NAME"]) as other:
        other.execute("SELECT pg_terminate_backend(%s)", [backend])
    patience = time.monotonic() + 10
    while connection.is_usable():
        assert time.monotonic() < patience
    assert not connection.is_usable()
    connection.close()
    [[(another,)]] = ask(("SELECT pg_backend_pid()", []))
    assert another != backend
