"""The walls between tenants: PostgreSQL shows a connection only the rows of the tenant it speaks for.

Every table of a tenant carries `tenant_id` and the policy that `EnableRowSecurity` makes. A connection that speaks for
nobody sees nothing: forgetting to say for whom one works loses no data and shows none.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar, Token
from typing import Any

from django.db import connection, migrations
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.signals import connection_created
from django.dispatch import receiver
from psycopg.pq import TransactionStatus

from paraph_server.accounts.models import Tenant
from paraph_server.config.postgresql.base import ask

NOBODY = ""
EVERYBODY = "*"
_SAY = "SELECT set_config('paraph.tenant', %s, false)"

_current: ContextVar[str] = ContextVar("tenant", default=NOBODY)


def id_of(tenant: Tenant | str) -> str:
    return tenant if isinstance(tenant, str) else tenant.pk


def current() -> str:
    """The id of the tenant spoken for, `""` for none, `"*"` for all."""
    return _current.get()


@contextmanager
def tenant_context(tenant: Tenant | str) -> Iterator[None]:
    """Speak for one tenant: its rows are seen and written, no others."""
    with _speaking_for(id_of(tenant)):
        yield


@contextmanager
def found_anywhere(row: str, tenant: str, *given: str) -> Iterator[tuple[Any, ...] | None]:
    """Ask all tenants for one row, and speak for its tenant: in one message to the database, since every call asks.

    `row` and `tenant` are SQL for the row, and for the id of its tenant; where there is none, nobody is spoken for.
    """
    whose = f"SELECT set_config('paraph.tenant', coalesce(({tenant}), %s), false)"
    _, found, [[name]] = ask((_SAY, [EVERYBODY]), (row, given), (whose, [*given, NOBODY]))
    with _ending(_current.set(name)):
        yield next(iter(found), None)


@contextmanager
def every_tenant() -> Iterator[None]:
    """Speak for all tenants: only to find out whose turn it is (sign-in, schedules), never to answer a tenant."""
    with _speaking_for(EVERYBODY):
        yield


@contextmanager
def _speaking_for(name: str) -> Iterator[None]:
    with _ending(_current.set(name)):
        _tell()
        yield


@contextmanager
def _ending(token: Token[str]) -> Iterator[None]:
    """At the end, speak for whom one spoke before."""
    try:
        yield
    finally:
        _current.reset(token)
        # In a transaction that has failed nothing can be said, nor need be: its end restores what was said before.
        if connection.connection is not None and not connection.needs_rollback and not _failed(connection):
            _tell()


def _failed(database: BaseDatabaseWrapper) -> bool:
    return database.connection.info.transaction_status in {TransactionStatus.INERROR, TransactionStatus.UNKNOWN}


def _tell() -> None:
    ask((_SAY, [_current.get()]))


@receiver(connection_created)
def _introduce(**_: object) -> None:
    """A connection that opens, or opens again, within a context learns whom it speaks for."""
    if _current.get() != NOBODY:
        _tell()


class EnableRowSecurity(migrations.RunSQL):
    """Put up the walls around a table, also for the role that owns it."""

    def __init__(self, table: str, column: str = "tenant_id") -> None:
        mine = "current_setting('paraph.tenant', true)"
        super().__init__(
            sql=[
                f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY",
                f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY",
                f"CREATE POLICY tenant ON {table} USING ({column} = {mine} OR {mine} = '{EVERYBODY}')",
            ],
            reverse_sql=[
                f"DROP POLICY tenant ON {table}",
                f"ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY",
                f"ALTER TABLE {table} DISABLE ROW LEVEL SECURITY",
            ],
        )
        self.table, self.column = table, column

    def deconstruct(self) -> tuple[str, list[Any], dict[str, Any]]:
        return type(self).__name__, [self.table, self.column], {}
