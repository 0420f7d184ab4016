"""Optimistic locking: ETag, If-None-Match, If-Match."""

import threading
from typing import Any

import pytest
from django.db import connection
from paraph_testing import pdfs
from paraph_testing.cast import BOB
from paraph_testing.listener import Listener

GUEST = {"email": BOB.email, "firstName": BOB.first_name, "lastName": BOB.last_name}


@pytest.fixture
def made(api: Any) -> dict[str, Any]:
    steps = [{"recipients": [GUEST]}]
    return dict(api("POST", f"users/{api.user_id}/workflows", {"name": "Contract 42", "steps": steps}).json())


def version(api: Any, path: str) -> str:
    return str(api("GET", path).headers["ETag"])


def test_what_has_not_changed_is_not_sent_again(api: Any, made: dict[str, Any]) -> None:
    path = f"workflows/{made['id']}"
    again = api("GET", path, HTTP_IF_NONE_MATCH=version(api, path))
    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["ETag"] == version(api, path)


def test_a_change_makes_another_version(api: Any, made: dict[str, Any]) -> None:
    path = f"workflows/{made['id']}"
    before = version(api, path)
    changed = api("PATCH", path, {"name": "Contract 43"})
    assert changed.headers["ETag"] == version(api, path) != before
    assert api("GET", path, HTTP_IF_NONE_MATCH=before).status_code == 200


def test_a_change_of_what_was_seen_is_carried_out(api: Any, made: dict[str, Any]) -> None:
    path = f"workflows/{made['id']}"
    assert api("PATCH", path, {"name": "Contract 43"}, HTTP_IF_MATCH=version(api, path)).status_code == 200
    seen = {"HTTP_IF_MATCH": "*", "HTTP_IF_NONE_MATCH": version(api, path)}
    assert api("PATCH", path, {"name": "Contract 44"}, **seen).json()["name"] == "Contract 44"


def test_a_change_of_what_has_changed_is_refused(api: Any, made: dict[str, Any]) -> None:
    path = f"workflows/{made['id']}"
    seen = version(api, path)
    api("PATCH", path, {"name": "Contract 43"})
    refused = api("PATCH", path, {"name": "Contract 44"}, HTTP_IF_MATCH=seen)
    assert (refused.status_code, refused.json()["code"]) == (412, "ChangedMeanwhile")
    assert refused.headers["Content-Type"] == "application/problem+json"
    assert api("GET", path).json()["name"] == "Contract 43"


def test_a_verb_below_a_resource_is_about_the_resource(api: Any, made: dict[str, Any]) -> None:
    path = f"workflows/{made['id']}"
    assert api("PATCH", f"{path}/archive", HTTP_IF_MATCH='"another"').status_code == 412
    assert api("PATCH", f"{path}/archive", HTTP_IF_MATCH=version(api, path)).json()["code"] == "WorkflowNotFinished"


def test_documents_and_webhooks_have_versions_too(
    api: Any, made: dict[str, Any], alice: Any, listener: Listener
) -> None:
    document = api.upload(made["id"], pdfs.invoice()).json()["documents"][0]
    hook = api("POST", f"tenants/{alice.tenant_id}/webhooks", {"endpointUrl": listener.url}).json()
    for path, change in ((f"documents/{document['id']}", {"pdfSignatureFields": []}), (f"webhooks/{hook['id']}", {})):
        assert api("PATCH", path, change, HTTP_IF_MATCH='"another"').status_code == 412
        assert api("PATCH", path, change, HTTP_IF_MATCH=version(api, path)).status_code == 200
    assert api("DELETE", path, HTTP_IF_MATCH='"another"').status_code == 412
    assert api("DELETE", path, HTTP_IF_MATCH=version(api, path)).status_code == 204


def test_what_is_only_made_has_no_version(api: Any, alice: Any) -> None:
    hook = {"endpointUrl": "https://example.org/hook"}
    refused = api("POST", f"tenants/{alice.tenant_id}/webhooks", hook, HTTP_IF_MATCH='"guess"')
    assert (refused.status_code, refused.json()["code"]) == (412, "ChangedMeanwhile")


def test_what_one_may_not_see_is_not_found(mallorys_api: Any, made: dict[str, Any]) -> None:
    answer = mallorys_api("PATCH", f"workflows/{made['id']}", {"name": "Mine"}, HTTP_IF_MATCH='"guess"')
    assert answer.status_code == 404


def test_a_method_that_is_not_there_is_explained(api: Any, made: dict[str, Any]) -> None:
    answer = api("DELETE", f"workflows/{made['id']}")
    assert (answer.status_code, answer.json()["code"]) == (405, "MethodNotAllowed")
    assert answer.headers["Allow"] == "GET, PATCH"


@pytest.mark.django_db(transaction=True)
def test_of_several_who_saw_the_same_one_changes_it(api: Any, made: dict[str, Any]) -> None:
    path = f"workflows/{made['id']}"
    seen, answers = version(api, path), []

    def change(name: str) -> None:
        answers.append(api("PATCH", path, {"name": name}, HTTP_IF_MATCH=seen).status_code)
        connection.close()

    threads = [threading.Thread(target=change, args=[f"Contract {number}"]) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answers) == [200, 412, 412, 412]
