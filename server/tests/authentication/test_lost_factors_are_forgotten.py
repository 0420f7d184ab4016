"""Who has lost everything is let in by who manages people, or by the operator; nobody does it for themselves."""

from collections.abc import Callable

from django.test import Client
from django.utils import timezone
from paraph_server.__main__ import main
from paraph_server.accounts.models import User
from paraph_server.accounts.sign_in import BACKEND
from paraph_server.administration.actions import people
from paraph_server.authentication import actions
from paraph_server.authentication.models import Authenticator, RecoveryCode, Session
from paraph_server.journal.actions import Actor
from paraph_testing.cast import CAROL
from paraph_testing.program import Program


def test_who_manages_people_lets_somebody_in_and_their_sessions_end(
    alice: User, bob: User, browser: Client, enter: Callable[..., str], api: Program
) -> None:
    at = timezone.now()
    bobs = Client(headers={"accept": "text/html"})
    bobs.force_login(bob, backend=BACKEND)
    Authenticator.objects.create(tenant=bob.tenant, user=bob, secret=b"", last_step=0, created_at=at)
    browser.force_login(alice, backend=BACKEND)
    assert "forget-factors" in browser.get(f"/people/{bob.pk}/").content.decode()
    browser.post(f"/people/{bob.pk}/forget-factors")
    assert not Authenticator.objects.exists()
    Authenticator.objects.create(tenant=bob.tenant, user=bob, secret=b"", last_step=0, created_at=at)
    assert api("DELETE", f"users/{bob.pk}/secondFactors").status_code == 204
    assert not Authenticator.objects.exists()


def test_nobody_forgets_their_own_or_those_of_who_is_mightier(
    alice: User, app: object, hire: Callable[..., User], api: Program
) -> None:
    carol = Client(headers={"accept": "text/html"})
    carol.force_login(hire(CAROL, "manageUsers"), backend=BACKEND)
    assert carol.post(f"/people/{alice.pk}/forget-factors").status_code == 403
    assert api("DELETE", "users/me/secondFactors").status_code == 403
    assert Authenticator.objects.exists()


def test_the_operator_lets_in_the_only_administrator(alice: User, app: object, events: Callable[[], list[str]]) -> None:
    assert main(["forget-factors", alice.email]) == 0
    assert not Authenticator.objects.exists()
    assert events()[-1] == "user:factors-reset"


def test_of_who_was_removed_nothing_stays(alice: User, bob: User, by_alice: Actor) -> None:
    at = timezone.now()
    actions.make_recovery_codes(bob, acting=by_alice, at=at)
    actions.open_session(bob, [], acting=by_alice, at=at)
    people.remove(bob, by=alice, acting=by_alice, at=at)
    assert not RecoveryCode.objects.exists()
    assert not Session.objects.exists()
