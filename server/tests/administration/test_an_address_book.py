"""People outside the organisation: one's own, and those that are shared."""

from collections.abc import Callable
from typing import Any

import pytest
from paraph_server.accounts.models import User
from paraph_testing.program import Program

ZOE = {"email": "zoe@example.org", "firstName": "Zoé", "lastName": "Lemoine", "phoneNumber": "06 39 98 01 99"}


@pytest.fixture
def bobs(bob: User, program: Callable[..., Program]) -> Program:
    return program(bob)


def test_a_contact_is_kept_found_changed_and_forgotten(api: Program) -> None:
    made = api("POST", "contacts", ZOE).json()
    assert made["id"].startswith("ctc_")
    assert (made["name"], made["phoneNumber"], made["country"]) == ("Zoé Lemoine", "+33639980199", "FR")
    assert [each["id"] for each in api("GET", "contacts?text=lem zoe").json()["items"]] == [made["id"]]
    changed = api("PATCH", f"contacts/{made['id']}", {"lastName": "Martin"}).json()
    assert (changed["lastName"], changed["email"]) == ("Martin", "zoe@example.org")
    assert api("GET", "contacts?text=lemoine").json()["totalItems"] == 0
    assert api("DELETE", f"contacts/{made['id']}").status_code == 204
    assert api("GET", f"contacts/{made['id']}").status_code == 404


def test_a_contact_is_ones_own_until_it_is_shared(api: Program, bobs: Program) -> None:
    made = api("POST", "contacts", ZOE).json()
    assert bobs("GET", f"contacts/{made['id']}").status_code == 404
    api("PATCH", f"contacts/{made['id']}", {"isShared": True})
    assert bobs("GET", "contacts").json()["totalItems"] == 1
    assert bobs("PATCH", f"contacts/{made['id']}", {"lastName": "Martin"}).status_code == 403
    assert bobs("DELETE", f"contacts/{made['id']}").status_code == 403


@pytest.mark.parametrize("fault", [{"email": "zoe"}, {"firstName": ""}, {"phoneNumber": "12"}, {"country": "FRA"}])
def test_a_contact_with_a_fault_is_not_kept(api: Program, fault: dict[str, Any]) -> None:
    assert api("POST", "contacts", ZOE | fault).status_code == 400
    assert api("GET", "contacts").json()["totalItems"] == 0
