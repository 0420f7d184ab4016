"""A program finds the users of its organisation, and nobody else."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from paraph_server.accounts.models import Tenant, User
from paraph_testing.cast import ALICE, MALLORY

Names = Callable[[str], list[str]]


@pytest.fixture
def nina(tenant: Tenant, noon: datetime) -> User:
    from paraph_server.accounts import actions  # noqa: PLC0415  models need Django set up

    return actions.create_user(
        tenant,
        email="nina@example.org",
        first_name="Nina",
        last_name="Abel",
        password="correct horse battery staple",
        at=noon,
    )


@pytest.fixture
def found(api: Any, nina: User, mallory: User) -> Names:
    return lambda query: [each["email"] for each in api("GET", f"users?{query}").json()["items"]]


def test_they_are_sorted_by_name(found: Names) -> None:
    assert found("sortBy=items.lastName") == ["nina@example.org", ALICE.email]
    assert found("sortBy=items.lastName&sortOrder=desc") == [ALICE.email, "nina@example.org"]


@pytest.mark.parametrize(
    ("text", "emails"), [("nina", ["nina@example.org"]), ("abel nin", ["nina@example.org"]), ("zoe", [])]
)
def test_they_are_found_by_name_and_address(found: Names, text: str, emails: list[str]) -> None:
    assert found(f"text={text}") == emails


def test_who_is_disabled_can_be_left_out(found: Names, nina: User) -> None:
    nina.is_active = False
    nina.save(update_fields=["is_active"])
    assert found("items.isDisabled=false") == [ALICE.email]
    assert found("items.isDisabled=true") == ["nina@example.org"]


def test_one_of_them(api: Any, nina: User) -> None:
    assert api("GET", f"users/{nina.pk}").json()["name"] == "Nina Abel"


def test_strangers_are_not_there(api: Any, found: Names, mallory: User) -> None:
    assert found(f"text={MALLORY.email}") == []
    answer = api("GET", f"users/{mallory.pk}")
    assert (answer.status_code, answer.json()["code"]) == (404, "UserNotFound")
