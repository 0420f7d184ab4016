"""Words that very many workflows have are found as others are; only how that is done differs."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from paraph_server.accounts.models import User
from paraph_server.accounts.sign_in import BACKEND
from paraph_server.web import words
from paraph_server.web.words import Asked
from paraph_testing.cast import BOB, CAROL

Draft = Callable[..., dict[str, Any]]
GUEST = {"email": BOB.email, "firstName": BOB.first_name, "lastName": BOB.last_name}
OTHER = {"email": CAROL.email, "firstName": CAROL.first_name, "lastName": CAROL.last_name}


@pytest.fixture(autouse=True)
def common(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every word is had by more than are looked up at once."""
    monkeypatch.setattr(words, "EXACT", 0)


@pytest.fixture
def leases(draft: Draft) -> None:
    for number, town in enumerate(("Lyon", "Paris", "Lyon")):
        draft(GUEST, name=f"Bail {number} {town}", data1="Lease", filingClass=f"Bails/{town}")
    draft(OTHER, name="Something else")


@pytest.fixture
def slow(monkeypatch: pytest.MonkeyPatch) -> None:
    """Looking through takes longer than it may."""
    monkeypatch.setattr(Asked, "template", "(EXISTS (%(subquery)s OFFSET 0) AND (SELECT true FROM pg_sleep(0.05)))")
    monkeypatch.setattr(words, "LOOKED_THROUGH", "1ms")


@pytest.fixture
def found(api: Any, leases: None) -> Callable[[str], list[str]]:
    """The names of those that are found, one on each page."""

    def found(query: str) -> list[str]:
        names, pages = [], 0
        while True:
            page = api("GET", f"workflows?itemsPerPage=1&pageIndex={pages}&{query}").json()
            if not page["items"]:
                return names
            names.append(page["items"][0]["name"])
            pages += 1

    return found


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("text=bail", ["Bail 2 Lyon", "Bail 1 Paris", "Bail 0 Lyon"]),
        ("text=lyon+ba", ["Bail 2 Lyon", "Bail 0 Lyon"]),
        ("text=bail&sortBy=items.name&sortOrder=asc", ["Bail 0 Lyon", "Bail 1 Paris", "Bail 2 Lyon"]),
        ("items.data1=lease&items.filingClass=Bails", ["Bail 2 Lyon", "Bail 1 Paris", "Bail 0 Lyon"]),
        ("items.filingClass=Bails/Paris&text=bail", ["Bail 1 Paris"]),
        ("text=paris+lyon", []),
        ("items.data1=leas", []),
    ],
)
def test_they_are_found_in_the_order_that_is_asked_for(
    found: Callable[[str], list[str]], query: str, names: list[str]
) -> None:
    assert found(query) == names


@pytest.mark.usefixtures("slow")
def test_words_that_are_hardly_ever_together_are_looked_up(found: Callable[[str], list[str]]) -> None:
    assert found("text=lyon+bail") == ["Bail 2 Lyon", "Bail 0 Lyon"]


@pytest.mark.usefixtures("slow", "leases")
def test_a_search_that_takes_too_long_is_refused_with_what_would_help(
    api: Any, client: Client, alice: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(words, "LOOKED_UP", "1ms")
    answer = api("GET", "workflows?text=lyon+bail")
    assert (answer.status_code, answer.json()["code"]) == (400, "TooBroad")
    assert "add a rarer one" in answer.json()["detail"]
    client.force_login(alice, backend=BACKEND)
    assert client.get("/?text=lyon+bail").status_code == 400


@pytest.mark.usefixtures("leases")
@pytest.mark.parametrize(("text", "total"), [("bail", 3), ("bail+lyon", 2), ("lyon+paris", 0)])
def test_how_many_there_are_is_estimated(api: Any, text: str, total: int) -> None:
    assert api("GET", f"workflows?itemsPerPage=1&text={text}").json()["totalItems"] == total


@pytest.mark.usefixtures("leases")
def test_a_page_holds_what_the_api_gives(api: Any, client: Client, alice: User) -> None:
    client.force_login(alice, backend=BACKEND)
    shown = client.get("/?text=lyon+bail").context["rows"]
    given = api("GET", "workflows?text=lyon+bail").json()["items"]
    assert [each["workflow"].pk for each in shown] == [each["id"] for each in given]
    assert len(given) == 2


@pytest.mark.usefixtures("leases")
def test_another_tenant_finds_none(mallorys_api: Any) -> None:
    assert mallorys_api("GET", "workflows?text=bail").json()["items"] == []
