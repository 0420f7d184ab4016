"""What a sender and a signer both know: a question, and the answer to it.

Answers are short and can be guessed, so they are worth something beside another means only, are hashed slowly, and are
tried five times an hour and twenty times in all.
"""

import re
import unicodedata
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.contrib.auth.hashers import check_password, make_password
from django.db import transaction
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _
from paraph.evidence import Means, Proof

from paraph_server.identification.errors import BadSecret, GuessedTooOften, NoSecret, TooManyAnswers, WrongAnswer
from paraph_server.identification.models import SharedSecret
from paraph_server.journal.actions import Actor, record
from paraph_server.web import ids
from paraph_server.web.errors import PlatformError

TRIES = 5
MOST_WRONG = 20
PAUSE = timedelta(hours=1)
SHORTEST, LONGEST, LONGEST_QUESTION = 4, 200, 200  # characters


@dataclass(frozen=True, slots=True)
class NewSecret:
    """What a signer will be asked, and what they should say."""

    question: str
    answer: str


@transaction.atomic
def keep(tenant_id: str, subject: str, secret: NewSecret, *, at: datetime) -> None:
    """Ask somebody this question; it replaces the one before, and the tries begin anew.

    Raises:
        BadSecret: there is no question, or an answer that anybody guesses.
    """
    question, answer = secret.question.strip(), _canonical(secret.answer)
    if not question or len(question) > LONGEST_QUESTION or not question.isprintable():
        raise BadSecret(_("Ask a question, of 200 characters at most."))
    if not SHORTEST <= len(answer) <= LONGEST:
        raise BadSecret(_("The answer needs 4 characters at least, and 200 at most."))
    SharedSecret.objects.filter(subject=subject).delete()
    row = SharedSecret(tenant_id=tenant_id, subject=subject, question=question, created_at=at)
    row.digest = make_password(_keyed(row, answer))
    row.save(force_insert=True)


def question(subject: str) -> str:
    """What somebody is asked; "" where nothing was agreed with them."""
    return SharedSecret.objects.filter(subject=subject).values_list("question", flat=True).first() or ""


def forget(subjects: list[str]) -> None:
    SharedSecret.objects.filter(subject__in=subjects).delete()


def verify(tenant_id: str, *, subject: str, answer: str, at: datetime, by: Actor) -> Proof:
    """What the right answer proves. Each try is committed, also when it is wrong: call it outside any transaction.

    Raises:
        NoSecret, WrongAnswer, TooManyAnswers, GuessedTooOften: it proves nothing.
    """
    outcome = _try(tenant_id, subject, answer, at, by)
    if isinstance(outcome, PlatformError):
        raise outcome
    return outcome


@transaction.atomic(durable=True)
def _try(tenant_id: str, subject: str, answer: str, at: datetime, by: Actor) -> Proof | PlatformError:
    row = SharedSecret.objects.select_for_update().filter(tenant_id=tenant_id, subject=subject).first()
    if row is None:
        return NoSecret(_("Your sender has not agreed on a question with you. Please tell them."))
    if row.wrong >= MOST_WRONG:
        return GuessedTooOften(_("Too many wrong answers were given. Ask your sender for another question."))
    if row.locked_until and at < row.locked_until:
        wait = int((row.locked_until - at).total_seconds()) + 1
        return TooManyAnswers(_("Too many wrong answers. Try again in an hour."), retry_after=wait)
    if not check_password(_keyed(row, _canonical(answer[:LONGEST])), row.digest):
        return _wrong(row, at, by)
    proof = Proof(
        ids.new("prf"), Means.SECRET, at.astimezone(UTC).isoformat(), tries=row.wrong + 1, detail=row.question
    )
    record("secret:accepted", tenant=tenant_id, subject=subject, by=by, at=at, proof=proof.id)
    return proof


def _wrong(row: SharedSecret, at: datetime, by: Actor) -> WrongAnswer:
    row.wrong += 1
    row.locked_until = at + PAUSE if row.wrong % TRIES == 0 else None
    row.save(update_fields=["wrong", "locked_until"])
    record("secret:refused", tenant=row.tenant_id, subject=row.subject, by=by, at=at, tries=row.wrong)
    return WrongAnswer(_("This is not the answer that your sender gave."))


def _canonical(answer: str) -> str:
    """As people mean it: capitals and spaces make no difference."""
    return re.sub(r"\s+", " ", unicodedata.normalize("NFKC", answer)).strip().casefold()


def _keyed(row: SharedSecret, answer: str) -> str:
    """Bound to this very question: whoever has the database but not the key cannot even try."""
    bound = f"{row.pk} {row.tenant_id} {row.subject} {answer}"
    return salted_hmac("paraph.identification.secret", bound, algorithm="sha256").hexdigest()
