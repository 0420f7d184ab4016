"""Words, filters, order and pages of the list of workflows."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from paraph_server.accounts.models import User
from paraph_server.web import counts
from paraph_server.workflows.models import Recipient, Term, Workflow
from paraph_testing import pdfs
from paraph_testing.cast import BOB, CAROL

Draft = Callable[..., dict[str, Any]]
GUEST = {"email": BOB.email, "firstName": BOB.first_name, "lastName": BOB.last_name}
OTHER = {"email": CAROL.email, "firstName": CAROL.first_name, "lastName": CAROL.last_name}


@pytest.fixture
def found(api: Any) -> Callable[..., list[str]]:
    """The names of those that are found."""

    def found(**wanted: Any) -> list[str]:
        answer = api.send("GET", "workflows", QUERY_STRING=query(**wanted))
        assert answer.status_code == 200, answer.content
        assert answer.json()["totalItems"] == len(answer.json()["items"])
        return sorted(each["name"] for each in answer.json()["items"])

    return found


def query(**wanted: Any) -> str:
    return urlencode({name.replace("__", "."): value for name, value in wanted.items()})


def test_every_word_is_looked_for_in_everything_that_people_remember(
    api: Any, draft: Draft, found: Callable[..., list[str]]
) -> None:
    made = draft(GUEST, name="Avenant n° 7", description="À signer avant vendredi", data3="dossier X-442")
    api.upload(made["id"], pdfs.invoice(), name="Bail_commercial.pdf")
    draft(OTHER, name="Something else")
    people = (BOB.last_name, BOB.email, BOB.email.partition("@")[2])
    for text in ("avenant", "AVENANT 7", "vendredi signer", "x 442", "bail", "commercial.pdf", made["id"], *people[:2]):
        assert found(text=text) == ["Avenant n° 7"], text


@pytest.mark.parametrize("text", ["elan", "ELAN", "élan", "Éla", "e\u0301lan", "coeur", "cœur", "strasse", "STRAßE"])
def test_accents_and_capitals_make_no_difference(draft: Draft, found: Callable[..., list[str]], text: str) -> None:
    draft(GUEST, name="Élan du cœur, Straße")
    assert found(text=text) == ["Élan du cœur, Straße"]


@pytest.mark.parametrize(
    "text", ["lan", "nothing", "!", "wfl_unknown", "élan nothing", "%", "_", "*", "\\", "e' OR 1=1 --"]
)
def test_what_is_not_there_is_not_found(draft: Draft, found: Callable[..., list[str]], text: str) -> None:
    draft(GUEST, name="Élan")
    assert found(text=text) == []


def test_what_has_changed_is_found_by_its_new_words_only(
    api: Any, draft: Draft, found: Callable[..., list[str]]
) -> None:
    made = draft(GUEST, name="Before")
    api("PATCH", f"workflows/{made['id']}", {"name": "After", "steps": [{"recipients": [OTHER]}]})
    assert found(text="after") == found(text=CAROL.last_name) == ["After"]
    assert found(text="before") == found(text=BOB.email) == []
    Recipient.objects.update(last_name="Nouveau")
    assert found(text="nouveau") == ["After"]


def test_what_is_deleted_leaves_no_words(draft: Draft) -> None:
    made = draft(GUEST)
    Workflow.objects.get(pk=made["id"]).delete()
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    assert not Term.objects.exists()


def test_others_find_nothing_of_ours(draft: Draft, mallorys_api: Any) -> None:
    draft(GUEST, name="Secret")
    for wanted in ("text=secret", "items.name=Secret", f"items.recipientEmail={BOB.email}", "text="):
        assert mallorys_api("GET", f"workflows?{wanted}").json()["totalItems"] == 0


def test_a_list_is_filtered_by_facts(api: Any, draft: Draft, found: Callable[..., list[str]]) -> None:
    draft(GUEST, name="Contract 1", data1="Order 7", data16="blue")
    draft(OTHER, name="Contract 12", data1="Order 77")
    assert found(items__name="contract 1") == ["Contract 1"]
    assert found(items__data1="order 7") == ["Contract 1"]
    assert found(items__data16="blue", items__recipientEmail=BOB.email.upper()) == ["Contract 1"]
    assert found(items__recipientEmail=CAROL.email) == ["Contract 12"]
    assert found(items__userId=api.user_id) == ["Contract 1", "Contract 12"]
    assert found(items__userId="usr_somebodyElse") == []
    assert found(items__data2="Order 7") == []


def test_a_list_is_filtered_by_time(draft: Draft, found: Callable[..., list[str]]) -> None:
    now = timezone.now()
    for days, name in ((3, "old"), (1, "young")):
        made = draft(GUEST, name=name)
        Workflow.objects.filter(pk=made["id"]).update(created_at=now - timedelta(days=days))
    between = int((now - timedelta(days=2)).timestamp() * 1000)
    assert found(items__created__from=between) == ["young"]
    assert found(items__created__to=between) == ["old"]
    assert found(items__created__from=between, items__created__to=between) == []
    assert found(items__updated__to=between) == []


@pytest.mark.parametrize(
    "wrong",
    ["sortOrder=sideways", "items.created.from=-1", "items.workflowStatus=done", "pageIndex=x", "itemsPerPage=101"],
)
def test_what_makes_no_sense_is_refused(api: Any, wrong: str) -> None:
    assert api("GET", f"workflows?{wrong}").status_code == 400


def test_pages_hang_together_when_all_is_made_at_the_same_time(api: Any, draft: Draft) -> None:
    for _ in range(5):
        draft(GUEST)
    Workflow.objects.update(created_at=timezone.now())
    for order in ("asc", "desc"):
        pages = [api("GET", f"workflows?itemsPerPage=2&pageIndex={page}&sortOrder={order}").json() for page in range(4)]
        assert [len(page["items"]) for page in pages] == [2, 2, 1, 0]
        assert {page["totalItems"] for page in pages} == {5}
        assert len({each["id"] for page in pages for each in page["items"]}) == 5


def test_a_page_costs_as_many_questions_whatever_it_holds(api: Any, draft: Draft) -> None:
    asked = []
    for _ in range(2):
        draft(GUEST, OTHER)
        with CaptureQueriesContext(connection) as queries:
            api("GET", "workflows?text=contract")
        asked.append(len(queries))
        draft(GUEST, OTHER, GUEST)
    assert asked[0] == asked[1]


def test_large_counts_are_taken_once_a_minute(api: Any, draft: Draft, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(counts, "EXACT", 2)
    for _ in range(3):
        draft(GUEST)
    path = "workflows?itemsPerPage=1"
    assert api("GET", path).json()["totalItems"] == 3
    draft(GUEST)
    assert api("GET", path).json()["totalItems"] == 3
    assert api("GET", f"{path}&items.workflowStatus=draft").json()["totalItems"] == 4


def test_a_count_that_is_too_old_is_taken_again(api: Any, draft: Draft, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(counts, "EXACT", 2)
    monkeypatch.setattr(counts, "MINUTE", 0)
    for _ in range(3):
        draft(GUEST)
    path = "workflows?itemsPerPage=1"
    assert api("GET", path).json()["totalItems"] == 3
    draft(GUEST)
    assert api("GET", path).json()["totalItems"] == 4


def test_the_first_page_shows_the_newest_first(draft: Draft, alice: User, client: Client) -> None:
    names = [f"Bail {number}" for number in range(4)]
    for name in names:
        draft(GUEST, name=name)
    Workflow.objects.filter(name="Bail 1").update(updated_at=timezone.now())
    client.force_login(alice)
    page = client.get("/").content.decode()
    assert sorted(names, key=page.index) == names[::-1]
