"""What is sent, what is sent again, and what comes of it."""

import asyncio
import io
import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from paraph.client import AsyncClient, Client, NewRecipient, NewStep, Patience
from paraph.errors import BadRequest, InputError, Overloaded, Problem, Unavailable

Shape = Callable[..., dict[str, Any]]
BUSY = {"status": 503, "code": "Unavailable", "message": "Not now."}


def test_words_are_camel_case_on_the_wire_and_times_milliseconds(server: Any, client: Client, workflow: Shape) -> None:
    server.will(200, workflow(data1="order 7", started=1_795_000_000_123, anotherDay=True))
    bob = NewRecipient(email="bob@example.org", first_name="Bob", last_name="Durand")
    made = client.create_workflow(
        "usr_1", name="Contract 42", steps=[NewStep(recipients=[bob], validity_period=timedelta(days=1))]
    )
    assert json.loads(server.heard[0].body) == {
        "name": "Contract 42",
        "description": "",
        "steps": [
            {
                "recipients": [{"email": "bob@example.org", "firstName": "Bob", "lastName": "Durand"}],
                "stepType": "signature",
                "validityPeriod": 86_400_000,
            }
        ],
    }
    assert (made.id, made.data) == ("wfl_1", {"data1": "order 7"})
    assert made.started == made.created == datetime(2026, 11, 18, 11, 6, 40, 123000, tzinfo=UTC)
    assert made.finished is None


def test_the_token_goes_in_its_header_and_nowhere_else(server: Any, client: Client) -> None:
    server.will(200, "paraph:0.1.0")
    assert client.version() == "paraph:0.1.0"
    [heard] = server.heard
    assert heard.headers["authorization"] == "Bearer act_123.secret"
    assert "act_" not in heard.path + repr(client)


def test_ids_are_one_segment_whatever_they_hold(server: Any, client: Client, workflow: Shape) -> None:
    server.will(200, workflow())
    client.workflow("../users/me?x=#")
    assert server.heard[0].path == "/api/workflows/..%2Fusers%2Fme%3Fx%3D%23"


@pytest.mark.parametrize("path", ["http://192.0.2.1/x", "//192.0.2.1/x", "/x"])
def test_no_path_leads_the_token_elsewhere(server: Any, client: Client, path: str) -> None:
    server.will(200, {"here": True})
    assert client.request("GET", path) == {"here": True}
    assert server.heard[0].path.startswith("/api/")


@pytest.mark.parametrize("status", [429, 503])
def test_a_busy_server_is_asked_again_with_the_same_key(
    server: Any, client: Client, workflow: Shape, status: int
) -> None:
    server.will(status, BUSY, Retry_After="0").will(200, workflow())
    assert client.create_workflow("usr_1", name="x").id == "wfl_1"
    first, second = server.heard
    assert first.headers["idempotency-key"] == second.headers["idempotency-key"]
    assert first.body == second.body


def test_another_call_has_another_key_unless_one_is_given(server: Any, client: Client, workflow: Shape) -> None:
    for key in (None, None, "order-7", "order-7"):
        server.will(200, workflow())
        client.create_workflow("usr_1", name="x", idempotency_key=key)
    keys = [heard.headers["idempotency-key"] for heard in server.heard]
    assert len(set(keys)) == 3
    assert keys[2:] == ["order-7", "order-7"]


def test_what_may_have_been_done_is_known_for_a_repetition(server: Any, client: Client, workflow: Shape) -> None:
    under_way = {"status": 409, "code": "CallUnderWay", "message": "In a moment."}
    server.will(200, None).will(409, under_way, Retry_After="0").will(200, workflow(workflowStatus="started"))
    assert client.start_workflow("wfl_1").workflow_status == "started"
    assert len({heard.headers["idempotency-key"] for heard in server.heard}) == 1


def test_a_broken_connection_is_no_end_for_a_question(server: Any, client: Client, workflow: Shape) -> None:
    server.will(200, None).will(502, b"<html>").will(200, workflow())
    assert client.workflow("wfl_1").id == "wfl_1"


def test_a_server_that_asks_for_too_much_patience_is_not_waited_for(server: Any, client: Client) -> None:
    server.will(429, BUSY, Retry_After="3600")
    with pytest.raises(Overloaded):
        client.me()
    assert len(server.heard) == 1


def test_patience_ends(server: Any, client: Client) -> None:
    for _ in range(4):
        server.will(503, BUSY)
    with pytest.raises(Overloaded) as refusal:
        client.me()
    assert isinstance(refusal.value, Unavailable)
    assert len(server.heard) == 4


@pytest.mark.parametrize(("status", "kind"), [(400, BadRequest), (404, Problem), (409, Problem), (422, BadRequest)])
def test_a_refusal_says_what_the_server_said(server: Any, client: Client, status: int, kind: type[Problem]) -> None:
    document = {"status": status, "code": "SomeCode", "message": "Because.", "seconds": 7}
    server.will(status, document, X_Log_Id="log_1")
    with pytest.raises(Problem, match=r"^Because\.$") as refusal:
        client.me()
    problem = refusal.value
    assert type(problem) is kind
    assert (problem.status, problem.code, problem.log_id, problem.facts) == (status, "SomeCode", "log_1", document)
    assert isinstance(problem, InputError) == (kind is BadRequest)


@pytest.mark.parametrize("body", [b"", b"<html>", b"[]", b'{"id": 7}', b'{"items": 3}'])
def test_another_server_than_paraph_is_unavailable(server: Any, client: Client, body: bytes) -> None:
    server.will(200, body)
    with pytest.raises(Unavailable, match="as Paraph does"):
        client.me()


def test_a_redirect_is_not_followed_with_the_token(server: Any, client: Client) -> None:
    server.will(302, Location="http://127.0.0.1:9/elsewhere")
    with pytest.raises(Problem, match="302"):
        client.me()


def test_nobody_there(server: Any) -> None:
    with (
        Client("http://127.0.0.1:9/api", "act_1", patience=Patience(tries=2, first=0)) as client,
        pytest.raises(Unavailable, match="does not answer"),
    ):
        client.me()


@pytest.mark.parametrize(
    ("url", "token"),
    [("paraph.example.org", "act_1"), ("ftp://x", "act_1"), ("https://x", ""), ("https://x", "a\r\nb")],
)
def test_what_is_no_address_or_token(url: str, token: str) -> None:
    with pytest.raises(InputError):
        Client(url, token)


# ---------------------------------------------------------------- lists


def test_a_list_is_read_page_by_page_as_far_as_it_is_wanted(server: Any, client: Client, workflow: Shape) -> None:
    for page in (["wfl_1", "wfl_2"], ["wfl_3"]):
        server.will(200, {"items": [workflow(each) for each in page], "itemsPerPage": 2, "totalItems": 3})
    found = client.workflows(text="été", status="started")
    assert next(found).id == "wfl_1"
    assert len(server.heard) == 1
    assert [each.id for each in found] == ["wfl_2", "wfl_3"]
    assert "text=%C3%A9t%C3%A9" in server.heard[0].path
    assert ["pageIndex=0" in server.heard[0].path, "pageIndex=1" in server.heard[1].path] == [True, True]


# ---------------------------------------------------------------- files


def test_a_file_is_sent_piece_by_piece_under_its_name(server: Any, client: Client, tmp_path: Path) -> None:
    content, seen = bytes(range(256)) * 1000, []
    (tmp_path / "Contrat été.pdf").write_bytes(content)
    server.will(200, {"documents": [{"id": "doc_1", "workflowId": "wfl_1", "parts": []}]})
    made = client.add_document(
        "wfl_1",
        tmp_path / "Contrat été.pdf",
        signature_profile_id="sip_1",
        progress=lambda sent, size: seen.append((sent, size)),
    )
    [heard] = server.heard
    assert made.id == "doc_1"
    assert heard.body == content
    assert heard.headers["content-length"] == "256000"
    assert heard.headers["content-type"] == "application/pdf"
    assert heard.headers["content-disposition"] == "attachment; filename*=UTF-8''Contrat%20%C3%A9t%C3%A9.pdf"
    assert seen[-1] == (256_000, 256_000)
    assert len(seen) == 4


def test_half_a_download_leaves_nothing_behind(server: Any, client: Client) -> None:
    server.will(200, b"half", Content_Length="9")
    server.will(
        200, b"the whole", Content_Disposition='attachment; filename="../a\\b.pdf"', Content_Type="application/pdf"
    )
    into = io.BytesIO(b"before ")
    into.seek(7)
    file = client.download_documents("wfl_1", into)
    assert into.getvalue() == b"before the whole"
    assert (file.name, file.content_type, file.size) == ("b.pdf", "application/pdf", 9)


def test_a_refused_download_writes_nothing(server: Any, client: Client) -> None:
    server.will(409, {"code": "WorkflowNotFinished", "message": "Not yet."})
    into = io.BytesIO()
    with pytest.raises(Problem, match="Not yet"):
        client.download_evidence("wfl_1", into)
    assert into.getvalue() == b""


# ---------------------------------------------------------------- awaited


def test_the_same_calls_are_awaited(server: Any, workflow: Shape, tmp_path: Path) -> None:
    (tmp_path / "a.pdf").write_bytes(b"%PDF-" * 50_000)
    server.will(503, BUSY, Retry_After="0").will(200, workflow())
    server.will(200, {"documents": [{"id": "doc_1", "workflowId": "wfl_1", "parts": []}]})
    server.will(200, {"items": [workflow()], "itemsPerPage": 1, "totalItems": 1})
    server.will(200, b"signed").will(404, {"code": "WorkflowNotFound", "message": "None."}).will(204)

    async def walk() -> bytes:
        async with AsyncClient(server.url, "act_1", patience=Patience(first=0)) as client:
            made = await client.create_workflow("usr_1", name="x")
            await client.add_document(made.id, tmp_path / "a.pdf", signature_profile_id="sip_1")
            assert [each.id async for each in client.workflows()] == [made.id]
            into = io.BytesIO()
            await client.download_documents(made.id, into)
            with pytest.raises(Problem, match="None"):
                await client.workflow("wfl_2")
            await client.remove_webhook("wbh_1")
            return into.getvalue()

    assert asyncio.run(walk()) == b"signed"
    assert server.heard[2].body == b"%PDF-" * 50_000
