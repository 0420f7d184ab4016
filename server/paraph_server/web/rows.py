"""Rows written in SQL that is made once for each model: what `save` and `bulk_create` do, for less.

For models whose keys are made here and not by the database.
"""

import functools
from collections.abc import Iterator, Sequence
from typing import Any, cast

from django.db import DEFAULT_DB_ALIAS, DatabaseError, connections
from django.db.models import Field, Model
from django.db.models.expressions import DatabaseDefault


def insert(*rows: Sequence[Model]) -> None:
    """Write new rows, those of each model together and the models in this order, in one message to the database."""
    statements, values = list[str](), list[Any]()
    for alike in filter(None, rows):
        beginning, fields = _columns(type(alike[0]))
        statements.append(beginning + ", ".join([f"({', '.join(['%s'] * len(fields))})"] * len(alike)))
        values += (value for row in alike for value in _values(row, fields))
    if not statements:
        return
    with connections[DEFAULT_DB_ALIAS].cursor() as cursor:
        cursor.execute("; ".join(statements), values)
    for state in (row._state for alike in rows for row in alike):  # noqa: SLF001  Django's documented name
        state.adding, state.db = False, DEFAULT_DB_ALIAS


def update(row: Model, *names: str) -> None:
    """Write some fields of a row that is there.

    Raises:
        DatabaseError: it is not.
    """
    statement, fields = _change(type(row), names)
    with connections[DEFAULT_DB_ALIAS].cursor() as cursor:
        cursor.execute(statement, [*_values(row, fields), row.pk])
        if cursor.rowcount != 1:
            raise DatabaseError("The row to be changed is not there.")


@functools.cache
def _columns(model: type[Model]) -> tuple[str, Sequence["Field[Any, Any]"]]:
    meta = model._meta  # noqa: SLF001
    fields = meta.concrete_fields
    return f"INSERT INTO {meta.db_table} ({', '.join(_quoted(each) for each in fields)}) VALUES ", fields  # noqa: S608  names of columns


@functools.cache
def _change(model: type[Model], names: Sequence[str]) -> tuple[str, Sequence["Field[Any, Any]"]]:
    meta = model._meta  # noqa: SLF001
    fields = cast("list[Field[Any, Any]]", [meta.get_field(each) for each in names])
    places = ", ".join(f"{_quoted(each)} = %s" for each in fields)
    return f"UPDATE {meta.db_table} SET {places} WHERE {_quoted(meta.pk)} = %s", fields  # noqa: S608  names of columns


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
        yield field.get_db_prep_save(value, connection)
