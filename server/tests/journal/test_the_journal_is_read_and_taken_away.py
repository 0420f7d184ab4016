"""The journal over REST."""

import csv
import json
from collections.abc import Callable
from typing import Any

import pytest
from paraph.errors import BrokenChain
from paraph.evidence import chain
from paraph_server.journal import queries
from paraph_testing.cast import BOB


@pytest.fixture
def sent(send: Callable[..., Any]) -> Any:
    return send(BOB)


def export(api: Any, **query: str) -> list[bytes]:
    answer = api.send(
        "GET", "journal/export", QUERY_STRING="&".join(f"{name}={value}" for name, value in query.items())
    )
    assert answer.status_code == 200
    return b"".join(answer.streaming_content).splitlines(keepends=True)


def test_the_latest_comes_first_with_who_did_it_from_where(api: Any, sent: Any) -> None:
    page = api("GET", "journal?itemsPerPage=100").json()
    assert [each["sequence"] for each in page["items"]] == list(range(page["totalItems"], 0, -1))
    started = next(each for each in page["items"] if each["event"] == "workflow:started")
    assert started["subject"] == sent.pk
    assert (started["actor"]["name"], started["actor"]["address"]) == ("Alice Marchand", "192.0.2.1")


def test_entries_are_found_by_what_when_who_and_about_what(api: Any, sent: Any) -> None:
    def found(query: str) -> set[str]:
        return {each["event"] for each in api("GET", f"journal?itemsPerPage=100&{query}").json()["items"]}

    at = int(sent.started_at.timestamp() * 1000)
    assert found("event=workflow:started") == {"workflow:started"}
    assert found(f"subject={sent.pk}") >= {"workflow:created", "workflow:started"}
    assert found(f"actor={api.user_id}&event=workflow:created") == {"workflow:created"}
    assert found("actor=usr_somebodyElse") == found(f"to={at - 60_000}") == found(f"from={at + 60_000}") == set()
    assert found(f"from={at - 60_000}&to={at + 60_000}") >= {"workflow:started"}


def test_a_workflow_has_its_own(api: Any, sent: Any) -> None:
    events = [each["event"] for each in api("GET", f"workflows/{sent.pk}/journal?sortOrder=asc").json()["items"]]
    assert events[0] in {"part:received", "workflow:created"}
    assert {"workflow:started", "recipient:invited", "part:received"} <= set(events)


def test_an_export_is_checked_without_us(api: Any, sent: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queries, "BATCH", 2)
    *_, last = links = list(chain.follow(export(api)))
    head = queries.head(sent.tenant_id)
    assert head
    assert (last.sequence, last.hash, len(links)) == (head.sequence, head.hash, head.sequence)
    assert [each.sequence for each in chain.follow(export(api, after="3"))] == list(range(4, head.sequence + 1))


@pytest.mark.parametrize("harm", ["event", "actor_id", "details", "hash", "sequence", "previous", "salt"])
def test_an_altered_export_is_found_out(api: Any, sent: Any, harm: str) -> None:
    lines = export(api)
    entry = json.loads(lines[2])
    entry[harm] = {"details": {}, "sequence": 7, "salt": "00"}.get(harm, "0" * 64)
    with pytest.raises(BrokenChain):
        list(chain.follow([*lines[:2], json.dumps(entry), *lines[3:]]))


def test_what_is_left_out_moved_or_nonsense_is_found_out(api: Any, sent: Any) -> None:
    first, second, third, *_ = export(api)
    for wrong in ([first, third], [second, first], [first, first], [b"{}"], [b"nonsense"], [first, b"[]"]):
        with pytest.raises(BrokenChain):
            list(chain.follow(wrong))


def test_people_read_it_as_a_table_that_calculates_nothing(api: Any, alice: Any, sent: Any) -> None:
    type(alice).objects.filter(pk=alice.pk).update(first_name="=cmd|' /C calc'!A0", last_name="")
    api("POST", f"users/{api.user_id}/workflows", {"name": "Contract"})
    written = b"".join(export(api, format="csv")).decode()
    assert written.startswith("\ufeffsequence,")
    *_, last = rows = list(csv.DictReader(written.removeprefix("\ufeff").splitlines()))
    assert [int(row["sequence"]) for row in rows] == list(range(1, len(rows) + 1))
    assert last["name"].startswith("'=cmd")


def test_others_read_their_own(mallorys_api: Any, sent: Any) -> None:
    assert mallorys_api("GET", f"journal?subject={sent.pk}").json()["totalItems"] == 0
    assert mallorys_api("GET", f"workflows/{sent.pk}/journal").status_code == 404
    assert not any(sent.pk.encode() in line for line in export(mallorys_api))
