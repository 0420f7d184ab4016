"""`paraph.client` against the server: a workflow from its first call to the files that come of it."""

import io
import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from paraph import evidence, pades
from paraph.client import Client, Field, NewRecipient, NewStep, verify
from paraph.errors import BadRequest, InputError, Problem
from paraph_testing import pdfs
from paraph_testing.cast import BOB, CAROL, Person
from paraph_testing.listener import Listener


def invited(person: Person) -> NewRecipient:
    return NewRecipient(
        email=person.email,
        first_name=person.first_name,
        last_name=person.last_name,
        phone_number=person.phone_number,
        preferred_locale=person.locale,
    )


@pytest.fixture
def draft(paraph: Client, tmp_path: Path) -> Callable[..., str]:
    """A draft with a contract; its id."""

    def draft(*people: Person) -> str:
        steps = [NewStep(recipients=[invited(each)], validity_period=timedelta(days=7)) for each in people]
        made = paraph.create_workflow(paraph.me().id, name="Contract 42", steps=steps, data={"data1": "order 7"})
        (tmp_path / "Contrat été.pdf").write_bytes(pdfs.contract())
        profile = next(paraph.signature_profiles())
        paraph.add_document(made.id, tmp_path / "Contrat été.pdf", signature_profile_id=profile.id)
        return made.id

    return draft


def test_a_workflow_goes_all_the_way(
    paraph: Client,
    draft: Callable[..., str],
    recipient: Callable[..., Any],
    sign: Callable[..., None],
    run_jobs: Callable[[], int],
) -> None:
    from paraph_server.workflows.models import Workflow  # noqa: PLC0415  models need Django set up

    workflow = draft(BOB)
    started = paraph.start_workflow(workflow)
    assert (started.workflow_status, started.current_recipient_emails) == ("started", (BOB.email,))
    assert (started.data, started.steps[0].validity_period) == ({"data1": "order 7"}, timedelta(days=7))
    sign(recipient(Workflow.objects.get(pk=workflow), BOB))
    run_jobs()
    finished = paraph.workflow(workflow)
    assert (finished.workflow_status, finished.progress) == ("finished", 100)
    assert [each.operation for each in finished.steps[0].logs][-1] == "sign"
    assert finished.finished is not None
    assert abs(finished.finished - datetime.now(UTC)) < timedelta(minutes=5)
    signed, proof = io.BytesIO(), io.BytesIO()
    assert paraph.download_documents(workflow, signed).name == "Contrat été.pdf"
    assert len(pades.read(signed.getvalue())) == 1
    file = paraph.download_evidence(workflow, proof)
    assert (file.content_type, file.size) == ("application/pdf", len(proof.getvalue()))
    assert evidence.read(proof.getvalue()).reference == workflow
    assert paraph.archive_workflow(workflow).archived


def test_everything_of_a_draft_can_be_chosen(paraph: Client, draft: Callable[..., str]) -> None:
    workflow = draft(BOB)
    paraph.change_workflow(workflow, name="Contract 43", steps=[NewStep(recipients=[invited(CAROL)], max_invites=0)])
    attached = paraph.add_attachment(workflow, pdfs.invoice(), filename="terms.pdf")
    assert attached.signature_profile_id is None
    assert attached.parts[0].filename == "terms.pdf"
    profile = next(paraph.signature_profiles())
    field = Field(image_page=-1, image_x=60, image_y=640, image_width=200, image_height=80)
    paraph.change_document(attached.id, signature_profile_id=profile.id, pdf_signature_fields=[field])
    kept = paraph.document(attached.id)
    assert (kept.signature_profile_id, kept.pdf_signature_fields) == (profile.id, (field,))
    found = paraph.workflow(workflow)
    assert (found.name, found.steps[0].recipients[0].email, found.steps[0].max_invites) == (
        "Contract 43",
        CAROL.email,
        0,
    )


def test_recipients_are_invited_by_link_or_again_and_workflows_stopped(
    paraph: Client, draft: Callable[..., str]
) -> None:
    workflow = draft(BOB)
    paraph.start_workflow(workflow)
    assert "/invite?token=" in paraph.invite(workflow, BOB.email)
    assert paraph.send_invite(workflow, BOB.email).id == workflow
    assert paraph.stop_workflow(workflow).stop_reason == "cancelled"


def test_lists_are_read_to_their_end(paraph: Client, draft: Callable[..., str]) -> None:
    made = [draft(BOB), draft(CAROL)]
    assert [each.id for each in paraph.workflows(newest_first=False)] == made
    assert [each.id for each in paraph.workflows(text=CAROL.email, status="draft")] == made[1:]
    assert list(paraph.workflows(status="finished")) == []
    assert [each.email for each in paraph.users(is_disabled=False)] == [paraph.me().email]
    assert "email" in {each.authentication_mode for each in paraph.consent_pages()}


def test_what_the_library_does_not_name_can_be_asked_all_the_same(paraph: Client) -> None:
    assert paraph.request("GET", "/users/me")["id"] == paraph.me().id
    with pytest.raises(BadRequest):
        paraph.request("POST", f"users/{paraph.me().id}/workflows", {"name": ""})


def test_a_refusal_carries_the_servers_words_and_its_log(paraph: Client) -> None:
    with pytest.raises(Problem, match="no such workflow") as refusal:
        paraph.workflow("wfl_unknown")
    assert (refusal.value.status, refusal.value.code) == (404, "WorkflowNotFound")
    assert refusal.value.log_id.startswith("log_")


def test_what_cannot_be_signed_is_bad_input(paraph: Client, draft: Callable[..., str]) -> None:
    with pytest.raises(InputError, match="PDF"):
        paraph.add_document(draft(BOB), b"MZ", signature_profile_id=next(paraph.signature_profiles()).id)


def test_a_token_that_is_none(address: str, api: Any) -> None:
    with Client(address, "act_unknown.secret") as client, pytest.raises(Problem) as refusal:
        client.me()
    assert refusal.value.status == 401


def test_a_receiver_believes_what_the_server_signed(
    paraph: Client, draft: Callable[..., str], run_jobs: Callable[[], int]
) -> None:
    with Listener() as listener:
        made = paraph.register_webhook(
            paraph.me().tenant_id, endpoint_url=listener.url, notified_events=["workflowStarted"]
        )
        workflow = draft(BOB)
        paraph.start_workflow(workflow)
        run_jobs()
        ((headers, body),) = listener.heard
    event = verify(body, headers, made.secret or "", at=datetime.now(UTC))
    assert (event.event_type, event.workflow_id, event.webhook_id) == ("workflowStarted", workflow, made.id)
    again = paraph.webhook_event(event.id)
    assert (again.event_type, again.created) == (event.event_type, event.created)
    assert again.delivered
    assert [each.id for each in paraph.webhook_events(webhook_id=made.id)] == [event.id]
    assert paraph.redeliver(event.id).delivered is None
    assert paraph.change_webhook(made.id, is_disabled=True).is_disabled
    assert [each.id for each in paraph.webhooks()] == [made.id]
    assert (paraph.webhook(made.id).secret, json.loads(body)["id"]) == (None, event.id)
    paraph.remove_webhook(made.id)
    with pytest.raises(Problem):
        paraph.webhook(made.id)
