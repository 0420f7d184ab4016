"""Rows written in SQL that is made once for each model: what `save` and `bulk_create` do, for less.

For models whose keys are made here and not by the database.
"""

import functools
from collections.abc import Iterator, Sequence
from datetime import datetime
from types import NoneType
from typing import Any, cast

from django.db import DEFAULT_DB_ALIAS, DatabaseError, connections
from django.db.models import Field, JSONField, Model
from django.db.models.expressions import DatabaseDefault

from paraph_server.config.postgresql.base import Statement, ask

_MOST = 50
"""Rows in one statement, which PostgreSQL plans for each number of them."""
_AS_THEY_ARE = {NoneType, bool, bytes, datetime, int, str}
"""Kinds of values that a column takes without further ado, if it is not for JSON."""


def insert(*rows: Sequence[Model]) -> None:
    """Write new rows, those of each model together and the models in this order, in one message to the database."""
    parts = [alike[first : first + _MOST] for alike in rows for first in range(0, len(alike), _MOST)]
    if not parts:
        return
    ask(*[_written(part) for part in parts])
    for row in (row for part in parts for row in part):
        row._state.adding, row._state.db = False, DEFAULT_DB_ALIAS  # noqa: SLF001  Django's documented name


def _written(alike: Sequence[Model]) -> Statement:
    statement, fields = _new(type(alike[0]), len(alike))
    return statement, [value for row in alike for value in _values(row, fields)]


def update(row: Model, *names: str) -> None:
    """Write some fields of a row that is there.

    Raises:
        DatabaseError: it is not.
    """
    statement, fields = _change(type(row), names)
    [found] = ask((statement, [*_values(row, fields), row.pk]))
    if not found:
        raise DatabaseError("The row to be changed is not there.")


@functools.cache
def _new(model: type[Model], count: int) -> tuple[str, Sequence["Field[Any, Any]"]]:
    meta = model._meta  # noqa: SLF001
    fields = meta.concrete_fields
    places = ", ".join([f"({', '.join(['%s'] * len(fields))})"] * count)
    return f"INSERT INTO {meta.db_table} ({', '.join(map(_quoted, fields))}) VALUES {places}", fields  # noqa: S608  names of columns


@functools.cache
def _change(model: type[Model], names: Sequence[str]) -> tuple[str, Sequence["Field[Any, Any]"]]:
    meta = model._meta  # noqa: SLF001
    fields = cast("list[Field[Any, Any]]", [meta.get_field(each) for each in names])
    places = ", ".join(f"{_quoted(each)} = %s" for each in fields)
    return f"UPDATE {meta.db_table} SET {places} WHERE {_quoted(meta.pk)} = %s RETURNING 1", fields  # noqa: S608  names of columns


def _quoted(field: Any) -> str:
    """Some columns are called as SQL is: `to`."""
    return f'"{field.column}"'


def _values(row: Model, fields: Sequence["Field[Any, Any]"]) -> Iterator[Any]:
    connection = connections[DEFAULT_DB_ALIAS]
    for field in fields:
        value = getattr(row, field.attname)
        if isinstance(value, DatabaseDefault):  # what nobody has said
            value = value.expression.value  # type: ignore[attr-defined]  # Django has it
            setattr(row, field.attname, value)
        ready = type(value) in _AS_THEY_ARE and not isinstance(field, JSONField)
        yield value if ready else field.get_db_prep_save(value, connection)
