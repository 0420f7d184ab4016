"""Programs register endpoints, and find out what they were told."""

from collections.abc import Callable
from typing import Any

import pytest
from paraph_testing.cast import BOB
from paraph_testing.listener import Listener

GLOBAL = {"isGlobal": True, "notifiedEvents": ["workflowStarted"]}


@pytest.fixture
def made(api: Any, alice: Any, listener: Listener) -> dict[str, Any]:
    answer = api("POST", f"tenants/{alice.tenant_id}/webhooks", {"endpointUrl": listener.url, **GLOBAL})
    assert answer.status_code == 200, answer.content
    return dict(answer.json())


def test_the_secret_is_shown_once(api: Any, made: dict[str, Any]) -> None:
    assert made["secret"].startswith("whsec_")
    again = api("GET", f"webhooks/{made['id']}").json()
    assert again == {name: value for name, value in made.items() if name != "secret"}


def test_endpoints_are_listed_and_found_by_their_address(api: Any, made: dict[str, Any], listener: Listener) -> None:
    assert [each["endpointUrl"] for each in api("GET", "webhooks?text=heard").json()["items"]] == [listener.url]
    assert api("GET", "webhooks?text=elsewhere").json()["totalItems"] == 0


def test_a_receiver_reads_an_event_again(
    api: Any, made: dict[str, Any], send: Callable[..., Any], run_jobs: Callable[[], int]
) -> None:
    workflow = send(BOB)
    run_jobs()
    (listed,) = api("GET", f"webhookEvents?webhookId={made['id']}").json()["items"]
    event = api("GET", f"webhookEvents/{listed['id']}").json()
    assert (event["eventType"], event["workflowId"], event["webhookId"]) == ("workflowStarted", workflow.pk, made["id"])
    assert [attempt["answer"] for attempt in event["attempts"]] == ["HTTP status 200"]
    assert event["delivered"]
    assert not event["failed"]


def test_an_event_is_told_again_on_request(
    api: Any, made: dict[str, Any], send: Callable[..., Any], run_jobs: Callable[[], int], listener: Listener
) -> None:
    send(BOB)
    run_jobs()
    (event,) = api("GET", "webhookEvents").json()["items"]
    assert api("POST", f"webhookEvents/{event['id']}/redeliver").status_code == 200
    run_jobs()
    assert [headers["webhook-id"] for headers, _ in listener.heard] == [event["id"]] * 2


def test_a_webhook_is_stopped_changed_and_removed(
    api: Any, made: dict[str, Any], send: Callable[..., Any], run_jobs: Callable[[], int], listener: Listener
) -> None:
    path = f"webhooks/{made['id']}"
    assert api("PATCH", path, {"isDisabled": True}).json()["isDisabled"]
    send(BOB)
    run_jobs()
    assert listener.heard == []
    assert api("PATCH", path, {"isDisabled": False, "notifiedEvents": []}).json()["notifiedEvents"] == []
    assert api("DELETE", path).status_code == 204
    assert api("GET", path).json()["code"] == "WebhookNotFound"


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"endpointUrl": "nonsense"}, "BadEndpoint"),
        ({"endpointUrl": "https://example.org", "notifiedEvents": ["exploded"]}, "UnknownEvent"),
    ],
)
def test_what_makes_no_sense_is_refused(api: Any, alice: Any, body: dict[str, Any], code: str) -> None:
    answer = api("POST", f"tenants/{alice.tenant_id}/webhooks", body)
    assert (answer.status_code, answer.json()["code"]) == (400, code)


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "webhooks/{webhook}"),
        ("PATCH", "webhooks/{webhook}"),
        ("DELETE", "webhooks/{webhook}"),
        ("GET", "webhookEvents/{event}"),
        ("POST", "webhookEvents/{event}/redeliver"),
    ],
)
def test_somebody_elses_webhooks_do_not_exist(
    api: Any,
    mallorys_api: Any,
    made: dict[str, Any],
    send: Callable[..., Any],
    run_jobs: Callable[[], int],
    method: str,
    path: str,
) -> None:
    send(BOB)
    run_jobs()
    (event,) = api("GET", "webhookEvents").json()["items"]
    answer = mallorys_api(method, path.format(webhook=made["id"], event=event["id"]), {})
    assert answer.status_code == 404
    assert answer.json()["code"] in {"WebhookNotFound", "WebhookEventNotFound"}


def test_nobody_registers_for_another_organisation(mallorys_api: Any, alice: Any, listener: Listener) -> None:
    answer = mallorys_api("POST", f"tenants/{alice.tenant_id}/webhooks", {"endpointUrl": listener.url})
    assert answer.status_code == 403
