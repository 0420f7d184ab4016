"""Idempotency-Key."""

import threading
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from paraph_server.accounts.models import User
from paraph_server.accounts.tenancy import NOBODY, tenant_context
from paraph_server.calls import tasks
from paraph_server.calls.models import KEPT, Call
from paraph_server.workflows import actions
from paraph_server.workflows.models import Document, Workflow
from paraph_testing import pdfs

WORKFLOW = {"name": "Contract 42"}
KEY = {"HTTP_IDEMPOTENCY_KEY": '"8e03978e-40d5-43dd-bc93-6894a57f9324"'}


def create(api: Any, body: object = None, **key: str) -> Any:
    return api("POST", f"users/{api.user_id}/workflows", body or WORKFLOW, **key or KEY)


def test_the_second_call_gets_the_answer_of_the_first(api: Any) -> None:
    first, second = create(api), create(api)
    assert first.status_code == second.status_code == 200
    assert first.content == second.content
    assert "Idempotent-Replayed" not in first.headers
    assert second.headers["Idempotent-Replayed"] == "true"
    assert Workflow.objects.count() == 1


def test_another_call_under_the_same_key_is_refused(api: Any) -> None:
    create(api)
    refused = create(api, {"name": "Contract 43"})
    assert (refused.status_code, refused.json()["code"]) == (422, "IdempotencyKeyReused")
    assert Workflow.objects.count() == 1


def test_without_a_key_or_with_another_it_is_another_call(api: Any) -> None:
    create(api)
    create(api, HTTP_IDEMPOTENCY_KEY="another")
    api("POST", f"users/{api.user_id}/workflows", WORKFLOW)
    assert Workflow.objects.count() == 3


def test_a_change_is_carried_out_once_too(api: Any) -> None:
    made = create(api).json()
    patch = {"HTTP_IDEMPOTENCY_KEY": "patch"}
    versions = {api("PATCH", f"workflows/{made['id']}", {"name": "New"}, **patch).headers["ETag"] for _ in range(2)}
    assert len(versions) == 1


def test_an_upload_is_taken_in_once(api: Any) -> None:
    made = create(api).json()
    answers = [api.upload(made["id"], pdfs.invoice(), HTTP_IDEMPOTENCY_KEY="upload").json() for _ in range(2)]
    assert answers[0] == answers[1]
    assert Document.objects.count() == 1
    other = api.upload(made["id"], pdfs.invoice(2), HTTP_IDEMPOTENCY_KEY="upload")
    assert other.status_code == 422


def test_a_form_is_the_same_whatever_its_boundary(api: Any) -> None:
    made = create(api).json()

    def upload(boundary: str, content: bytes) -> Any:
        start = f'--{boundary}\r\nContent-Disposition: form-data; name="file"; filename="a.pdf"\r\n\r\n'
        body = start.encode() + content + f"\r\n--{boundary}--\r\n".encode()
        form = f"multipart/form-data; boundary={boundary}"
        path = f"workflows/{made['id']}/parts"
        return api.send("POST", path, body, content_type=form, HTTP_IDEMPOTENCY_KEY="form")

    assert upload("a7d1f0c", pdfs.invoice()).status_code == 200
    assert upload("another-93be2", pdfs.invoice()).headers["Idempotent-Replayed"] == "true"
    assert upload("a7d1f0c", pdfs.invoice(2)).status_code == 422
    assert Document.objects.count() == 1


def test_who_was_refused_may_try_again(api: Any) -> None:
    made = create(api).json()
    start = {"workflowStatus": "started"}
    assert api("PATCH", f"workflows/{made['id']}", start, HTTP_IDEMPOTENCY_KEY="start").status_code == 400
    assert not Call.objects.filter(key="start").exists()


def test_a_refusal_leaves_nothing_behind(api: Any) -> None:
    made = create(api).json()
    both = {"name": "Contract 43", "workflowStatus": "started"}
    assert api("PATCH", f"workflows/{made['id']}", both, HTTP_IDEMPOTENCY_KEY="both").status_code == 400
    assert api("GET", f"workflows/{made['id']}").json()["name"] == "Contract 42"


def test_keys_of_others_do_not_collide(api: Any, mallorys_api: Any, mallory: User) -> None:
    create(api)
    assert "Idempotent-Replayed" not in create(mallorys_api).headers
    with tenant_context(mallory.tenant_id):
        assert Call.objects.count() == 1
    with tenant_context(NOBODY):
        assert not Call.objects.exists()


def test_a_secret_is_not_kept_in_clear(api: Any, alice: User) -> None:
    hook = {"endpointUrl": "https://example.org/hook"}
    first, second = (api("POST", f"tenants/{alice.tenant_id}/webhooks", hook, **KEY).json() for _ in range(2))
    assert first == second
    assert first["secret"].encode() not in bytes(Call.objects.get().body)


@pytest.mark.parametrize("key", ["", '""', "k" * 256, "tab\there"])
def test_a_key_that_cannot_be_kept_is_refused(api: Any, key: str) -> None:
    assert create(api, HTTP_IDEMPOTENCY_KEY=key).json()["code"] == "BadIdempotencyKey"


def test_answers_are_kept_for_a_day(api: Any) -> None:
    create(api)
    kept = Call.objects.get()
    tasks.forget(int((kept.created_at + KEPT).timestamp()))
    assert Call.objects.exists()
    tasks.forget(int((kept.created_at + KEPT).timestamp()) + 1)
    assert not Call.objects.exists()


def test_an_answer_of_yesterday_is_not_given_though_nobody_swept(api: Any) -> None:
    create(api)
    Call.objects.update(created_at=Call.objects.get().created_at - KEPT - timedelta(seconds=1))
    assert "Idempotent-Replayed" not in create(api, {"name": "Contract 43"}).headers


def test_a_crash_before_the_answer_is_kept_undoes_the_act(api: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def crash(*_: object, **__: object) -> None:
        raise SystemExit(9)

    with monkeypatch.context() as patched:
        patched.setattr(Call.objects, "update_or_create", crash)
        with pytest.raises(SystemExit):
            create(api)
    assert not Workflow.objects.exists()
    create(api)
    assert Workflow.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_the_same_call_at_the_same_time_is_told_to_wait(api: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    entered, leave, answers = threading.Event(), threading.Event(), []
    slowly = slow(actions.create, entered, leave)
    monkeypatch.setattr(actions, "create", slowly)

    def first() -> None:
        answers.append(create(api))
        connection.close()

    thread = threading.Thread(target=first)
    thread.start()
    assert entered.wait(20)
    waiting = create(api)
    leave.set()
    thread.join()
    assert (waiting.status_code, waiting.json()["code"]) == (409, "CallUnderWay")
    assert waiting.headers["Retry-After"] == "1"
    assert create(api).json() == answers[0].json()
    assert Workflow.objects.count() == 1


def slow(act: Callable[..., Any], entered: threading.Event, leave: threading.Event) -> Callable[..., Any]:
    def slowly(*args: Any, **kwargs: Any) -> Any:
        entered.set()
        assert leave.wait(20)
        return act(*args, **kwargs)

    return slowly
