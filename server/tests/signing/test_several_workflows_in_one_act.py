"""With the token of an invitation: one act over several workflows, or a refusal; and nothing else."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from paraph import pades
from paraph_server.accounts.models import Tenant
from paraph_server.accounts.tenancy import tenant_context
from paraph_server.documents import queries as stored
from paraph_server.notifications.content import Content
from paraph_server.notifications.models import Message
from paraph_server.signing.models import JointAct, JointPart
from paraph_server.workflows import actions, invites
from paraph_server.workflows.models import Recipient, Status, Step, Workflow
from paraph_testing.cast import BOB, CAROL, Person
from paraph_testing.program import Program

Send = Callable[..., Workflow]
Find = Callable[[Workflow, Person], Recipient]


def bearer(recipient: Recipient) -> Program:
    """A program that has nothing but somebody's invitation."""
    return Program("", invites.token(recipient, at=timezone.now()))


def join(recipient: Recipient, *workflows: Workflow) -> Any:
    return bearer(recipient)("POST", "requests/", {"workflows": [each.pk for each in workflows]})


def newest_code(email: str) -> str:
    message = Message.objects.filter(to=email, kind="code").latest("created_at")
    return re.findall(r"\b[0-9]{6}\b", Content.decrypt(bytes(message.content or b"")).text)[0]


@pytest.mark.usefixtures("trust_service")
def test_one_consent_and_one_code_sign_all_of_them(send: Send, recipient: Find, run_jobs: Callable[[], int]) -> None:
    workflows = [send(BOB, allow_comments=True), send(BOB)]
    answer = join(recipient(workflows[0], BOB), *workflows).json()
    assert [each["workflowId"] for each in answer["steps"]] == [each.pk for each in workflows]
    assert [each["allowComments"] for each in answer["steps"]] == [True, False]
    assert answer["consentPageUrl"].endswith(f"#requestId={answer['id']}")

    client = Client(headers={"accept": "text/html"})
    client.get(answer["consentPageUrl"].partition("#")[0].removeprefix("http://testserver"))
    page = client.get(f"/signing/{answer['id']}/").content.decode()
    values = {name: re.findall(f'name="{name}" value="([^"]*)"', page)[-1] for name in ("shown", "language")}
    client.post(f"/signing/{answer['id']}/accept", {"agreed": "on", **values})
    assert Message.objects.filter(kind="code").count() == 1
    client.post(f"/signing/{answer['id']}/verify", {"code": newest_code(BOB.email)})
    signed = client.post(f"/signing/{answer['id']}/sign", {"comment": "With pleasure"})
    assert signed.status_code == 302
    run_jobs()
    for each in workflows:
        workflow = Workflow.objects.get(pk=each.pk)
        assert workflow.status is Status.FINISHED
        [signature] = pades.read(stored.content(workflow.documents.get().current))
        assert "CN=Bob Durand" in signature.signer
    assert recipient(workflows[0], BOB).comment == "With pleasure"
    assert "/signed" in client.get(f"/signing/{answer['id']}/").content.decode()


def test_all_or_none(send: Send, recipient: Find, by_alice: Any, run_jobs: Callable[[], int]) -> None:
    """What is stopped between code and signature stops the whole act."""
    workflows = [send(BOB), send(BOB)]
    answer = join(recipient(workflows[0], BOB), *workflows).json()
    client = Client(headers={"accept": "text/html"})
    client.get(answer["consentPageUrl"].partition("#")[0].removeprefix("http://testserver"))
    page = client.get(f"/signing/{answer['id']}/").content.decode()
    values = {name: re.findall(f'name="{name}" value="([^"]*)"', page)[-1] for name in ("shown", "language")}
    client.post(f"/signing/{answer['id']}/accept", {"agreed": "on", **values})
    client.post(f"/signing/{answer['id']}/verify", {"code": newest_code(BOB.email)})
    actions.stop(workflows[1], by=by_alice, at=timezone.now())
    assert client.post(f"/signing/{answer['id']}/sign").status_code == 410
    assert recipient(workflows[0], BOB).acted_at is None


def test_only_what_asks_the_same_of_the_same_person(send: Send, recipient: Find) -> None:
    mine, hers, other = send(BOB), send(CAROL), send(BOB, kind=Step.Kind.VIEW)
    bob = recipient(mine, BOB)
    assert join(bob, mine, hers).status_code == 404
    assert join(bob, mine, other).json()["code"] == "NotTogether"
    later = send(CAROL, BOB)
    assert join(bob, mine, later).status_code == 409


def test_another_tenants_workflow_is_not_there(send: Send, recipient: Find, other_tenant: Tenant) -> None:
    bob = recipient(send(BOB), BOB)
    answer = join(bob, bob.workflow)
    assert answer.status_code == 200
    with tenant_context(other_tenant):
        assert not JointAct.objects.exists()
        assert not JointPart.objects.exists()


def test_the_token_refuses_and_does_nothing_else(send: Send, recipient: Find) -> None:
    workflow = send(BOB, CAROL, hide_recipients=True)
    program = bearer(recipient(workflow, BOB))
    for method, path in (("GET", "workflows"), ("GET", f"workflows/{workflow.pk}"), ("GET", "users/me")):
        assert program(method, path).status_code == 401
    answer = program("POST", f"workflows/{workflow.pk}/refuse", {"reason": "Too dear"})
    assert (answer.status_code, answer.json()["workflowStatus"]) == (200, "stopped")
    assert CAROL.email not in answer.content.decode()
    assert recipient(workflow, BOB).refusal_reason == "Too dear"


def test_without_a_good_token_nothing_is_refused(send: Send, recipient: Find, api: Any) -> None:
    workflow = send(BOB)
    for program in (Program("", "nonsense"), api):
        assert program("POST", f"workflows/{workflow.pk}/refuse").status_code == 401
    other = send(BOB)
    assert bearer(recipient(workflow, BOB))("POST", f"workflows/{other.pk}/refuse").status_code == 404


def test_where_refusal_is_not_allowed_page_and_api_refuse_it(send: Send, recipient: Find) -> None:
    workflow = send(BOB, allow_refusal=False)
    bob = recipient(workflow, BOB)
    assert bearer(bob)("POST", f"workflows/{workflow.pk}/refuse").status_code == 409
    client = Client(headers={"accept": "text/html"})
    client.get(f"/invite?token={invites.token(bob, at=timezone.now())}")
    assert f"/signing/{bob.pk}/refuse" not in client.get(f"/signing/{bob.pk}/").content.decode()
    assert client.post(f"/signing/{bob.pk}/refuse", {"reason": "Too dear"}).status_code == 409
