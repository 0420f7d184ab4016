"""The OpenAPI document is whole: a new endpoint that says too little fails here."""

import json
from typing import Any

import pytest
from jsonschema_rs import Draft202012Validator
from paraph_server.reference.openapi import JSON, operations
from paraph_server.urls import api

DOCUMENT = json.loads(json.dumps(api.get_openapi_schema(path_prefix="/api/")))
OPERATIONS = [pytest.param(*each, id=f"{each[1]} {each[0]}") for each in operations(DOCUMENT)]
endpoints = pytest.mark.parametrize(("path", "method", "operation"), OPERATIONS)


def test_anybody_may_read_it(client: Any) -> None:
    answer = client.get("/api/openapi.json")
    assert (answer.status_code, answer.json()) == (200, DOCUMENT)
    assert DOCUMENT["openapi"].startswith("3.1.")


@endpoints
def test_an_endpoint_has_a_name_a_summary_and_a_tag(path: str, method: str, operation: dict[str, Any]) -> None:
    assert operation["operationId"]
    assert operation["summary"] != operation["operationId"].partition("_")[2].replace("_", " ").title()
    assert operation["tags"]


@endpoints
def test_an_endpoint_says_what_it_answers(path: str, method: str, operation: dict[str, Any]) -> None:
    [(status, answer)] = [(status, each) for status, each in operation["responses"].items() if status[0] == "2"]
    assert status == "204" or answer["content"], "give it response=…, or openapi_extra=files(…)"
    for media in answer.get("content", {}).values():
        assert set(media["schema"]) - {"additionalProperties"} != {"type"} or media["schema"]["type"] != "object"


@endpoints
def test_an_endpoint_says_what_can_go_wrong(path: str, method: str, operation: dict[str, Any]) -> None:
    assert {"400", "429", "4XX", "5XX"} <= set(operation["responses"])
    assert "404" in operation["responses"] or "{" not in path
    assert bool(operation.get("security")) == ("401" in operation["responses"])


@endpoints
def test_every_place_in_an_address_is_explained(path: str, method: str, operation: dict[str, Any]) -> None:
    for each in operation["parameters"]:
        assert each.get("$ref") or each.get("description"), f"{each['name']} needs a description"


@endpoints
def test_the_examples_are_what_the_schemas_say(path: str, method: str, operation: dict[str, Any]) -> None:
    contents = [operation.get("requestBody", {}), *operation["responses"].values()]
    for media in (each["content"][JSON] for each in contents if JSON in each.get("content", {})):
        schema = {"components": DOCUMENT["components"], **media["schema"]}
        Draft202012Validator(schema).validate(media["example"])


def test_names_are_given_once() -> None:
    names = [operation["operationId"] for _, _, operation in operations(DOCUMENT)]
    assert len(names) == len(set(names))
