"""Clients are recognised by their bearer token, which nobody keeps."""

from datetime import UTC, datetime

import pytest
from paraph_trust.clients.actions import add, renew
from paraph_trust.clients.models import Client
from paraph_trust.clients.queries import bearer
from paraph_trust.errors import InvalidRequest, InvalidToken

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)


def test_a_token_leads_to_its_client() -> None:
    token = add("server", at=NOON)
    assert bearer(f"Bearer {token}").name == "server"


def test_the_token_itself_is_not_kept() -> None:
    token = add("server", at=NOON)
    assert token.encode() not in bytes(Client.objects.get().token_hash)


@pytest.mark.parametrize("header", ["", "Bearer", "Bearer ", "Basic {}", "{}", "Bearer {}x"])
def test_another_header_leads_to_nobody(header: str) -> None:
    token = add("server", at=NOON)
    with pytest.raises(InvalidToken):
        bearer(header.format(token))


def test_a_name_is_given_once() -> None:
    add("server", at=NOON)
    with pytest.raises(InvalidRequest, match="already"):
        add("server", at=NOON)


def test_a_renewed_token_replaces_the_old_one() -> None:
    old = add("server", at=NOON)
    new = renew("server", at=NOON)
    assert bearer(f"Bearer {new}").name == "server"
    with pytest.raises(InvalidToken):
        bearer(f"Bearer {old}")


def test_nobody_is_no_client() -> None:
    with pytest.raises(InvalidRequest, match="no client"):
        renew("nobody", at=NOON)
