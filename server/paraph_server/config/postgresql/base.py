"""Django's PostgreSQL, asked in fewer and shorter messages.

It gives no text column a second index for `LIKE`, which reaches none behind row-level security
(docs/decisions/0014). What is asked again and again is planned once for each connection (`ask`). And a connection that
rested is only tried out when its server has said something in the meantime.
"""

import select
from collections.abc import Sequence
from typing import Any, cast

import psycopg
from django.db import DEFAULT_DB_ALIAS, connections
from django.db.backends.postgresql import base, schema
from psycopg.types.datetime import TimestamptzLoader

Statement = tuple[str, Sequence[Any]]
"""A single command with `%s` for each of its values."""
Rows = list[tuple[Any, ...]]
_PREPARED_FROM = 3
"""How often something is asked before it is worth a plan that stays."""


def ask(*statements: Statement) -> list[Rows]:
    """What each statement finds, if it looks for anything: all of them in one message, carried out in this order."""
    return cast("DatabaseWrapper", connections[DEFAULT_DB_ALIAS]).ask(*statements)


class SchemaEditor(schema.DatabaseSchemaEditor):
    def _create_like_index_sql(self, model: Any, field: Any) -> None:
        """None."""


class DatabaseWrapper(base.DatabaseWrapper):
    SchemaEditorClass = SchemaEditor
    _asking: "list[psycopg.Cursor[Any]]"
    """As many as were needed at once so far; a cursor keeps how what it finds is read."""

    def ask(self, *statements: Statement) -> list[Rows]:
        if self.queries_logged or self.execute_wrappers:
            return [self._overheard(*each) for each in statements]
        self.close_if_health_check_failed()
        self.ensure_connection()
        with self.wrap_database_errors:
            self.validate_no_broken_transaction()
            cursors = self._cursors(len(statements))
            if len(statements) == 1:
                cursors[0].execute(*statements[0])
            else:
                with self.connection.pipeline():
                    for cursor, statement in zip(cursors, statements, strict=True):
                        cursor.execute(*statement)
            return [[] if cursor.rownumber is None else cursor.fetchall() for cursor in cursors]

    def _overheard(self, command: str, values: Sequence[Any]) -> Rows:
        """The same where somebody listens to what the database is asked."""
        with self.cursor() as cursor:
            cursor.execute(command, values)
            return cursor.fetchall() if cursor.description else []

    def _cursors(self, count: int) -> "list[psycopg.Cursor[Any]]":
        while len(self._asking) < count:
            cursor = psycopg.Cursor(self.connection)
            # Django's own loader is in Python; connections are in UTC, and so is what this one makes.
            cursor.adapters.register_loader("timestamptz", TimestamptzLoader)
            self._asking.append(cursor)
        return self._asking[:count]

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        made = super().get_new_connection(conn_params)
        made.prepare_threshold = _PREPARED_FROM
        self._asking = []
        return made

    def is_usable(self) -> bool:
        """Whether the server still listens: one that ends a connection says so, or closes it."""
        if self.connection is None or self.connection.closed:
            return False
        listening = select.poll()
        listening.register(self.connection.fileno(), select.POLLIN)
        return not listening.poll(0) or super().is_usable()
