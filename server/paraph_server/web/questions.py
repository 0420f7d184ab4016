"""Questions to the database that are put into SQL once, however often they are asked.

Django puts a query into SQL anew each time, and makes each row by way of signals and descriptors: together that takes
longer than PostgreSQL takes to answer. What is asked here is a query like any other, in the same SQL and behind the
same walls between tenants; only what is given to it changes, and goes where a place was left for it.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar, cast

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.models import Expression, Field, ForeignKey, Lookup, Model, QuerySet
from django.db.models.base import ModelState
from django.db.models.sql.compiler import SQLCompiler
from django.db.transaction import TransactionManagementError

from paraph_server.config.postgresql.base import ask

Row = TypeVar("Row")


class Place(Expression):
    """Where something goes that is given when the question is asked; nothing that may be None."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.name = name

    def as_sql(self, compiler: SQLCompiler, connection: Any) -> tuple[str, tuple[Any, ...]]:  # noqa: ARG002  Django asks so
        return "%s", (self,)


@ForeignKey.register_lookup
@Field.register_lookup
class Among(Lookup):
    """`field__among`: whether a field is in an array, which has one place however long it is.

    With `IN` and a query the planner, which cannot guess how many it finds, may read everybody instead.
    """

    lookup_name = "among"

    def as_sql(self, compiler: SQLCompiler, connection: Any) -> tuple[str, tuple[Any, ...]]:
        (left, given), (right, more) = self.process_lhs(compiler, connection), self.process_rhs(compiler, connection)
        return f"{left} = ANY ({right})", (*given, *more)


class Question(Generic[Row]):
    """A query with places in it: `Question(lambda ids: Step.objects.filter(workflow_id__among=ids))`.

    `query` is called once, with a place for each of its arguments; so it depends on nothing else.
    """

    def __init__(self, query: Callable[..., QuerySet[Any, Row]]) -> None:
        self._query = query
        self._asked: _Asked | None = None

    def __call__(self, **given: Any) -> list[Row]:
        """The answer; everything for which there is a place has to be given."""
        asked = self._asked = self._asked or _asked(self._query(**{name: Place(name) for name in given}))
        if asked.locks and connections[DEFAULT_DB_ALIAS].get_autocommit():
            raise TransactionManagementError("What is locked outside a transaction is free at once.")
        values = [given[each.name] if isinstance(each, Place) else each for each in asked.values]
        [rows] = ask((asked.sql, values))
        return [cast("Row", each) for each in asked.read(rows)]

    def one(self, **given: Any) -> Row | None:
        """The first of what is found, if anything is."""
        return next(iter(self(**given)), None)


@dataclass(frozen=True, slots=True)
class _Rows:
    """Where the columns of a model stand, and those of what is read with it (`select_related`)."""

    model: type[Model]
    names: list[str]
    first: int
    key: int
    related: list[tuple[Callable[..., None], Callable[..., None], "_Rows"]]

    def made(self, row: Sequence[Any]) -> Model | None:
        """A row as Django makes it when it unpickles one: without `__init__`, which tells nobody anything here."""
        if row[self.key] is None:
            return None
        one = self.model.__new__(self.model)
        vars(one).update(
            zip(self.names, row[self.first : self.first + len(self.names)], strict=True), _state=ModelState()
        )
        one._state.adding, one._state.db = False, DEFAULT_DB_ALIAS  # noqa: SLF001  Django's documented name
        for set_here, set_there, rows in self.related:
            other = rows.made(row)
            set_here(one, other)
            if other is not None:
                set_there(other, one)
        return one


@dataclass(frozen=True, slots=True)
class _Asked:
    """A question in SQL, and how its answer is read."""

    sql: str
    values: Sequence[Any]
    locks: bool
    converters: list[tuple[int, list[Callable[..., Any]], Any]]
    rows: _Rows | None
    """None where values are asked for, and not rows."""

    def read(self, rows: Sequence[Sequence[Any]]) -> Iterator[Any]:
        connection = connections[DEFAULT_DB_ALIAS]
        for row in rows:
            values = list(row)
            for place, converters, column in self.converters:
                for convert in converters:
                    values[place] = convert(values[place], column, connection)
            yield self.rows.made(values) if self.rows else tuple(values)


def _asked(found: QuerySet[Any, Any]) -> _Asked:
    compiler = found.query.get_compiler(DEFAULT_DB_ALIAS)
    sql, values = compiler.as_sql()
    columns = [column for column, *_ in compiler.select]
    converters = [(place, each, column) for place, (each, column) in compiler.get_converters(columns).items()]
    rows = None if found.query.values_select else _rows(compiler.klass_info, columns)
    return _Asked(sql, values, bool(found.query.select_for_update), converters, rows)


def _rows(facts: dict[str, Any], columns: Sequence[Any]) -> _Rows:
    """What Django's compiler knows of the columns: those of one model stand behind each other."""
    places, model = facts["select_fields"], facts["model"]
    names = [columns[place].target.attname for place in places]
    related = [
        (each["local_setter"], each["remote_setter"], _rows(each, columns))
        for each in facts.get("related_klass_infos", ())
    ]
    return _Rows(model, names, places[0], places[names.index(model._meta.pk.attname)], related)  # noqa: SLF001
