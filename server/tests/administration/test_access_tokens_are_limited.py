"""A token does no more than it was made for: scopes, networks, time, and so many calls a minute."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st
from paraph_server.accounts import permissions, rates
from paraph_server.accounts.models import AccessToken, User
from paraph_server.accounts.rates import Taken
from paraph_server.config.options import options
from paraph_server.journal.models import Entry
from paraph_testing.cast import BOB
from paraph_testing.program import Program

Make = Callable[..., Any]


def made(api: Program, **limits: Any) -> Program:
    answer = api("POST", "users/me/accessTokens", {"name": "archive", **limits})
    assert answer.status_code == 200, answer.content
    return Program(api.user_id, answer.json()["token"])


def test_it_is_shown_once_listed_and_revoked(api: Program) -> None:
    answer = api("POST", "users/me/accessTokens", {"name": "archive", "scopes": ["workflows:read"]}).json()
    listed = api("GET", "users/me/accessTokens?text=arch").json()["items"]
    assert [each["id"] for each in listed] == [answer["id"]]
    assert "token" not in listed[0]
    assert Program(api.user_id, answer["token"])("GET", "workflows").status_code == 200
    assert api("DELETE", f"users/me/accessTokens/{answer['id']}").status_code == 204
    assert Program(api.user_id, answer["token"])("GET", "workflows").status_code == 401
    assert {"token:created", "token:revoked"} <= set(Entry.objects.values_list("event", flat=True))


@pytest.mark.parametrize(
    ("scopes", "method", "path", "status"),
    [
        ([], "GET", "workflows", 200),
        (["workflows:read"], "GET", "workflows", 200),
        (["workflows:read"], "POST", "users/me/workflows", 403),
        (["users:write"], "POST", "users/me/workflows", 403),
        (["workflows:write"], "POST", "users/me/workflows", 200),
        (["workflows:write"], "GET", "workflows", 403),
        (["users:read"], "GET", "users/me", 200),
        (["users:read"], "GET", "webhooks", 403),
        (["webhooks:read"], "GET", "webhooks", 200),
        (["workflows:write"], "POST", "users/me/accessTokens", 403),
        (["users:read", "users:write"], "GET", "users/me/accessTokens", 403),
    ],
)
def test_it_does_what_its_scopes_say(api: Program, scopes: list[str], method: str, path: str, status: int) -> None:
    assert made(api, scopes=scopes)(method, path, {"name": "Contract"}).status_code == status


@pytest.mark.parametrize(
    "limit", [{"authorizedIpRanges": ["127.0.0.1"]}, {"expires": 2**41}, {"scopes": ["users:write"]}]
)
def test_a_limited_token_makes_no_unlimited_one(api: Program, limit: dict[str, Any]) -> None:
    answer = made(api, **limit)("POST", "users/me/accessTokens", {"name": "another"})
    assert (answer.status_code, answer.json()["code"]) == (403, "OutOfScope")


def test_pages_are_not_for_tokens(api: Program) -> None:
    token = made(api, scopes=["users:read"]).token
    answer = Client().get("/", headers={"Authorization": f"Bearer {token}"})
    assert (answer.status_code, answer.headers["Location"]) == (302, "/sign-in/?next=/")


@pytest.mark.parametrize(
    ("ranges", "address", "status"),
    [
        (["192.0.2.0/24"], "192.0.2.200", 200),
        (["192.0.2.0/24"], "::ffff:192.0.2.200", 200),
        (["192.0.2.0/24", "2001:db8::/32"], "2001:db8::1", 200),
        (["192.0.2.0/24"], "198.51.100.1", 401),
        (["192.0.2.0/24"], "2001:db8::1", 401),
        (["192.0.2.7"], "", 401),
    ],
)
def test_it_works_from_its_networks(api: Program, ranges: list[str], address: str, status: int) -> None:
    program = made(api, authorizedIpRanges=ranges)
    assert program.send("GET", "users/me", REMOTE_ADDR=address).status_code == status


def test_it_works_until_it_expires(api: Program) -> None:
    program = made(api, expires=int((timezone.now() + timedelta(hours=1)).timestamp() * 1000))
    assert program("GET", "users/me").status_code == 200
    AccessToken.objects.filter(expires_at__isnull=False).update(expires_at=timezone.now())
    answer = program("GET", "users/me")
    assert (answer.status_code, answer.json()["message"]) == (401, "This access token has expired.")


@pytest.mark.parametrize(
    "fault", [{"scopes": ["everything"]}, {"authorizedIpRanges": ["192.0.2.1/24"]}, {"expires": 1000}, {"name": ""}]
)
def test_a_limit_that_makes_no_sense_is_refused(api: Program, fault: dict[str, Any]) -> None:
    assert api("POST", "users/me/accessTokens", {"name": "archive"} | fault).status_code == 400


def test_tokens_of_others_are_for_administrators(api: Program, bob: User, program: Make, alice: User) -> None:
    bobs = program(bob)
    assert api("POST", f"users/{bob.pk}/accessTokens", {"name": "for Bob"}).json()["userId"] == bob.pk
    assert bobs("POST", f"users/{alice.pk}/accessTokens", {"name": "for Alice"}).status_code == 403
    assert bobs("GET", f"users/{alice.pk}/accessTokens").status_code == 403
    token = AccessToken.objects.filter(user=alice).first()
    assert token
    assert bobs("DELETE", f"users/{alice.pk}/accessTokens/{token.pk}").status_code == 403


# ---------------------------------------------------------------- how often


@pytest.fixture
def token(alice: User, noon: datetime) -> AccessToken:
    from paraph_server.accounts import access_tokens  # noqa: PLC0415  models need Django set up

    return access_tokens.create(alice, name="busy", at=noon)[0]


def test_it_calls_so_many_times_and_then_as_time_passes(token: AccessToken, noon: datetime) -> None:
    taken = [rates.take(token, limit=60, at=noon) for _ in range(62)]
    assert [each.granted for each in taken] == [True] * 60 + [False] * 2
    assert taken[-1].retry_after == 1
    assert rates.take(token, limit=60, at=noon + timedelta(seconds=1)).granted
    assert not rates.take(token, limit=60, at=noon + timedelta(seconds=1)).granted
    assert rates.take(token, limit=60, at=noon + timedelta(hours=1)).remaining == 59


def test_a_clock_that_goes_back_gives_nothing(token: AccessToken, noon: datetime) -> None:
    first = rates.take(token, limit=60, at=noon)
    assert rates.take(token, limit=60, at=noon - timedelta(hours=1)).remaining == first.remaining - 1
    assert rates.take(token, limit=60, at=noon).remaining == first.remaining - 2


@given(limit=st.integers(1, 10**6), remaining=st.floats(0, 10**6))
def test_what_is_said_of_it_makes_sense(limit: int, remaining: float) -> None:
    taken = Taken(remaining >= 1, limit, min(remaining, limit))
    assert taken.retry_after >= 0
    assert taken.granted or taken.retry_after >= 1


def test_the_answer_says_what_is_left(api: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PARAPH_CALLS_PER_MINUTE", "2")
    options.cache_clear()
    try:
        first, _second, third = (api("GET", "users/me") for _ in range(3))
    finally:
        monkeypatch.undo()
        options.cache_clear()
    assert first.headers["RateLimit-Policy"] == '"token";q=2;w=60'
    assert first.headers["RateLimit"] == '"token";r=1;t=30'
    assert (third.status_code, third.json()["code"], third.headers["Retry-After"]) == (429, "TooManyCalls", "30")


def test_every_address_of_the_api_has_an_area() -> None:
    from paraph_server.urls import api  # noqa: PLC0415  models need Django set up

    paths = [f"api/{path}" for path in api.get_openapi_schema()["paths"]]
    unknown = [path for path in paths if permissions.area(path) is permissions.ELSEWHERE]
    assert unknown == ["api//api/version"]


def test_bob_reads_what_he_sends_without_more_rights(hire: Make, program: Make) -> None:
    bobs = program(hire(BOB, "sign"))
    assert bobs("GET", "workflows").status_code == 200
    answer = bobs("POST", "users/me/workflows", {"name": "Contract"})
    assert (answer.status_code, answer.json()["code"]) == (403, "NotPermitted")
