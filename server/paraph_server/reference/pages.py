"""The reference of the REST API as a page: everything that the OpenAPI document says, on our own paper."""

import functools
import json
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.views.decorators.http import require_safe

from paraph_server.reference.openapi import Api, operations

LONGEST_TEXT = 100


@dataclass(frozen=True, slots=True)
class Field:
    """One line of a table: a parameter, or a field of a shape."""

    name: str
    kind: SafeString
    said: SafeString
    required: bool
    place: str = ""


@dataclass(frozen=True, slots=True)
class Content:
    """A body that is sent or answered."""

    status: str
    said: SafeString
    kind: SafeString
    media: str
    example: str


@dataclass(frozen=True, slots=True)
class Endpoint:
    """One method of one address."""

    anchor: str
    method: str
    path: str
    summary: str
    said: SafeString
    open_to_all: bool
    fields: tuple[Field, ...]
    sent: tuple[Content, ...]
    answered: tuple[Content, ...]
    refused: tuple[Content, ...]

    def holds(self, text: str) -> bool:
        words = f"{self.method} {self.path} {self.summary} {self.said}".lower()
        return all(word in words for word in text.lower().split())


@dataclass(frozen=True, slots=True)
class Shape:
    """A named schema."""

    name: str
    said: SafeString
    fields: tuple[Field, ...]
    values: tuple[str, ...]


def page(api: Api) -> Any:
    """The view that shows an API."""

    @require_safe
    def reference(request: HttpRequest) -> HttpResponse:
        text = request.GET.get("text", "").strip()[:LONGEST_TEXT]
        document, areas, shapes = _read(api)
        found = {name: [each for each in endpoints if each.holds(text)] for name, endpoints in areas.items()}
        context = {
            "about": _prose(document["info"]["description"]),
            "areas": {name: endpoints for name, endpoints in found.items() if endpoints},
            "shapes": () if text else shapes,
            "text": text,
        }
        return render(request, "reference/reference.html", context)

    return reference


@functools.cache
def _read(api: Api) -> tuple[dict[str, Any], dict[str, list[Endpoint]], tuple[Shape, ...]]:
    document = api.get_openapi_schema()
    areas: dict[str, list[Endpoint]] = defaultdict(list)
    for path, method, operation in operations(document):
        areas[operation["tags"][0]].append(_endpoint(path, method, operation, document["components"]))
    shapes = tuple(_shape(name, schema) for name, schema in sorted(document["components"]["schemas"].items()))
    return document, dict(areas), tuple(each for each in shapes if each.fields or each.values)


def _endpoint(path: str, method: str, operation: Mapping[str, Any], components: Mapping[str, Any]) -> Endpoint:
    parameters = [_resolved(each, components) for each in operation["parameters"]]
    fields = tuple(
        Field(each["name"], _kind(each["schema"]), _prose(each.get("description", "")), each["required"], each["in"])
        for each in parameters
    )
    answers = [
        content
        for status, answer in operation["responses"].items()
        for content in _contents(status, _resolved(answer, components))
    ]
    return Endpoint(
        operation["operationId"],
        method.upper(),
        path,
        operation["summary"],
        _prose(operation.get("description", "")),
        not operation.get("security"),
        fields,
        tuple(_contents("", operation.get("requestBody", {}))),
        tuple(each for each in answers if each.status < "4"),
        tuple(each for each in answers if each.status >= "4"),
    )


def _contents(status: str, body: Mapping[str, Any]) -> Iterator[Content]:
    said = _prose(body.get("description", "").removeprefix("OK"))
    if not body.get("content") and status:
        yield Content(status, said, mark_safe(""), "", "")
    for media, content in body.get("content", {}).items():
        example = content.get("example")
        written = "" if example is None else json.dumps(example, indent=2, ensure_ascii=False)
        yield Content(status, said, _kind(content.get("schema", {})), media, written)


def _shape(name: str, schema: Mapping[str, Any]) -> Shape:
    required = schema.get("required", ())
    fields = tuple(
        Field(field, _kind(inner), _prose(inner.get("description", "")), field in required)
        for field, inner in schema.get("properties", {}).items()
    )
    return Shape(name, _prose(schema.get("description", "")), fields, tuple(map(str, schema.get("enum", ()))))


def _kind(schema: Mapping[str, Any]) -> SafeString:
    """What a value is, in words; a named shape is a link."""
    if "$ref" in schema:
        name = escape(schema["$ref"].rpartition("/")[2])
        return mark_safe(f'<a href="#shape-{name}">{name}</a>')  # noqa: S308  escaped above
    for choice in ("anyOf", "oneOf", "allOf"):
        if choice in schema:
            return _joined(" or ", [_kind(each) for each in schema[choice]])
    if "enum" in schema:
        return _joined(" or ", [mark_safe(f"<code>{escape(each)}</code>") for each in schema["enum"]])  # noqa: S308
    if schema.get("type") == "array":
        return _joined(" of ", [mark_safe("list"), _kind(schema.get("items", {}))])
    return escape(f"file ({schema['format']})" if schema.get("format") == "binary" else schema.get("type", "anything"))


def _joined(between: str, parts: list[SafeString]) -> SafeString:
    return mark_safe(between.join(parts))  # noqa: S308  each part is escaped


def _prose(text: str) -> SafeString:
    """Paragraphs, and what stands in backticks or between asterisks."""
    safe = re.sub(r"`([^`]+)`", r"<code>\1</code>", escape(text.strip()))
    safe = re.sub(r"\*([^*]+)\*", r"<em>\1</em>", safe)
    return mark_safe("".join(f"<p>{each}</p>" for each in re.split(r"\n\s*\n", safe) if each))  # noqa: S308


def _resolved(thing: Mapping[str, Any], components: Mapping[str, Any]) -> Mapping[str, Any]:
    if "$ref" not in thing:
        return thing
    _hash, _components, kind, name = thing["$ref"].split("/")
    return dict(components[kind][name])
