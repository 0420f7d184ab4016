"""What a thief, another account or a false provider tries comes to nothing, and nothing is left half made."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from paraph_server.accounts.tenancy import tenant_context
from paraph_server.authorisations import actions
from paraph_server.authorisations.models import Authorisation, State
from paraph_server.authorisations.tasks import forget
from paraph_server.journal.models import Entry
from paraph_server.providers import actions as registered
from paraph_server.providers.actions import NewProvider
from paraph_server.providers.models import Provider
from paraph_server.signing.models import PendingSignature, Signing
from paraph_server.workflows import actions as workflows
from paraph_server.workflows.errors import BadRecipient
from paraph_server.workflows.models import Recipient, Workflow
from paraph_testing import pdfs
from paraph_testing.cast import BOB, CAROL, Person
from paraph_testing.qtsp import PASSWORD, Qtsp

Send = Callable[..., Workflow]
Find = Callable[[Workflow, Person], Recipient]
Run = Callable[[], int]


@pytest.fixture
def carol(at_provider: Send, recipient: Find, carol_reads: Any) -> Any:
    """Carol's browser, at the page where one signs: two documents."""
    return carol_reads(recipient(at_provider(CAROL, contents=(pdfs.invoice(), pdfs.invoice(2))), CAROL))


@pytest.fixture
def ready(carol: Any, provider: Provider, run_jobs: Run) -> Any:
    """The same, after her certificate was found good."""
    carol.sign_in(provider)
    run_jobs()
    assert "Release my signature" in carol.says()
    return carol


def nothing_is_signed(visitor: Any) -> None:
    signing = Signing.objects.get(recipient=visitor.recipient)
    assert (signing.requested_at, signing.completed_at, signing.proofs) == (None, None, [])
    assert not PendingSignature.objects.filter(value__isnull=False).exists()


def test_an_answer_is_taken_once(ready: Any, qtsp: Qtsp, run_jobs: Run) -> None:
    """Replayed code and state: the first answer has used them up, whoever brings them again."""
    back = ready.release()
    ready.browser.get(back)
    assert qtsp.signed == 2
    again = ready.browser.get(back)
    assert (again.status_code, "was used already" in again.content.decode()) == (410, True)
    assert qtsp.signed == 2
    run_jobs()
    assert Entry.objects.filter(event="recipient:signed").count() == 1


def test_an_answer_belongs_to_the_browser_that_left(ready: Any, qtsp: Qtsp) -> None:
    back = ready.release()
    assert Client().get(back).status_code == 410
    nothing_is_signed(ready)
    assert qtsp.signed == 0


def test_a_code_of_somebody_else_is_worth_nothing(ready: Any, qtsp: Qtsp) -> None:
    """Mallory puts her own code beside Carol's state: it was not made for Carol's challenge."""
    own, other = ready.release(), ready.release()
    code = other.partition("code=")[2].partition("&")[0]
    state = own.partition("state=")[2]
    ready.browser.get(f"/providers/callback?code={code}&state={state}")
    assert qtsp.signed == 0
    nothing_is_signed(ready)


def test_leave_for_other_digests_signs_nothing(ready: Any, qtsp: Qtsp) -> None:
    """A SAD of another act: the provider refuses it, and the page lets her try again."""
    back = ready.release()
    for grant in qtsp.codes.values():
        grant.asked = {**grant.asked, "hashes": "AAAA"}
    ready.browser.get(back)
    said = ready.says()
    assert "Atelier Trust refused" in said
    assert "Release my signature" in said
    nothing_is_signed(ready)


def test_only_the_newest_question_is_answered(ready: Any, qtsp: Qtsp) -> None:
    first = ready.release()
    second = ready.release()
    ready.browser.get(first)
    assert qtsp.signed == 0
    nothing_is_signed(ready)
    ready.browser.get(second)
    assert qtsp.signed == 2


def test_another_account_at_the_first_visit(carol: Any, provider: Provider, qtsp: Qtsp, run_jobs: Run) -> None:
    """Whoever signs in as Mallory presents Mallory's certificate, and is not Carol."""
    qtsp.open("mallory", qtsp.pki.bob)
    carol.account = "mallory"
    carol.sign_in(provider)
    run_jobs()
    assert "was asked to sign" in carol.says()
    assert "Release my signature" not in carol.says()
    nothing_is_signed(carol)


def test_another_account_at_the_second_visit(ready: Any, qtsp: Qtsp) -> None:
    """Mallory's account has not got Carol's key."""
    qtsp.open("mallory", qtsp.pki.bob)
    ready.account = "mallory"
    ready.browser.get(ready.release())
    said = ready.says()
    assert "without having given leave" in said
    nothing_is_signed(ready)


def test_values_of_another_key(ready: Any, qtsp: Qtsp) -> None:
    qtsp.other_key = qtsp.pki.bob
    ready.browser.get(ready.release())
    assert "is not your signature of these documents" in ready.says()
    nothing_is_signed(ready)


def test_fewer_values_than_documents(ready: Any, qtsp: Qtsp) -> None:
    qtsp.fewer = True
    ready.browser.get(ready.release())
    assert "does not answer as it should" in ready.says()
    nothing_is_signed(ready)


def test_documents_that_were_prepared_anew(ready: Any, qtsp: Qtsp) -> None:
    """Substitution: leave was given for other digests than those that wait now."""
    back = ready.release()
    pending = PendingSignature.objects.filter(signing__recipient=ready.recipient).first()
    assert pending is not None
    pending.delete()
    ready.browser.get(back)
    assert "somebody else has signed meanwhile" in ready.says()
    assert qtsp.signed == 0
    nothing_is_signed(ready)


def test_who_says_no_there_may_think_again(ready: Any, qtsp: Qtsp, run_jobs: Run) -> None:
    ready.browser.get(ready.visit(ready.leave("leave"), answer="no"))
    assert "without having given leave" in ready.says()
    nothing_is_signed(ready)
    ready.browser.get(ready.release())
    run_jobs()
    assert Signing.objects.get(recipient=ready.recipient).completed_at


def test_a_provider_that_is_away(carol: Any, provider: Provider, qtsp: Qtsp) -> None:
    qtsp.away = True
    answer = carol.browser.post(f"{carol.page}/provider/{provider.pk}", {})
    assert (answer.status_code, "Atelier Trust does not answer" in answer.content.decode()) == (409, True)
    assert not Authorisation.objects.exists()


def test_a_provider_that_goes_away_between(ready: Any, qtsp: Qtsp, run_jobs: Run) -> None:
    back = ready.release()
    qtsp.away = True
    ready.browser.get(back)
    assert "does not answer as it should" in ready.says()
    nothing_is_signed(ready)
    qtsp.away = False
    ready.browser.get(ready.release())
    assert qtsp.signed == 2


def test_who_takes_too_long_starts_again(ready: Any, qtsp: Qtsp) -> None:
    back = ready.release()
    Authorisation.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    ready.browser.get(back)
    assert "Please start again" in ready.says()
    assert qtsp.signed == 0
    forget(int(timezone.now().timestamp()))
    assert not Authorisation.objects.filter(token__isnull=False).exists()


def test_who_starts_again_leaves_the_first_way_behind(
    carol: Any, provider: Provider, qtsp: Qtsp, run_jobs: Run
) -> None:
    first = carol.visit(carol.leave(provider.pk), account="carol", password=PASSWORD)
    assert "being checked" in carol.sign_in(provider)
    carol.browser.get(first)
    assert Authorisation.objects.filter(state=State.OVER).count() == 1
    run_jobs()
    assert "Release my signature" in carol.says()


def test_a_provider_that_was_removed(ready: Any, provider: Provider, qtsp: Qtsp, by_alice: Any, noon: Any) -> None:
    back = ready.release()
    registered.remove(provider, by=by_alice, at=noon)
    ready.browser.get(back)
    assert qtsp.signed == 0
    nothing_is_signed(ready)


def test_a_provider_that_was_stopped_meanwhile(
    ready: Any, provider: Provider, qtsp: Qtsp, by_alice: Any, noon: Any
) -> None:
    """Who is on their way comes to the end of it; nobody begins."""
    registered.allow(provider, allowed=False, by=by_alice, at=noon)
    ready.browser.get(ready.release())
    assert qtsp.signed == 2
    answer = ready.browser.post(f"{ready.page}/provider/{provider.pk}", {"again": "1"})
    assert answer.status_code in {302, 404}
    assert Authorisation.objects.count() == 1


def test_a_provider_that_was_written_down_anew_meanwhile(
    ready: Any, provider: Provider, qtsp: Qtsp, by_alice: Any, noon: Any, run_jobs: Run
) -> None:
    """Under another address and another name: whoever left before comes to the end where they began."""
    anew = NewProvider("Elsewhere", "https://elsewhere.example", "somebody", "their secret")
    registered.change(provider, anew, by=by_alice, at=noon)
    ready.browser.get(ready.release())
    run_jobs()
    assert qtsp.signed == 2
    assert Signing.objects.get(recipient=ready.recipient).completed_at
    assert Authorisation.objects.get().party is None


def test_a_secret_that_was_renewed_meanwhile(
    ready: Any, provider: Provider, qtsp: Qtsp, by_alice: Any, noon: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    back = ready.release()
    monkeypatch.setattr("paraph_testing.qtsp.SECRET", "the new word")
    anew = replace(registered.known(provider), secret="the new word")
    registered.change(provider, anew, by=by_alice, at=noon)
    ready.browser.get(back)
    assert qtsp.signed == 2


def test_more_documents_than_one_authorisation_takes(
    at_provider: Send, recipient: Find, carol_reads: Any, provider: Provider, run_jobs: Run
) -> None:
    sent = at_provider(CAROL, contents=tuple(pdfs.invoice(number) for number in range(1, 12)))
    carol = carol_reads(recipient(sent, CAROL))
    carol.sign_in(provider)
    run_jobs()
    assert "10 documents can be signed at once" in carol.says()


def test_elsewhere_nobody_signs_with_a_provider(
    send: Send, invited: Any, recipient: Find, carol_reads: Any, provider: Provider, prove: Any
) -> None:
    bob = recipient(send(BOB), BOB)
    prove(bob)
    visitor = carol_reads(bob)
    answer = visitor.browser.post(f"{visitor.page}/provider/{provider.pk}", {})
    assert answer.status_code == 302
    assert not Authorisation.objects.exists()


def test_secrets_are_not_in_the_clear(ready: Any, provider: Provider, qtsp: Qtsp) -> None:
    kept = Authorisation.objects.get()
    [token] = qtsp.tokens
    assert token.encode() not in bytes(kept.token or b"")
    assert qtsp.tokens[token].scope == "service"
    assert b"word for Paraph" not in bytes(Provider.objects.get().secret) + bytes(kept.party or b"")


def test_another_organisation_sees_none_of_it(ready: Any, other_tenant: Any, provider: Provider) -> None:
    with tenant_context(other_tenant):
        assert not Authorisation.objects.exists()
        assert not Provider.objects.exists()
        with pytest.raises(Authorisation.DoesNotExist):
            actions.come_back("aut_x", state="", code="", at=timezone.now())


def test_nobody_goes_round_the_provider(carol: Any) -> None:
    """The form of those whose key is made for them, sent by somebody who is to bring one."""
    answer = carol.browser.post(f"{carol.page}/sign")
    assert (answer.status_code, "Trust service provider" in answer.content.decode()) == (409, True)
    nothing_is_signed(carol)


def test_leave_of_who_was_replaced_signs_nothing(
    ready: Any, qtsp: Qtsp, invited: Callable[..., Any], by_alice: Any, run_jobs: Run
) -> None:
    """She has given it, and comes back from her provider; meanwhile Alice has asked Bob instead."""
    back, workflow = ready.release(), ready.recipient.workflow
    workflows.replace(workflow, [workflows.NewStep([invited(BOB)])], by=by_alice, at=timezone.now())
    assert ready.browser.get(back).status_code == 410
    run_jobs()
    assert qtsp.signed == 0
    assert not Signing.objects.exclude(requested_at=None).exists()


def test_who_does_not_sign_is_not_sent_to_a_provider(at_provider: Send) -> None:
    with pytest.raises(BadRecipient, match="is for signing"):
        at_provider(CAROL, kind="approval")
