"""Through HTTP: whose browser may open which page, and what happens to those who come twice, too late or astray."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from paraph_server.notifications.content import Content
from paraph_server.notifications.models import Message
from paraph_server.signing import visits
from paraph_server.signing.models import Signing
from paraph_server.workflows import actions, invites, queries
from paraph_server.workflows.models import Recipient, Workflow
from paraph_testing.cast import BOB, CAROL, Person

Send = Callable[..., Workflow]
Find = Callable[[Workflow, Person], Recipient]


def browser(recipient: Recipient) -> Client:
    """A browser in which somebody opened the recipient's link."""
    client = Client(headers={"accept": "text/html"})
    answer = client.get(f"/invite?token={invites.token(recipient, at=timezone.now())}")
    assert (answer.status_code, answer.headers["Location"]) == (302, f"/signing/{recipient.pk}/")
    return client


def field(page: Any, name: str) -> str:
    form = page.content.decode().partition("/accept")[2]
    return re.findall(f'name="{name}" value="([^"]*)"', form)[0]


def accept(client: Client, recipient: Recipient) -> Any:
    page = client.get(f"/signing/{recipient.pk}/")
    values = {name: field(page, name) for name in ("shown", "language")}
    return client.post(f"/signing/{recipient.pk}/accept", {"agreed": "on", **values})


def newest_code(recipient: Recipient) -> str:
    message = Message.objects.filter(recipient_id=recipient.pk, kind="code").latest("created_at")
    return re.findall(r"\b[0-9]{6}\b", Content.decrypt(bytes(message.content or b"")).text)[0]


def verify(client: Client, recipient: Recipient) -> Any:
    return client.post(f"/signing/{recipient.pk}/verify", {"code": newest_code(recipient)})


def test_a_page_opens_only_in_the_browser_that_came_through_its_link(send: Send, recipient: Find) -> None:
    workflow = send([BOB, CAROL])
    bob, carol = recipient(workflow, BOB), recipient(workflow, CAROL)
    assert browser(bob).get(f"/signing/{bob.pk}/").status_code == 200
    for stranger in (browser(carol), Client()):
        assert stranger.get(f"/signing/{bob.pk}/").status_code == 404
        assert stranger.post(f"/signing/{bob.pk}/sign").status_code == 404
        document = workflow.documents.get()
        assert stranger.get(f"/signing/{bob.pk}/documents/{document.pk}").status_code == 404


def test_a_document_of_another_workflow_is_not_shown(send: Send, recipient: Find) -> None:
    bob, other = recipient(send(BOB), BOB), send(CAROL).documents.get()
    assert browser(bob).get(f"/signing/{bob.pk}/documents/{other.pk}").status_code == 404


def test_a_broken_link_says_so(db: None) -> None:
    answer = Client(headers={"accept": "text/html"}).get("/invite?token=eyJhbGciOiJub25lIn0.e30.")
    assert answer.status_code == 404
    assert "sign-in" not in answer.content.decode()


def test_the_code_entered_in_one_browser_opens_no_other(send: Send, recipient: Find) -> None:
    """A forwarded link is worth nothing, even while its owner is signing."""
    bob = recipient(send(BOB), BOB)
    bobs, mallorys = browser(bob), browser(bob)
    accept(bobs, bob)
    verify(bobs, bob)
    assert mallorys.post(f"/signing/{bob.pk}/sign").status_code == 409
    assert Signing.objects.get().requested_at is None
    assert bobs.post(f"/signing/{bob.pk}/sign").status_code == 302
    assert Signing.objects.get().requested_at


def test_a_form_that_is_sent_twice_signs_once(send: Send, recipient: Find) -> None:
    bob = recipient(send(BOB), BOB)
    client = browser(bob)
    accept(client, bob)
    verify(client, bob)
    first = client.post(f"/signing/{bob.pk}/sign")
    requested = Signing.objects.get().requested_at
    second = client.post(f"/signing/{bob.pk}/sign")
    assert (first.status_code, second.status_code) == (302, 302)
    assert Signing.objects.get().requested_at == requested


def test_a_code_is_good_once(send: Send, recipient: Find) -> None:
    bob = recipient(send(BOB), BOB)
    client = browser(bob)
    accept(client, bob)
    verify(client, bob)
    assert verify(client, bob).status_code == 410


def test_a_page_that_shows_other_documents_cannot_be_accepted(send: Send, recipient: Find) -> None:
    bob = recipient(send(BOB), BOB)
    client = browser(bob)
    client.get(f"/signing/{bob.pk}/")
    answer = client.post(f"/signing/{bob.pk}/accept", {"agreed": "on", "shown": "0" * 64, "language": "fr"})
    assert answer.status_code == 409
    assert Signing.objects.get().accepted_at is None


def test_whoever_comes_before_their_turn_or_too_late_is_told_so(send: Send, recipient: Find) -> None:
    workflow = send(BOB, CAROL)
    carol = recipient(workflow, CAROL)
    assert browser(carol).get(f"/signing/{carol.pk}/").status_code == 409
    bob = recipient(workflow, BOB)
    client = browser(bob)
    workflow.steps.filter(position=0).update(started_at=timezone.now() - timedelta(days=60))
    actions.expire(workflow, at=timezone.now())
    assert client.get(f"/signing/{bob.pk}/").status_code == 410


def test_without_the_token_of_the_form_nothing_happens(send: Send, recipient: Find) -> None:
    bob = recipient(send(BOB), BOB)
    client = Client(enforce_csrf_checks=True)
    client.get(f"/invite?token={invites.token(bob, at=timezone.now())}")
    assert client.post(f"/signing/{bob.pk}/refuse", {"reason": "Mallory says so"}).status_code == 403
    assert bob.workflow.status.value == "started"


def test_a_signature_made_while_its_page_was_opened_is_no_fault(
    send: Send, recipient: Find, sign: Callable[..., None], run_jobs: Callable[[], int], monkeypatch: pytest.MonkeyPatch
) -> None:
    bob = recipient(send(BOB), BOB)
    client, before = browser(bob), queries.recipient(bob.pk)
    sign(bob)
    run_jobs()
    found = iter([before, queries.recipient(bob.pk)])
    monkeypatch.setattr(visits.workflows, "recipient", lambda _pk: next(found))
    answer = client.get(f"/signing/{bob.pk}/")
    assert answer.status_code == 200
    assert "/signed" in answer.content.decode()
