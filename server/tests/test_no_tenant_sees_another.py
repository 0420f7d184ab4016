"""Mallory walks through every address of the REST API with the ids of Alice's things, and finds nothing anywhere.

The addresses come from the OpenAPI document, the ids from the database: what is added later is walked through as well.
"""

import json
import re
from base64 import b64encode
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import quote

import pytest
from django.apps import apps
from django.db import connection
from django.utils import timezone
from paraph_server.accounts.models import Tenant, User
from paraph_server.accounts.tenancy import tenant_context
from paraph_server.journal.actions import Actor
from paraph_server.webhooks import actions as webhooks
from paraph_server.workflows.models import Document, Recipient, Workflow
from paraph_testing.cast import BOB, CAROL, Person
from paraph_testing.listener import Listener
from paraph_testing.program import Program

Ids = dict[str, list[str]]
REFUSED = {401, 403, 404}
NONSENSE = {400, 405, 409, 410, 411, 412, 413, 415, 422, 428}
"""What is said of a request before, or instead of, looking for what it is about; nothing of Alice's stands in it."""
LISTS_NOTHING = {"items": [], "totalItems": 0}


def operations() -> list[tuple[str, str, dict[str, Any]]]:
    """Every address and method that the OpenAPI document names."""
    from paraph_server.urls import api  # noqa: PLC0415  models need Django set up

    schema = json.loads(json.dumps(api.get_openapi_schema(), default=str))
    return [
        (method.upper(), re.sub(r"^/+api/+", "", path), {**operation, "schema": schema})
        for path, methods in schema["paths"].items()
        for method, operation in methods.items()
        if method in {"get", "post", "put", "patch", "delete"}
    ]


@pytest.fixture
def alices(
    alice: User,
    api: Program,
    carol: User,
    send: Callable[..., Workflow],
    sign: Callable[..., None],
    recipient: Callable[[Workflow, Person], Recipient],
    run_jobs: Callable[[], int],
) -> Ids:
    """One of everything, by the prefix of its id: workflows under way and finished, people, tokens, webhooks."""
    acting, at = Actor("user", alice.pk, alice.name), timezone.now()
    with Listener() as listener:
        webhooks.register(alice, endpoint_url=listener.url, notified_events=[], is_global=True, by=acting, at=at)
        finished = send(BOB)
        send(CAROL)
        sign(recipient(finished, BOB))
        run_jobs()
    api("PUT", "signaturePolicies/draft", {"rules": [{"name": "Contract 42", "requires": {}}]})
    api("POST", "signaturePolicies/draft/enforce", {})
    api("PUT", "signaturePolicies/draft", {"rules": []})
    api("POST", "contacts", {"email": "zoe@example.org", "firstName": "Zoé", "lastName": "L", "isShared": True})
    api("POST", f"users/{alice.pk}/delegations", {"deputyUserId": carol.pk})
    return _rows_of(alice.tenant)


def _rows_of(tenant: Tenant) -> Ids:
    """The ids of every row of a tenant, whatever the table, by their prefix."""
    found: Ids = {}
    with tenant_context(tenant):
        for model in apps.get_models():
            if any(each.attname == "tenant_id" for each in model._meta.concrete_fields) or model is Tenant:
                rows = model._default_manager.filter(pk=tenant.pk) if model is Tenant else model._default_manager.all()
                for pk in rows.values_list("pk", flat=True):
                    if isinstance(pk, str) and "_" in pk:
                        found.setdefault(pk.partition("_")[0], []).append(pk)
    return found


NOUNS = {
    "users": "usr", "tenants": "ten", "groups": "grp", "accessTokens": "act", "contacts": "ctc", "delegations": "dlg",
    "workflows": "wfl", "documents": "doc", "webhooks": "wbh", "webhookEvents": "wbe", "consentPages": "cop",
    "signatureProfiles": "sip", "steps": "stp", "recipients": "rcp",
    "signaturePolicies": "spv",
}  # fmt: skip


def addresses(path: str, ids: Ids, hashes: list[str]) -> Iterator[str]:
    """The path with Alice's ids in it: of the right kind where its noun is known, of every kind where it is not."""
    place = re.search(r"\{([^}]*)\}", path)
    if place is None:
        yield path
        return
    noun = path[: place.start()].rstrip("/").rpartition("/")[2]
    kind = NOUNS.get(noun)
    if "hash" in place[1]:
        fitting = hashes
    elif kind in ids:
        fitting = ids[kind][:2]
    else:
        fitting = [each for of_a_kind in ids.values() for each in of_a_kind[:1]]
    for each in fitting:
        yield from addresses(path.replace(place[0], each, 1), ids, hashes)


def body(operation: dict[str, Any], ids: Ids) -> Any:
    """What an operation asks for, with Alice's ids wherever an id is asked for."""
    content = operation.get("requestBody", {}).get("content", {})
    wanted = content.get("application/json", {}).get("schema")
    return _filled(wanted, operation["schema"], ids) if wanted else {}


def _filled(wanted: dict[str, Any], schema: dict[str, Any], ids: Ids, name: str = "") -> Any:  # noqa: PLR0911
    if "$ref" in wanted:
        return _filled(schema["components"]["schemas"][wanted["$ref"].rpartition("/")[2]], schema, ids, name)
    for choice in ("anyOf", "allOf", "oneOf"):
        if choice in wanted:
            return _filled(wanted[choice][0], schema, ids, name)
    if "enum" in wanted or "const" in wanted:
        return wanted.get("const", wanted.get("enum", [None])[0])
    match wanted.get("type"):
        case "object":
            return {key: _filled(each, schema, ids, key) for key, each in wanted.get("properties", {}).items()}
        case "array":
            return [_filled(wanted.get("items", {}), schema, ids, name)]
        case "string":
            return _text(name, ids)
        case "integer" | "number":
            return max(wanted.get("minimum", 1), 1)
        case "boolean":
            return False
    return None


def _text(name: str, ids: Ids) -> str:
    kinds = {"userId": "usr", "groupId": "grp", "consentPageId": "cop", "signatureProfileId": "sip"}
    kind = next((kind for word, kind in kinds.items() if name.lower().endswith(word.lower())), "")
    if kind:
        return ids[kind][0]
    known = {"mail": BOB.email, "country": "FR", "url": "https://mallory.example", "currency": "EUR"}
    return next((value for word, value in known.items() if word in name.lower()), "mallory")


SECRETS = ("Contract 42", "file 1.pdf", "Marchand", BOB.name, "zoe@example.org", "/heard", "%PDF")
"""What must not stand in any answer."""


def test_mallory_finds_nothing_of_alices(alice: User, alices: Ids, mallorys_api: Program) -> None:
    hashes = [
        quote(b64encode(bytes.fromhex(each.current.hash)).decode(), safe="")
        for each in Document.objects.select_related("current")
    ]
    before = _everything(alice.tenant)
    walked = 0
    for method, path, operation in operations():
        if "{" not in path:
            continue
        for address in addresses(path, alices, hashes):
            answer = mallorys_api(method, address, body(operation, alices) if method != "GET" else None)
            content = b"".join(answer.streaming_content) if answer.streaming else answer.content
            walked += 1
            assert answer.status_code in REFUSED | NONSENSE, (
                f"{method} {address}: {answer.status_code} {content[:200]!r}"
            )
            assert answer.status_code in REFUSED or method != "GET", f"{method} {address}: {answer.status_code}"
            for secret in SECRETS:
                assert secret.encode() not in content, f"{method} {address} tells {secret}"
    assert walked > 40
    assert _everything(alice.tenant) == before


def test_mallorys_lists_hold_nothing_of_alices(alice: User, alices: Ids, mallory: User, mallorys_api: Program) -> None:
    ids = [each for kind, of_a_kind in alices.items() if kind != "ten" for each in of_a_kind]
    listed = 0
    for method, path, _operation in operations():
        if method != "GET" or "{" in path:
            continue
        for query in ("", f"?text={BOB.last_name}", f"?text={alices['wfl'][0]}"):
            answer = mallorys_api("GET", f"{path}{query}")
            assert answer.status_code in {200, 400} | REFUSED, f"{path}: {answer.status_code}"
            content = b"".join(answer.streaming_content) if answer.streaming else answer.content
            shown = [each for each in [*ids, *SECRETS] if each.encode() in content]
            assert not [each for each in shown if each not in query], f"{path}{query} shows {shown}"
            listed += 1
    assert listed > 10


def test_mallorys_things_do_not_take_alices_ids(alice: User, alices: Ids, mallory: User, mallorys_api: Program) -> None:
    """Her own address, Alice's ids in the body: they are as good as unknown."""
    own = {"users": mallory.pk, "tenants": mallory.tenant_id}
    before = _everything(alice.tenant)
    for method, path, operation in operations():
        nouns = re.findall(r"(\w+)/\{", path)
        if method == "GET" or not all(each in own for each in nouns):
            continue
        address = path
        for noun in nouns:
            address = re.sub(rf"({noun})/\{{[^}}]*\}}", rf"\1/{own[noun]}", address, count=1)
        answer = mallorys_api(method, address, body(operation, alices))
        assert answer.status_code < 500, f"{method} {address}"
        for secret in SECRETS:
            assert secret.encode() not in answer.content, f"{method} {address} tells {secret}"
    assert _everything(alice.tenant) == before


def _everything(tenant: Tenant) -> dict[str, int]:
    """How many rows a tenant has in each table, and a digest over them."""
    counted = {}
    with tenant_context(tenant), connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.relname FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid"
            " WHERE c.relkind = 'r' AND a.attname = 'tenant_id' AND c.relname <> 'accounts_allowance'"
        )
        for (table,) in cursor.fetchall():
            cursor.execute(f'SELECT coalesce(sum(hashtextextended(t::text, 0)), 0) FROM "{table}" t')
            counted[table] = cursor.fetchone()[0]
    return counted
