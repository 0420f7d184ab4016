"""Search reaches an index behind row security, and a list asks the same number of questions however long it is."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st
from paraph_server.accounts import queries, search
from paraph_server.accounts.models import User, Word
from paraph_testing.program import Program

MANY = 5000


@pytest.fixture
def crowd(alice: User, noon: datetime) -> User:
    """Alice among thousands."""
    facts = {"tenant_id": alice.tenant_id, "group_id": alice.group_id, "created_at": noon, "updated_at": noon}
    people = [
        User(email=f"person{number}@example.net", first_name=f"Prénom{number}", last_name=f"Nom{number:05}", **facts)
        for number in range(MANY)
    ]
    User.objects.bulk_create(people)
    Word.objects.bulk_create(
        Word(tenant_id=each.tenant_id, subject=each.pk, word=word)
        for each in people
        for word in search.words(each.name, each.email)
    )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE accounts_user, accounts_word")
    return alice


def test_a_search_reads_no_table_from_end_to_end(crowd: User) -> None:
    found = queries.colleagues(crowd, "nom04242 pre").order_by("last_name", "pk")
    plan = found.explain()
    assert "one_row_per_word" in plan
    assert "Seq Scan" not in plan, plan
    assert [each.last_name for each in found] == ["Nom04242"]


def test_the_first_page_does_not_sort_everybody(crowd: User) -> None:
    plan = queries.colleagues(crowd).order_by("last_name", "pk")[:20].explain()
    assert "Seq Scan on accounts_user" not in plan, plan


def test_a_longer_page_asks_no_more(crowd: User, api: Program) -> None:
    asked = []
    api("GET", "users/me")  # the first call of a minute also notes the use of the token
    for size in (2, 50):
        with CaptureQueriesContext(connection) as captured:
            assert len(api("GET", f"users?itemsPerPage={size}&text=nom0").json()["items"]) == size
        asked.append(len(captured))
    assert asked[0] == asked[1]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Hélène ŁUKASIEWICZ-Roy", ["helene", "łukasiewicz", "roy"]),
        ("zoe.martin+x@example.org", ["zoe", "martin", "x", "example", "org"]),
        ("O’Neill ﬁn Straße", ["o", "neill", "fin", "strasse"]),
        ("  --  ", []),
    ],
)
def test_words_are_folded(text: str, words: list[str]) -> None:
    assert search.words(text) == words


@given(st.text(max_size=300))
def test_any_text_makes_words_that_a_row_holds(text: str) -> None:
    found = search.words(text)
    assert len(found) == len(set(found)) <= search.MOST
    assert all(0 < len(word) <= search.LONGEST and "\0" not in word for word in found)


def test_wildcards_are_no_wildcards(crowd: User, noon: datetime, tenant: Any, hire: Callable[..., User]) -> None:
    assert queries.colleagues(crowd, "n%m").count() == 0
    assert queries.colleagues(crowd, "%").count() == MANY + 1  # no word is asked for
