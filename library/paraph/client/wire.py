"""JSON ↔ shapes: camelCase and milliseconds on the wire; snake_case, `datetime` and `timedelta` in Python."""

import dataclasses
import types
import typing
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any, TypeVar

T = TypeVar("T")


class Unexpected(ValueError):
    """What came is not of the shape that was expected."""


def camel(name: str) -> str:
    first, *others = name.split("_")
    return first + "".join(each.title() for each in others)


def write(value: Any) -> Any:
    """As JSON has it; what is None is not said."""
    if isinstance(value, timedelta):
        return value // timedelta(milliseconds=1)
    if isinstance(value, datetime):
        return round(value.timestamp() * 1000)
    if dataclasses.is_dataclass(value):
        return write({each.name: getattr(value, each.name) for each in dataclasses.fields(value)})
    if isinstance(value, Mapping):
        return {camel(name): write(each) for name, each in value.items() if each is not None}
    if isinstance(value, Sequence) and not isinstance(value, str):
        return [write(each) for each in value]
    return value


def read(shape: type[T], found: object) -> T:
    """A value of this type, from parsed JSON.

    Raises:
        Unexpected: it cannot be read as one.
    """
    result: T = _read(shape, found)
    return result


def _read(kind: Any, found: Any) -> Any:
    origin = typing.get_origin(kind)
    if origin is types.UnionType:
        return None if found is None else _read(typing.get_args(kind)[0], found)
    if origin is tuple and isinstance(found, list):
        return tuple(_read(typing.get_args(kind)[0], each) for each in found)
    if dataclasses.is_dataclass(kind) and isinstance(found, dict):
        return _shape(kind, found)
    if kind in {datetime, timedelta} and type(found) is int:
        return _time(kind, found)
    if kind is float and type(found) in {int, float}:
        return float(found)
    if (origin is Mapping and isinstance(found, dict)) or type(found) is kind:
        return found
    raise Unexpected(f"a {type(found).__name__} where {kind} was expected")


def _time(kind: Any, milliseconds: int) -> datetime | timedelta:
    try:
        length = timedelta(milliseconds=milliseconds)
        return length if kind is timedelta else datetime(1970, 1, 1, tzinfo=UTC) + length
    except OverflowError as error:
        raise Unexpected(f"{milliseconds} milliseconds are out of range") from error


def _shape(kind: Any, found: dict[str, Any]) -> Any:
    given = {name: _read(hint, found[key]) for name, (key, hint) in _members(kind).items() if key in found}
    try:
        return kind(**given)
    except TypeError as error:
        raise Unexpected(str(error)) from error


@cache
def _members(kind: Any) -> dict[str, tuple[str, Any]]:
    """Each field of a shape: its key on the wire, and its type."""
    return {name: (camel(name), hint) for name, hint in typing.get_type_hints(kind).items()}
