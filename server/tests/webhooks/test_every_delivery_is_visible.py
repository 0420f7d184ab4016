"""What was sent, to whom, and what became of it: in the API and on a page."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from paraph_server.accounts.sign_in import BACKEND
from paraph_server.journal.actions import PLATFORM
from paraph_server.notifications import actions, carriers
from paraph_server.notifications.errors import NotDelivered
from paraph_server.workflows import actions as workflows
from paraph_testing.cast import BOB
from paraph_testing.listener import Listener


@pytest.fixture
def deliveries(api: Any) -> Callable[[Any], dict[str, Any]]:
    """By their kind; the last of each."""

    def deliveries(workflow: Any) -> dict[str, Any]:
        answer = api("GET", f"workflows/{workflow.pk}/deliveries")
        assert answer.status_code == 200, answer.content
        return {each["kind"]: each for each in answer.json()["items"]}

    return deliveries


def progress(delivery: dict[str, Any]) -> list[str]:
    return [each["status"] for each in delivery["timeline"]]


def test_an_invitation_waits_is_sent_and_is_opened(
    send: Callable[..., Any], recipient: Callable[..., Any], run_jobs: Callable[[], int], deliveries: Callable[..., Any]
) -> None:
    workflow = send(BOB)
    assert progress(deliveries(workflow)["invitation"]) == ["queued"]
    run_jobs()
    bob = recipient(workflow, BOB)
    workflows.view(bob, by=PLATFORM, at=timezone.now())
    invitation = deliveries(workflow)["invitation"]
    assert progress(invitation) == ["queued", "sent", "opened"]
    assert (invitation["to"], invitation["recipientId"], invitation["status"]) == (BOB.email, bob.pk, "opened")


def test_what_is_refused_says_why(
    send: Callable[..., Any], deliveries: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> str:
        raise NotDelivered("550 no such mailbox", permanent=True)

    monkeypatch.setattr(carriers, "_mail", refuse)
    workflow = send(BOB)
    actions.attempt(deliveries(workflow)["invitation"]["id"], at=timezone.now())
    invitation = deliveries(workflow)["invitation"]
    assert progress(invitation) == ["queued", "failed"]
    assert invitation["timeline"][-1]["reason"] == "550 no such mailbox"


def test_what_is_tried_again_says_so(
    send: Callable[..., Any], deliveries: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    def absent(*_: object) -> str:
        raise NotDelivered("connection refused")

    there = carriers._mail
    monkeypatch.setattr(carriers, "_mail", absent)
    workflow = send(BOB)
    identifier = deliveries(workflow)["invitation"]["id"]
    actions.attempt(identifier, at=timezone.now())
    monkeypatch.setattr(carriers, "_mail", there)
    actions.attempt(identifier, at=timezone.now())
    assert progress(deliveries(workflow)["invitation"]) == ["queued", "deferred", "sent"]


def test_webhooks_stand_beside_the_messages(
    api: Any,
    registered: Callable[..., Any],
    listener: Listener,
    send: Callable[..., Any],
    run_jobs: Callable[[], int],
    deliveries: Callable[..., Any],
) -> None:
    registered("workflowStarted")
    workflow = send(BOB)
    run_jobs()
    told = deliveries(workflow)["workflowStarted"]
    assert (told["channel"], told["to"], progress(told)) == ("webhook", listener.url, ["queued", "sent"])
    listed = api("GET", f"webhookEvents?workflowId={workflow.pk}&eventType=workflowStarted").json()["items"]
    assert [each["id"] for each in listed] == [told["id"]]
    assert api("GET", f"webhookEvents?workflowId={workflow.pk}&failed=true").json()["totalItems"] == 0


def test_the_sender_reads_it_on_a_page(alice: Any, send: Callable[..., Any], run_jobs: Callable[[], int]) -> None:
    workflow = send(BOB)
    run_jobs()
    browser = Client()
    browser.force_login(alice, backend=BACKEND)
    page = browser.get(f"/workflows/{workflow.pk}/deliveries/", HTTP_ACCEPT_LANGUAGE="fr").content.decode()
    assert "Envois" in page
    assert BOB.email in page
    assert "accepted by the mail server" in page


def test_others_see_nothing_of_it(mallorys_api: Any, send: Callable[..., Any]) -> None:
    assert mallorys_api("GET", f"workflows/{send(BOB).pk}/deliveries").status_code == 404
