from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.test import Client
from django.urls import path
from paraph_server.accounts import access_tokens, actions, guests, tenancy
from paraph_server.accounts.errors import WrongToken
from paraph_server.accounts.models import AccessToken, User
from paraph_server.accounts.sign_in import BACKEND
from paraph_server.accounts.tenancy import NOBODY, every_tenant, tenant_context


def who(request: HttpRequest) -> HttpResponse:
    return JsonResponse({"user": request.user.pk, "tenant": tenancy.current()})


def admit(request: HttpRequest, recipient_id: str, tenant_id: str) -> HttpResponse:
    guests.admit(request, recipient_id=recipient_id, tenant_id=tenant_id)
    return HttpResponse()


@guests.guest_page
def sign(request: HttpRequest, recipient_id: str) -> HttpResponse:
    return JsonResponse({"recipient": recipient_id, "tenant": tenancy.current()})


class Urls:
    urlpatterns = (
        path("api/who", who),
        path("admit/<recipient_id>/<tenant_id>", admit),
        path("api/sign/<recipient_id>", sign),
    )


@pytest.fixture(autouse=True)
def urls(settings: Any) -> None:
    settings.ROOT_URLCONF = Urls


@pytest.fixture
def stranger(client: Client, alice: User) -> Client:
    """A browser we know nothing of; the test itself speaks for nobody either."""
    return client


@pytest.fixture
def token(alice: User, noon: datetime) -> str:
    return actions.create_access_token(alice, name="archive", at=noon)


def bearing(token: str) -> dict[str, dict[str, str]]:
    return {"headers": {"Authorization": f"Bearer {token}"}}


def test_a_stranger_speaks_for_nobody(stranger: Client) -> None:
    with tenant_context(NOBODY):
        assert stranger.get("/api/who").json() == {"user": None, "tenant": ""}


def test_a_signed_in_user_speaks_for_their_tenant(client: Client, alice: User) -> None:
    client.force_login(alice, backend=BACKEND)
    assert client.get("/api/who").json() == {"user": alice.pk, "tenant": alice.tenant_id}


def test_so_does_their_access_token(client: Client, alice: User, token: str) -> None:
    with tenant_context(NOBODY):
        answer = client.get("/api/who", **bearing(token))
    assert answer.json() == {"user": alice.pk, "tenant": alice.tenant_id}
    assert AccessToken.objects.get().last_used_at is not None


def altered(token: str) -> str:
    return token[:-1] + ("A" if token[-1] != "A" else "B")


@pytest.mark.parametrize("alter", [altered, lambda token: token.split(".")[0], lambda _: "act_x.y", lambda _: "act_"])
def test_a_wrong_token_is_refused_even_beside_a_session(
    client: Client, alice: User, token: str, alter: Callable[[str], str]
) -> None:
    client.force_login(alice, backend=BACKEND)
    answer = client.get("/api/who", **bearing(alter(token)))
    assert (answer.status_code, answer.json()["code"]) == (401, "WrongToken")
    assert answer.headers["Content-Type"] == "application/problem+json"


def test_another_bearer_does_not_borrow_the_session(client: Client, alice: User) -> None:
    client.force_login(alice, backend=BACKEND)
    assert client.get("/api/who", **bearing("eyJhbGciOi")).json()["user"] is None


def test_a_new_token_of_the_same_name_replaces_the_old_one(alice: User, token: str, noon: datetime) -> None:
    actions.create_access_token(alice, name="archive", at=noon)
    with pytest.raises(WrongToken), access_tokens.presented(token, address="", at=noon):
        pass


def test_the_token_of_a_user_who_left_is_refused(alice: User, token: str, noon: datetime) -> None:
    User.objects.update(is_active=False)
    with pytest.raises(WrongToken), access_tokens.presented(token, address="", at=noon):
        pass


def test_the_secret_is_not_in_the_database(token: str) -> None:
    with every_tenant():
        assert token.partition(".")[2] not in str(AccessToken.objects.values().get())


def test_the_last_use_is_known_to_the_minute(token: str, noon: datetime) -> None:
    for seconds in (0, 59, 61):
        with access_tokens.presented(token, address="", at=noon + timedelta(seconds=seconds)):
            pass
    assert AccessToken.objects.get().last_used_at == noon + timedelta(seconds=61)


def test_a_guest_speaks_for_the_tenant_that_invited_them(client: Client, alice: User, mallory: User) -> None:
    client.force_login(alice, backend=BACKEND)
    client.get(f"/admit/rcp_1/{mallory.tenant_id}")
    assert client.get("/api/sign/rcp_1").json() == {"recipient": "rcp_1", "tenant": mallory.tenant_id}
    assert client.get("/api/who").json()["tenant"] == alice.tenant_id


def test_a_guest_may_hold_several_invitations(client: Client, alice: User, mallory: User) -> None:
    client.get(f"/admit/rcp_1/{mallory.tenant_id}")
    client.get(f"/admit/rcp_2/{alice.tenant_id}")
    assert client.get("/api/sign/rcp_1").json()["tenant"] == mallory.tenant_id
    assert client.get("/api/sign/rcp_2").json()["tenant"] == alice.tenant_id


def test_somebody_elses_page_stays_shut(client: Client, alice: User) -> None:
    client.get(f"/admit/rcp_1/{alice.tenant_id}")
    answer = client.get("/api/sign/rcp_2")
    assert (answer.status_code, answer.json()["code"]) == (404, "NotInvited")
