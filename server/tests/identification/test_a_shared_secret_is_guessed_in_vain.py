"""A question and its answer: what counts as right, and how often one may be wrong."""

from datetime import datetime, timedelta

import pytest
from django.contrib.auth.hashers import check_password
from paraph.evidence import Means
from paraph_server.accounts.models import Tenant
from paraph_server.accounts.tenancy import tenant_context
from paraph_server.identification import shared_secrets
from paraph_server.identification.errors import BadSecret, GuessedTooOften, NoSecret, TooManyAnswers, WrongAnswer
from paraph_server.identification.models import SharedSecret
from paraph_server.identification.shared_secrets import MOST_WRONG, PAUSE, TRIES, NewSecret
from paraph_server.journal.actions import Actor

BOB = Actor("recipient", "rcp_bob", "Bob")
SECRET = NewSecret("The number of our first contract?", "Contrat  N°42")


@pytest.fixture(autouse=True)
def kept(tenant: Tenant, noon: datetime) -> None:
    shared_secrets.keep(tenant.pk, "rcp_bob", SECRET, at=noon)


def answer(tenant: Tenant, said: str, at: datetime) -> object:
    return shared_secrets.verify(tenant.pk, subject="rcp_bob", answer=said, at=at, by=BOB)


@pytest.mark.parametrize("said", ["Contrat N°42", " contrat n°42 ", "CONTRAT\tN°42"])
def test_capitals_and_spaces_make_no_difference(tenant: Tenant, noon: datetime, said: str) -> None:
    proof = shared_secrets.verify(tenant.pk, subject="rcp_bob", answer=said, at=noon, by=BOB)
    assert (proof.means, proof.detail, proof.tries) == (Means.SECRET, SECRET.question, 1)


@pytest.mark.parametrize("said", ["", "contrat 42", "x" * 10_000])
def test_another_answer_proves_nothing(tenant: Tenant, noon: datetime, said: str) -> None:
    with pytest.raises(WrongAnswer):
        answer(tenant, said, noon)


def test_after_five_wrong_ones_the_right_one_waits_an_hour(tenant: Tenant, noon: datetime) -> None:
    for _each in range(TRIES):
        with pytest.raises(WrongAnswer):
            answer(tenant, "guess", noon)
    with pytest.raises(TooManyAnswers):
        answer(tenant, SECRET.answer, noon + PAUSE - timedelta(seconds=1))
    assert answer(tenant, SECRET.answer, noon + PAUSE)


def test_after_twenty_wrong_ones_only_another_question_helps(tenant: Tenant, noon: datetime) -> None:
    at = noon
    for number in range(MOST_WRONG):
        at += PAUSE if number % TRIES == 0 else timedelta(0)
        with pytest.raises(WrongAnswer):
            answer(tenant, "guess", at)
    with pytest.raises(GuessedTooOften):
        answer(tenant, SECRET.answer, at + 10 * PAUSE)
    shared_secrets.keep(tenant.pk, "rcp_bob", SECRET, at=at)
    assert answer(tenant, SECRET.answer, at)


def test_of_the_answer_nothing_is_kept_that_could_be_tried_elsewhere(tenant: Tenant, noon: datetime) -> None:
    """A row that is copied to somebody else, or read with the database alone, proves nothing."""
    kept = SharedSecret.objects.get()
    assert not check_password("contrat n°42", kept.digest)
    SharedSecret.objects.create(tenant=tenant, subject="rcp_eve", question="?", digest=kept.digest, created_at=noon)
    with pytest.raises(WrongAnswer):
        shared_secrets.verify(tenant.pk, subject="rcp_eve", answer=SECRET.answer, at=noon, by=BOB)


def test_nothing_agreed_nothing_proven(tenant: Tenant, noon: datetime) -> None:
    with pytest.raises(NoSecret):
        shared_secrets.verify(tenant.pk, subject="rcp_carol", answer="", at=noon, by=BOB)


@pytest.mark.parametrize("secret", [NewSecret("", "answer"), NewSecret("Why?", "abc"), NewSecret("a\nb", "answer")])
def test_a_question_is_one_and_its_answer_is_not_guessed_at_once(
    tenant: Tenant, noon: datetime, secret: NewSecret
) -> None:
    with pytest.raises(BadSecret):
        shared_secrets.keep(tenant.pk, "rcp_bob", secret, at=noon)


def test_another_tenant_does_not_see_it(other_tenant: Tenant) -> None:
    with tenant_context(other_tenant):
        assert shared_secrets.question("rcp_bob") == ""
