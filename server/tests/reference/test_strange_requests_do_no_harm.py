"""Schemathesis walks the whole OpenAPI document, with sense and without, as three people.

No answer is a fault of ours, each is what the document says, and none holds a word of another organisation.
"""

import copy
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.errors import Unsatisfiable
from paraph_server.accounts import actions as accounts
from paraph_server.accounts.models import Tenant, User
from paraph_server.reference.openapi import operations
from paraph_server.urls import api
from paraph_testing import pdfs
from paraph_testing.cast import BOB, CAROL
from paraph_testing.program import Program
from schemathesis import GenerationMode
from schemathesis.checks import (
    content_type_conformance,
    not_a_server_error,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

DOCUMENT = copy.deepcopy(api.get_openapi_schema())
for _, _, operation in operations(DOCUMENT):
    operation.pop("security", None)  # otherwise Schemathesis comes without a token most of the time
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]
SECRET = "Rien que pour nous"
QUICKLY = settings(
    max_examples=6,
    deadline=None,
    derandomize=True,
    database=None,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)
PLACES = {
    "workflow_id": "workflow",
    "document_id": "document",
    "user_id": "user",
    "tenant_id": "tenant",
    "webhook_id": "webhook",
    "event_id": "event",
    "policy_id": "policy",
    "part_hash": "hash",
}


@pytest.fixture
def things(api: Program, alice: User, send: Callable[..., Any], run_jobs: Callable[[], int]) -> dict[str, str]:
    """What Alice's organisation has, by name; each says so."""
    hook = api("POST", f"tenants/{alice.tenant_id}/webhooks", {"endpointUrl": "http://127.0.0.1:9/rien"}).json()
    policy = api("PUT", "signaturePolicies/draft", {"rules": [{"name": SECRET, "requires": {}}]}).json()
    send(BOB)
    run = api("POST", f"users/{alice.pk}/workflows", {"name": SECRET, "steps": [{"recipients": [guest()]}]}).json()
    document = api.upload(run["id"], pdfs.invoice(), name=f"{SECRET}.pdf").json()["documents"][0]
    return {
        "workflow": run["id"],
        "document": document["id"],
        "hash": document["parts"][0]["hash"],
        "user": alice.pk,
        "tenant": alice.tenant_id,
        "webhook": hook["id"],
        "policy": policy["id"],
    }


def guest() -> dict[str, str]:
    return {"email": CAROL.email, "firstName": CAROL.first_name, "lastName": CAROL.last_name}


@pytest.fixture
def programs(api: Program, mallorys_api: Program, alice: User, tenant: Tenant, noon: Any) -> dict[str, Program]:
    """The sender's, that of a colleague who has nothing to do with it, and that of another organisation."""
    colleague = accounts.create_user(
        tenant, email=BOB.email, first_name="Bob", last_name="Durand", password="correct horse battery", at=noon
    )
    token = accounts.create_access_token(colleague, name="test", at=noon)
    return {"sender": api, "colleague": Program(colleague.pk, token), "stranger": mallorys_api}


@pytest.fixture
def application(things: dict[str, str], programs: dict[str, Program]) -> Iterator[Any]:
    """The platform, which leaves the test its connection; Django's own client, which takes it back, comes first."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield get_wsgi_application()
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


def test_every_endpoint_answers_as_it_says(
    application: Any, things: dict[str, str], programs: dict[str, Program]
) -> None:
    schema = schemathesis.openapi.from_dict(DOCUMENT)
    schema.app = application
    callers = {role: _headers(programs[role]) for role in ("stranger", "colleague", "sender")}

    def check(case: Any) -> None:
        places = case.path_parameters or {}
        case.path_parameters = {name: things.get(PLACES.get(name, ""), value) for name, value in places.items()}
        for role, headers in callers.items():
            response = case.call(headers=headers, base_url="http://testserver")
            try:
                case.validate_response(response, checks=CHECKS, headers=headers)
                assert role != "stranger" or SECRET not in response.text
            except Exception as fault:
                fault.add_note(f"as the {role}")
                raise

    for path, method, _ in operations(DOCUMENT):
        for mode in GenerationMode.POSITIVE, GenerationMode.NEGATIVE:
            try:
                QUICKLY(given(schema[path][method.upper()].as_strategy(generation_mode=mode))(check))()
            except Unsatisfiable:
                continue  # nothing can be wrong with it
            except Exception as fault:
                fault.add_note(f"{method.upper()} {path}, {mode.value}")
                raise


def _headers(program: Program) -> dict[str, str]:
    return {"Authorization": f"Bearer {program.token}", "Host": "testserver"}
