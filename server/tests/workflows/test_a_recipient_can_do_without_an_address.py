"""Somebody whom the caller knows by telephone only, and to whom the platform sends nothing but the code."""

import json
from collections.abc import Callable
from io import BytesIO
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from paraph_server.documents import actions as documents
from paraph_server.notifications.models import Message
from paraph_server.signing.models import Signing
from paraph_server.workflows import actions, queries
from paraph_server.workflows.contents import add_document
from paraph_server.workflows.models import Recipient, Workflow
from paraph_testing import pdfs
from paraph_testing.cast import BOB

GUEST = {"firstName": BOB.first_name, "lastName": BOB.last_name, "phoneNumber": BOB.phone_number}


def body(api: Any, means: str, *, max_invites: int = 0, **guest: str) -> dict[str, Any]:
    pages = {each["authenticationMode"]: each["id"] for each in api("GET", "consentPages").json()["items"]}
    recipient = {**GUEST, "consentPageId": pages[means], **guest}
    return {"name": "Order 7", "steps": [{"recipients": [recipient], "maxInvites": max_invites}]}


def create(api: Any, means: str, **more: Any) -> Any:
    return api("POST", f"users/{api.user_id}/workflows", body(api, means, **more))


@pytest.mark.parametrize(
    ("means", "more"),
    [("email", {}), ("sms", {"max_invites": 1}), ("sms", {"phoneNumber": ""}), ("email", {"max_invites": 1})],
)
def test_nobody_is_left_without_a_way_to_be_reached(api: Any, means: str, more: dict[str, Any]) -> None:
    answer = create(api, means, **more)
    assert (answer.status_code, answer.json()["code"]) == (400, "BadRecipient")


@pytest.fixture
def workflow(api: Any, alice: Any, by_alice: Any) -> Workflow:
    made = queries.workflow(alice, create(api, "sms").json()["id"])
    part = documents.receive(alice.tenant, BytesIO(pdfs.invoice()), "order.pdf", by=by_alice, at=timezone.now())
    profile = queries.signature_profiles().get()
    add_document(made, part, profile=profile, by=by_alice, at=timezone.now())
    return actions.start(made, by=by_alice, at=timezone.now())


def link(api: Any, workflow: Workflow, **whom: str) -> Any:
    return api("POST", f"workflows/{workflow.pk}/invite", whom)


def test_nothing_is_sent_and_the_link_is_had_by_number_or_identifier(api: Any, workflow: Workflow) -> None:
    assert not Message.objects.exists()
    shown = api("GET", f"workflows/{workflow.pk}").json()
    assert shown["currentRecipientEmails"] == []
    [recipient] = shown["steps"][0]["recipients"]
    for whom in ({"recipientPhone": "06 39 98 01 02"}, {"recipientId": recipient["id"]}):
        assert "/invite?token=" in link(api, workflow, **whom).json()["inviteUrl"]
    for whom in ({}, {"recipientEmail": ""}, {"recipientPhone": "+33639980199"}, {"recipientId": "rcp_x"}):
        assert link(api, workflow, **whom).status_code == 404


def test_they_sign_with_a_code_by_sms_and_no_message_goes_astray(
    api: Any, workflow: Workflow, sign: Callable[..., None], run_jobs: Callable[[], int]
) -> None:
    bob = queries.recipient(Recipient.objects.get().pk)
    client = Client(headers={"accept": "text/html"})
    client.get(link(api, workflow, recipientId=bob.pk).json()["inviteUrl"].removeprefix("http://testserver"))
    sign(bob)
    assert "e-mail" not in client.get(f"/signing/{bob.pk}/").content.decode()
    run_jobs()
    assert Signing.objects.get().completed_at
    assert {(each.channel, each.to) for each in Message.objects.filter(recipient_id=bob.pk)} == {
        ("sms", BOB.phone_number)
    }
    assert "vous recevrez un e-mail" not in client.get(f"/signing/{bob.pk}/").content.decode()
    workflow.refresh_from_db()
    actions.finish(workflow, evidence=workflow.documents.get().current, at=timezone.now())
    assert not Message.objects.filter(recipient_id=bob.pk, channel="email").exists()


def test_the_link_cannot_be_sent(api: Any, workflow: Workflow) -> None:
    whom = {"recipientId": Recipient.objects.get().pk}
    answer = api("POST", f"workflows/{workflow.pk}/sendInvite", whom)
    assert (answer.status_code, json.loads(answer.content)["code"]) == (400, "BadRecipient")
