from datetime import datetime, timedelta

import pytest
from django.contrib.auth import get_user
from django.test import Client, RequestFactory
from paraph_server.accounts import actions, tasks
from paraph_server.accounts.errors import EmailTaken, TooManySignIns, WeakPassword, WrongPassword
from paraph_server.accounts.models import FailedSignIn, Tenant, User
from paraph_server.accounts.sign_in import BACKEND, TRIES_PER_ADDRESS, TRIES_PER_EMAIL, WINDOW, sign_in
from paraph_server.accounts.tenancy import NOBODY, tenant_context
from paraph_testing.cast import ALICE, MALLORY

PASSWORD = "correct horse battery staple"
HERE = "192.0.2.1"
THERE = "203.0.113.66"


def test_alice_signs_in_whoever_the_connection_speaks_for(alice: User, noon: datetime) -> None:
    with tenant_context(NOBODY):
        assert sign_in(" Alice@Example.org", PASSWORD, address=HERE, at=noon) == alice


@pytest.mark.parametrize(("email", "password"), [(ALICE.email, "wrong"), ("nobody@example.org", PASSWORD), ("", "")])
def test_a_wrong_address_and_a_wrong_password_look_the_same(
    alice: User, noon: datetime, email: str, password: str
) -> None:
    with pytest.raises(WrongPassword, match="do not go together"):
        sign_in(email, password, address=HERE, at=noon)


def test_a_user_who_left_does_not_sign_in(alice: User, noon: datetime) -> None:
    User.objects.update(is_active=False)
    with pytest.raises(WrongPassword):
        sign_in(ALICE.email, PASSWORD, address=HERE, at=noon)


def guess(email: str, address: str, at: datetime) -> None:
    with pytest.raises(WrongPassword):
        sign_in(email, "guess", address=address, at=at)


def test_whoever_guesses_a_password_is_stopped_wherever_they_are(alice: User, noon: datetime) -> None:
    for number in range(TRIES_PER_EMAIL):
        guess(ALICE.email, f"203.0.113.{number}", noon)
    with pytest.raises(TooManySignIns):
        sign_in(ALICE.email, PASSWORD, address=THERE, at=noon)
    assert sign_in(ALICE.email, PASSWORD, address=THERE, at=noon + WINDOW) == alice


def test_whoever_tries_many_addresses_from_one_place_is_stopped_and_others_are_not(alice: User, noon: datetime) -> None:
    for number in range(TRIES_PER_ADDRESS):
        guess(f"{number}@example.org", THERE, noon)
    with pytest.raises(TooManySignIns):
        sign_in(MALLORY.email, PASSWORD, address=THERE, at=noon)
    assert sign_in(ALICE.email, PASSWORD, address=HERE, at=noon) == alice


def test_wrong_passwords_are_forgotten_in_the_night(alice: User, noon: datetime) -> None:
    guess(ALICE.email, HERE, noon)
    tasks.forget.func(timestamp=int((noon + timedelta(hours=15)).timestamp()))
    assert not FailedSignIn.objects.exists()


def test_a_new_password_ends_open_sessions(client: Client, alice: User, noon: datetime) -> None:
    client.force_login(alice, backend=BACKEND)
    actions.change_password(alice, "another good long password", at=noon)
    request = RequestFactory().get("/")
    request.session = client.session
    assert not get_user(request).is_authenticated


def test_an_address_belongs_to_one_person(alice: User, other_tenant: Tenant, noon: datetime) -> None:
    names = {"first_name": "Mallory", "last_name": "Sauvage"}
    with pytest.raises(EmailTaken):
        actions.create_user(other_tenant, email="ALICE@example.org", password=PASSWORD, at=noon, **names)


@pytest.mark.parametrize("password", ["short", "password1234"])
def test_a_weak_password_is_refused(alice: User, noon: datetime, password: str) -> None:
    with pytest.raises(WeakPassword):
        actions.change_password(alice, password, at=noon)
