"""Examples of what is sent and answered, put together from the examples of single fields.

A field that has none borrows from a field of the same name elsewhere: whoever adds an endpoint says once what is new.
"""

from collections.abc import Iterator, Mapping
from typing import Any

DEEPEST = 12
_KINDS: Mapping[str, type | tuple[type, ...]] = {
    "string": str,
    "integer": int,
    "number": (int, float),
    "boolean": bool,
    "array": list,
    "object": dict,
}
_NOTHING = object()


class Examples:
    """Finds examples for the schemas of one document."""

    def __init__(self, schemas: Mapping[str, Any]) -> None:
        self._schemas = schemas
        self._known: dict[str, Any] = dict(_given(schemas))

    def of(self, schema: Mapping[str, Any], name: str = "", depth: int = 0) -> Any:
        """An example; None where nothing can be said."""
        found = self._said(schema, name)
        if found is not _NOTHING or depth > DEEPEST:
            return None if found is _NOTHING else found
        if "$ref" in schema:
            return self.of(self._schemas[schema["$ref"].rpartition("/")[2]], name, depth + 1)
        choices = [each for kind in ("anyOf", "oneOf", "allOf") for each in schema.get(kind, ())]
        if choices:
            return None if {"type": "null"} in choices else self.of(choices[0], name, depth + 1)
        match schema.get("type"):
            case "object":
                return self._object(schema, depth)
            case "array":
                item = self.of(schema.get("items", {}), name, depth + 1)
                return [] if item is None else [item]
            case kind:
                return _plain(kind, schema)

    def _object(self, schema: Mapping[str, Any], depth: int) -> dict[str, Any]:
        """Every field that must be there, and every other of which an example is known."""
        required = schema.get("required", ())
        return {
            name: self.of(inner, name, depth + 1)
            for name, inner in schema.get("properties", {}).items()
            if name in required or self._said(inner, name) is not _NOTHING or "items" in inner
        }

    def _said(self, schema: Mapping[str, Any], name: str) -> Any:
        if schema.get("examples"):
            return schema["examples"][0]
        if "const" in schema or "enum" in schema:
            return schema.get("const", schema.get("enum", [None])[0])
        for each in schema.get("anyOf", ()):
            if each.get("examples"):
                return each["examples"][0]
        kinds = [each.get("type") for each in (schema, *schema.get("anyOf", ()))]
        borrowed = self._known.get(name, _NOTHING)
        fits = any(kind in _KINDS and isinstance(borrowed, _KINDS[kind]) for kind in kinds)
        return borrowed if fits and "pattern" not in schema else _NOTHING


def _given(schemas: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    for schema in schemas.values():
        for name, inner in schema.get("properties", {}).items():
            for each in (inner, *inner.get("anyOf", ())):
                if each.get("examples"):
                    yield name, each["examples"][0]


def _plain(kind: str | None, schema: Mapping[str, Any]) -> Any:
    if schema.get("default") is not None:
        return schema["default"]
    return {"string": "…", "integer": schema.get("minimum", 1), "number": 1.0, "boolean": False}.get(kind or "")
