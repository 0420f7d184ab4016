"""The OpenAPI document: what the endpoints say of themselves, and what is true of all of them.

An endpoint gives its summary, the schemas of what it takes and answers, and a docstring where more is to be said.
Errors, versions, repeated calls, headers and examples are added here.
"""

import functools
import re
from collections.abc import Iterator
from typing import Any

from ninja import NinjaAPI
from ninja.errors import ConfigError
from ninja.openapi.schema import OpenAPISchema
from ninja.operation import Operation
from pydantic import TypeAdapter

from paraph_server.calls.versions import prefixes
from paraph_server.reference.examples import Examples
from paraph_server.web.schemas import EXAMPLE, Problem

PROBLEM = "application/problem+json"
JSON = "application/json"
ABOUT = """Everything the platform does, for programs. Names and shapes are those of the reference product's Workflow
Manager, so that its clients work here.

Send `Authorization: Bearer act_…`. Times and periods are milliseconds. Every answer carries `X-Log-Id`, by which an
operator finds the request in the log.

Send `If-Match` with the `ETag` that you have read, and nothing is overwritten that you have not seen (412). Send an
`Idempotency-Key` with whatever changes something, and repeat the call until you hear an answer: it is carried out once.
"""
TOKEN = "An access token, `act_…`, or, where it says so, the token of an invitation."  # noqa: S105  it is explained
ERRORS = {
    "400": ("BadInput", "What was sent cannot be used; the message says why."),
    "401": ("NotSignedIn", "The access token is missing, wrong, or no longer valid."),
    "403": ("Forbidden", "This user, or this token, may not do this."),
    "404": ("NotFound", "There is no such thing, or it is somebody else's."),
    "409": ("Conflict", "Understood, and not possible now."),
    "412": ("ChangedMeanwhile", "`If-Match` names another version than the present one."),
    "422": ("Unusable", "The file cannot be used, or the idempotency key stands for another request."),
    "429": ("TooManyRequests", "Try again after `Retry-After` seconds."),
    "4XX": ("Refused", "Any other refusal."),
    "5XX": ("Failed", "Our fault. 503 says that it is worth trying again."),
}
OTHER_PLACES = {"part_hash": "The `hash` of the part, in either alphabet of Base64."}
METHODS = {"get", "post", "put", "patch", "delete"}


class Api(NinjaAPI):
    """Ninja's, with a document that says more."""

    def get_openapi_operation_id(self, operation: Operation) -> str:
        """`workflows_create`: the domain and the verb."""
        return f"{operation.view_func.__module__.split('.')[1]}_{operation.view_func.__name__}"

    def get_openapi_schema(self, **place: Any) -> dict[str, Any]:  # type: ignore[override]  # no subclass of ours
        prefix = place.get("path_prefix")
        return _document(self, self.get_root_path(place.get("path_params") or {}) if prefix is None else prefix)


class _Bare(OpenAPISchema):
    """Ninja's document, which would let one of two shapes of the same name stand for both."""

    def add_schema_definitions(self, definitions: dict[str, Any]) -> None:
        for name, schema in definitions.items():
            if self.schemas.setdefault(name, schema) != schema:
                raise ConfigError(f"Two shapes are called {name}: rename one of them, for the OpenAPI document.")


@functools.cache
def _document(api: NinjaAPI, prefix: str) -> dict[str, Any]:
    document: dict[str, Any] = dict(_Bare(api, prefix))
    document["info"] |= {"description": ABOUT, "license": {"name": "EUPL-1.2", "identifier": "EUPL-1.2"}}
    document["servers"] = [{"url": "/"}]
    components = document["components"]
    components["schemas"] = {**components["schemas"], "Problem": _problem()}
    components["responses"] = {name: _error(said) for name, said in ERRORS.values()}
    components["parameters"], components["headers"] = _parameters(), _headers()
    for scheme in components["securitySchemes"].values():
        scheme["description"] = TOKEN
    document = _plainly_named(document)
    examples = Examples(document["components"]["schemas"])
    for path, method, operation in operations(document):
        _complete(operation, path, method, examples)
    return document


def operations(document: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Each operation, with its path and its method."""
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            if method in METHODS:
                yield path, method, operation


def _complete(operation: dict[str, Any], path: str, method: str, examples: Examples) -> None:
    operation["responses"] = {str(status): answer for status, answer in operation["responses"].items()}
    _name_places(operation)
    for status, answer in operation["responses"].items():
        answer["headers"] = {"X-Log-Id": {"$ref": "#/components/headers/X-Log-Id"}} | answer.get("headers", {})
        if JSON in answer.get("content", {}) and status == "200" and method != "post":
            answer["headers"]["ETag"] = {"$ref": "#/components/headers/ETag"}
    contents = [operation.get("requestBody", {}), *operation["responses"].values()]
    for media in (media for each in contents for media in each.get("content", {}).items()):
        if media[0] == JSON and "example" not in media[1] and "examples" not in media[1]:
            media[1]["example"] = examples.of(media[1]["schema"])
    shared = ["If-None-Match"] if method == "get" else ["If-Match", "Idempotency-Key"]
    if method == "get" and JSON in operation["responses"].get("200", {}).get("content", {}):
        operation["responses"]["304"] = {"description": "You have this version already."}
    operation["parameters"] += [{"$ref": f"#/components/parameters/{name}"} for name in shared]
    for status in _possible(operation, path, method):
        operation["responses"][status] = {"$ref": f"#/components/responses/{ERRORS[status][0]}"}


def _possible(operation: dict[str, Any], path: str, method: str) -> Iterator[str]:
    """The statuses of what can go wrong."""
    yield "400"
    if operation.get("security"):
        yield from ("401", "403")
    if "{" in path:
        yield "404"
    if method != "get":
        yield from ("409", "412", "422")
    yield from ("429", "4XX", "5XX")


def _name_places(operation: dict[str, Any]) -> None:
    """Say what stands in an address: `workflow_id` is the id of a workflow."""
    for each in operation["parameters"]:
        each["schema"].pop("title", None)
        if each["in"] != "path":
            continue
        if each["name"] in OTHER_PLACES:
            each["description"] = OTHER_PLACES[each["name"]]
        elif each["name"].endswith("_id"):
            thing = each["name"].removesuffix("_id")
            each["description"] = f"The id of a {thing.replace('_', ' ')}."
            if prefix := prefixes().get(thing.replace("_", "")):
                each["example"] = f"{prefix}_{EXAMPLE}"


def _plainly_named(document: dict[str, Any]) -> dict[str, Any]:
    """`Page_Workflow_` is a `WorkflowPage`, and what pydantic calls fields in English is left out."""

    def plain(value: Any) -> Any:
        match value:
            case dict():
                return {name(each): plain(inner) for each, inner in value.items() if not _is_title(each, inner, value)}
            case list():
                return [plain(each) for each in value]
            case str() if value.startswith("#/components/schemas/"):
                return name(value)
        return value

    def name(written: str) -> str:
        return re.sub(r"\bPage_(\w+)_$", r"\1Page", written) if isinstance(written, str) else written

    return dict(plain(document))


def _is_title(name: str, value: Any, around: dict[str, Any]) -> bool:
    return name == "title" and isinstance(value, str) and bool({"type", "anyOf", "$ref", "allOf", "enum"} & set(around))


def _problem() -> dict[str, Any]:
    return TypeAdapter(Problem).json_schema()


def _error(said: str) -> dict[str, Any]:
    content = {PROBLEM: {"schema": {"$ref": "#/components/schemas/Problem"}}}
    return {
        "description": said,
        "headers": {"X-Log-Id": {"$ref": "#/components/headers/X-Log-Id"}},
        "content": content,
    }


def _parameters() -> dict[str, Any]:
    said = {
        "If-None-Match": ("The `ETag` you have: 304 when it is still the present version.", '"5d0f8a…"'),
        "If-Match": ("The `ETag` you have read: 412 when somebody else has changed it since.", '"5d0f8a…"'),
        "Idempotency-Key": (
            "Your own name for this call, good for 24 hours: repeated, it is carried out once and answered the same.",
            "8e03978e-40d5-43dd-bc93-6894a57f9324",
        ),
    }
    return {
        name: {
            "name": name,
            "in": "header",
            "required": False,
            "description": description,
            "schema": {"type": "string", "maxLength": 255},
            "example": example,
        }
        for name, (description, example) in said.items()
    }


def _headers() -> dict[str, Any]:
    return {
        "X-Log-Id": {
            "description": "The request's id in the log.",
            "schema": {"type": "string"},
            "example": f"log_{EXAMPLE}",
        },
        "ETag": {"description": "The version, for `If-Match`.", "schema": {"type": "string"}, "example": '"5d0f8a…"'},
    }
