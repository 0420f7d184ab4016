"""Policies as JSON in the database: what the dataclasses hold, under their names."""

from typing import Any

from pydantic import TypeAdapter

from paraph_server.policies.evaluation import Judgement
from paraph_server.policies.facts import Facts
from paraph_server.policies.rules import Example, Table

_TABLE = TypeAdapter(Table)
_EXAMPLES = TypeAdapter(tuple[Example, ...])
_FACTS = TypeAdapter(Facts)
_JUDGEMENT = TypeAdapter(Judgement)


def table(written: Any) -> Table:
    return _TABLE.validate_python(written)


def examples(written: Any) -> tuple[Example, ...]:
    return _EXAMPLES.validate_python(written)


def facts(written: Any) -> Facts:
    return _FACTS.validate_python(written)


def judgement(written: Any) -> Judgement:
    return _JUDGEMENT.validate_python(written)


def write(value: Table | tuple[Example, ...] | Facts | Judgement) -> Any:
    """What one of these reads again."""
    return TypeAdapter(type(value) if not isinstance(value, tuple) else tuple[Example, ...]).dump_python(
        value, mode="json"
    )
