"""Who is asked for documents hands them over before they act; the sender gets them, and the evidence names them."""

from collections.abc import Callable
from io import BytesIO
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from paraph import evidence
from paraph_server.accounts.models import Tenant
from paraph_server.accounts.tenancy import tenant_context
from paraph_server.documents import actions as documents
from paraph_server.documents import queries as stored
from paraph_server.signing.actions import actor
from paraph_server.workflows import actions, invites
from paraph_server.workflows.errors import AlreadyActed, DocumentsMissing, NoSuchDocument, WrongKind
from paraph_server.workflows.models import Recipient, RequestedDocument, Workflow
from paraph_testing import pdfs
from paraph_testing.cast import BOB, CAROL, Person
from PIL import Image

Send = Callable[..., Workflow]
Find = Callable[[Workflow, Person], Recipient]


@pytest.fixture
def workflow(send: Send, invited: Callable[..., actions.NewRecipient]) -> Workflow:
    """Bob is asked for his identity card and, if he likes, for a letter."""
    asked = [actions.NewRequest("Identity card"), actions.NewRequest("Letter", required=False)]
    return send(actions.NewStep([invited(BOB, requests=asked)]))


def give(recipient: Recipient, name: str, content: bytes) -> RequestedDocument:
    by, at = actor(recipient), timezone.now()
    part = documents.receive(recipient.tenant_id, BytesIO(content), "card.pdf", by=by, at=at)
    return actions.hand_over(recipient, recipient.requested_documents.get(name=name).pk, part, by=by, at=at)


def test_without_them_one_cannot_act(workflow: Workflow, recipient: Find) -> None:
    bob = recipient(workflow, BOB)
    give(bob, "Letter", pdfs.invoice())
    with pytest.raises(DocumentsMissing):
        actions.act(bob, by=actor(bob), at=timezone.now())
    give(bob, "Identity card", pdfs.invoice())
    actions.act(bob, by=actor(bob), at=timezone.now())
    with pytest.raises(AlreadyActed):
        give(bob, "Letter", pdfs.invoice())


def test_only_the_kinds_that_were_asked_for(
    send: Send, invited: Callable[..., actions.NewRecipient], recipient: Find
) -> None:
    asked = [actions.NewRequest("Photograph", content_types=["image/jpeg"])]
    bob = recipient(send(actions.NewStep([invited(BOB, requests=asked)])), BOB)
    with pytest.raises(WrongKind):
        give(bob, "Photograph", pdfs.invoice())


def test_a_picture_will_do_where_one_is_asked_for(
    send: Send, invited: Callable[..., actions.NewRecipient], recipient: Find
) -> None:
    picture = BytesIO()
    Image.new("RGB", (8, 8)).save(picture, "PNG")
    asked = [actions.NewRequest("Photograph", content_types=["image/png"])]
    bob = recipient(send(actions.NewStep([invited(BOB, requests=asked)])), BOB)
    client = Client(headers={"accept": "text/html"})
    client.get(f"/invite?token={invites.token(bob, at=timezone.now())}")
    file = SimpleUploadedFile("me.png", picture.getvalue(), "image/png")
    path = f"/signing/{bob.pk}/requested/{bob.requested_documents.get().pk}"
    assert client.post(path, {"document": file}).status_code == 302
    given = bob.requested_documents.get().part
    assert given
    assert (given.filename, given.content_type) == ("me.png", "image/png")


def test_nobody_answers_for_somebody_else(send: Send, workflow: Workflow, recipient: Find) -> None:
    carol, at = recipient(send(CAROL), CAROL), timezone.now()
    part = documents.receive(carol.tenant_id, BytesIO(pdfs.invoice()), "card.pdf", by=actor(carol), at=at)
    asked = recipient(workflow, BOB).requested_documents.first()
    assert asked
    with pytest.raises(NoSuchDocument):
        actions.hand_over(carol, asked.pk, part, by=actor(carol), at=at)


def test_the_page_takes_them_the_sender_gets_them_and_the_evidence_names_them(
    workflow: Workflow,
    recipient: Find,
    sign: Callable[..., None],
    run_jobs: Callable[[], int],
    api: Any,
) -> None:
    bob = recipient(workflow, BOB)
    client = Client(headers={"accept": "text/html"})
    client.get(f"/invite?token={invites.token(bob, at=timezone.now())}")
    asked = bob.requested_documents.get(name="Identity card")
    card = SimpleUploadedFile("card.pdf", pdfs.invoice(), "application/pdf")
    sent = client.post(f"/signing/{bob.pk}/requested/{asked.pk}", {"document": card})
    assert sent.status_code == 302
    assert "card.pdf" in client.get(f"/signing/{bob.pk}/").content.decode()
    wrong = SimpleUploadedFile("card.pdf", b"%PDF-1.7 and nothing else", "application/pdf")
    assert client.post(f"/signing/{bob.pk}/requested/{asked.pk}", {"document": wrong}).status_code == 422
    sign(recipient(workflow, BOB))
    run_jobs()

    [first, _second] = api("GET", f"workflows/{workflow.pk}").json()["steps"][0]["recipients"][0]["requestedDocuments"]
    assert first["part"]["filename"] == "card.pdf"
    answer = api("GET", f"requestedDocuments/{first['id']}")
    assert b"".join(answer.streaming_content) == pdfs.invoice()
    finished = Workflow.objects.select_related("evidence").get(pk=workflow.pk)
    assert finished.evidence
    [person] = evidence.read(stored.content(finished.evidence)).people
    assert [(each.name, each.filename) for each in person.enclosures] == [("Identity card", "card.pdf")]


def test_another_tenant_sees_none(workflow: Workflow, mallorys_api: Any, other_tenant: Tenant, recipient: Find) -> None:
    asked = recipient(workflow, BOB).requested_documents.first()
    assert asked
    assert mallorys_api("GET", f"requestedDocuments/{asked.pk}").status_code == 404
    with tenant_context(other_tenant):
        assert not RequestedDocument.objects.exists()
