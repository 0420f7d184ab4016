"""A signer's acts: open, accept, prove, sign. What follows the last one is `execution`'s, step by step."""

from collections.abc import Collection, Sequence
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any, Literal

from django.db import transaction
from django.utils.translation import gettext as _
from paraph.evidence import Means, Proof
from procrastinate.contrib.django import app

from paraph_server.documents import actions as documents
from paraph_server.documents.models import Part
from paraph_server.identification import actions as identification
from paraph_server.identification import papers, shared_secrets
from paraph_server.identification.errors import NotChecked
from paraph_server.identification.means import words
from paraph_server.identification.models import LIFETIME
from paraph_server.journal.actions import Actor, record
from paraph_server.notifications.actions import send
from paraph_server.signing import levels, marks, queries, signers
from paraph_server.signing.errors import DocumentsChanged, NotAccepted, NotProven
from paraph_server.signing.models import Signing
from paraph_server.signing.signers import Signer
from paraph_server.signing.signers import actor as actor  # noqa: PLC0414  who acts is named here as well
from paraph_server.workflows import actions as workflows
from paraph_server.workflows import queries as waiting
from paraph_server.workflows.errors import AlreadyActed
from paraph_server.workflows.models import Recipient

PERFORM = "paraph_server.signing.tasks.perform"
CHANNELS: dict[str, Literal["email", "sms", "voice"]] = {
    Means.EMAIL_CODE: "email",
    Means.SMS_CODE: "sms",
    Means.VOICE_CODE: "voice",
}
LONGEST_PAUSE = timedelta(minutes=10)
"""Between two attempts: a trust service that is away for a night loses no signature."""


@transaction.atomic
def open_session(recipient: Recipient, *, by: Actor, at: datetime) -> Signing:
    """A recipient, or their deputy, opens the invitation; the second time they find what they left.

    Raises:
        NotDelegated: this person may not act in this turn.
        NotYourTurn, AlreadyActed, WorkflowOver, WorkflowExpired: nothing is to be signed.
    """
    workflows.check_turn(recipient.workflow, recipient.pk, at=at)
    signers.check(recipient, signers.deputy(recipient, by), at=at)
    signing, _created = Signing.objects.get_or_create(
        recipient=recipient, defaults={"tenant_id": recipient.tenant_id, "opened_at": at}
    )
    workflows.view(recipient, by=by, at=at)
    return signing


@transaction.atomic
def accept(recipient: Recipient, *, shown: str, language: str, by: Actor, at: datetime) -> Signing:
    """A signer accepts the consent text, about the documents they were shown.

    `shown` is `queries.consent_digest` as the page carried it.

    Raises:
        DocumentsChanged: the documents or the text are not those of the page any more.
        NotDelegated: this person may not act in this turn.
        NotYourTurn, AlreadyActed, WorkflowOver, WorkflowExpired: nothing is to be signed.
    """
    signing = _undecided(recipient, at=at)
    text = waiting.consent_text(recipient, language)
    documents = waiting.shown_to(recipient)
    digest = queries.consent_digest(text, [each.current for each in documents])
    if shown != digest:
        raise DocumentsChanged(_("The documents have changed since this page was opened. Please read them again."))
    version = recipient.consent_page.version if recipient.consent_page else 0
    signing.deputy = signers.deputy(recipient, by)
    signing.delegation = signers.check(recipient, signing.deputy, at=at)
    signing.consent_text, signing.consent_digest, signing.accepted_at = text, digest, at
    signing.consent_version, signing.consent_language = version, language
    signing.shown = {each.pk: each.current_id for each in documents}
    signing.proofs = []
    signing.save()
    _tell(
        "recipient:accepted",
        recipient,
        by,
        at,
        consent_page=recipient.consent_page_id,
        version=signing.consent_version,
        language=language,
        consent_digest=digest,
        documents=[[each.pk, each.current.hash] for each in documents],
        **signers.facts(signing),
    )
    return signing


@transaction.atomic
def request_code(recipient: Recipient, means: Means, *, by: Actor, at: datetime) -> str:
    """Send a signer a code, by one of the means that their consent page asks for; where it was sent, masked.

    Raises:
        NotAccepted: the consent text comes first.
        TooManyCodes: five were sent in the last hour.
    """
    signer = signers.of(_accepted(recipient, by=by, at=at))
    channel = CHANNELS[means]
    address = address_for(signer, means)
    code = identification.issue_code(
        recipient.tenant_id, subject=recipient.pk, channel=channel, address=address, at=at, by=by
    )
    send(
        recipient.tenant_id,
        channel=channel,
        to=address,
        kind="code",
        context={
            "code": code,
            "minutes": int(LIFETIME.total_seconds() // 60),
            "workflow_name": recipient.workflow.name,
        },
        language=signer.locale,
        about=recipient.workflow.pk,
        recipient_id=recipient.pk,
        confidential=True,
        at=at,
    )
    return masked(address)


def verify(recipient: Recipient, *, code: str, by: Actor, at: datetime) -> Proof:
    """What a signer proves by entering their code. A wrong one is counted, also though this raises.

    Raises:
        NotAccepted: the consent text comes first.
        WrongCode, ExpiredCode, LockedCode, UsedCode, NoCode: it proves nothing.
    """
    with transaction.atomic():
        _accepted(recipient, by=by, at=at)
    return identification.verify_code(recipient.tenant_id, subject=recipient.pk, code=code, at=at, by=by)


def answer(recipient: Recipient, *, answer: str, by: Actor, at: datetime) -> Proof:
    """What a signer proves by answering the question that their sender gave. Wrong answers are counted.

    Raises:
        NotAccepted: the consent text comes first.
        NoSecret, WrongAnswer, TooManyAnswers, GuessedTooOften: it proves nothing.
    """
    with transaction.atomic():
        _accepted(recipient, by=by, at=at)
    return shared_secrets.verify(recipient.tenant_id, subject=recipient.pk, answer=answer, at=at, by=by)


@transaction.atomic
def pick_up(recipient: Recipient, *, by: Actor, at: datetime) -> Proof:
    """What an operator has recorded of the signer's identity document.

    Raises:
        NotAccepted: the consent text comes first.
        NotChecked: nobody has looked at it, under this name, or too long ago.
    """
    signer = signers.of(_accepted(recipient, by=by, at=at))
    paper = papers.shown(recipient.pk, signer.name, at=at)
    if paper is None:
        raise NotChecked(_("Nobody has looked at your identity document yet."))
    return papers.proof(paper, at=at)


@transaction.atomic
def check_accepted(recipient: Recipient, *, by: Actor, at: datetime) -> Signing:
    """The session of somebody who has accepted and not signed yet; raises `NotAccepted` for everybody else."""
    return _accepted(recipient, by=by, at=at)


@transaction.atomic
def prove(recipient: Recipient, proof: Proof, *, by: Actor, at: datetime) -> Signing:
    """Keep with a session by what its owner has shown who they are; the newest proof by each means counts.

    The browser that it was given in keeps the proof's id and presents it when it signs.
    """
    signing = _accepted(recipient, by=by, at=at)
    signing.proofs = [each for each in signing.proofs if each["means"] != proof.means] + [asdict(proof)]
    signing.save(update_fields=["proofs"])
    facts = {"proof": proof.id, "means": proof.means, "assurance": int(proof.assurance)}
    _tell("recipient:identified", recipient, by, at, **facts, **({"names": proof.names} if proof.names else {}))
    return signing


@transaction.atomic
def request_signature(
    recipient: Recipient, *, held: Collection[str], mark: str = "", comment: str = "", by: Actor, at: datetime
) -> Signing:
    """The signing act itself, of who brings no key; the worker does the rest. A second click changes nothing.

    `held` are the ids of the proofs that were given in this browser, `mark` the drawn signature as a data URL.

    Raises:
        NotAccepted, NotProven: a step is missing.
        LevelNotReached: what was done does not give the level that is asked for.
        NotDelegated: this person may not act in this turn, or not any more.
        BadMark: the drawing is not a small PNG.
        DocumentsMissing: they were asked for documents that are not there yet.
        NotYourTurn, AlreadyActed, WorkflowOver, WorkflowExpired: nothing is to be signed.
    """
    signing = _locked(recipient, at=at)
    if signing.requested_at:
        return signing
    if own := queries.GIVEN_WITH_THE_ACT.get(queries.key_holder(recipient)):
        raise _not_proven([own])
    begin(recipient, held=held, mark=mark, by=by, at=at)
    return give(recipient, held=held, comment=comment, by=by, at=at)


@transaction.atomic
def begin(recipient: Recipient, *, held: Collection[str], mark: str | None = "", by: Actor, at: datetime) -> Signing:
    """Everything about the signing act but the act itself: where it is done, and how the signature looks.

    Without a `mark`, not even an empty one, it looks as before. Raises as `request_signature` does.
    """
    signing = _proven(recipient, held, by=by, at=at)
    if mark is not None:
        signing.mark = _mark(recipient, mark, at)
    signing.address, signing.agent = by.address, by.agent
    signing.save(update_fields=["mark", "address", "agent"])
    return signing


@transaction.atomic
def give(recipient: Recipient, *, held: Collection[str], comment: str = "", by: Actor, at: datetime) -> Signing:
    """The act: it counts from now on, and the worker carries it out. Raises as `request_signature` does."""
    signing = _proven(recipient, held, by=by, at=at)
    levels.check(signing)
    signing.requested_at = at
    signing.save(update_fields=["delegation", "requested_at"])
    if recipient.acted_at is None:
        facts = {
            "signing": signing.pk,
            "consent_digest": signing.consent_digest,
            "proofs": [each["id"] for each in signing.proofs],
        }
        workflows.act(recipient, comment=comment, by=by, at=at, **facts, **signers.facts(signing))
    defer(signing)
    return signing


@transaction.atomic
def refuse(recipient: Recipient, *, reason: str, by: Actor, at: datetime) -> None:
    """The recipient, or their deputy, says no; raises as `workflows.actions.refuse` does, and `NotDelegated`."""
    deputy = signers.deputy(recipient, by)
    delegation = signers.check(recipient, deputy, at=at)
    facts = {"acts_for": recipient.name, "delegation": delegation.pk} if delegation else {}
    workflows.refuse(recipient, reason=reason, by=by, at=at, **facts)


def defer(signing: Signing, *, wait: timedelta | None = None) -> None:
    """Have a signature made, perhaps later; those of one workflow are made one after the other."""
    job = app.configure_task(
        PERFORM,
        allow_unknown=False,
        lock=f"workflow:{signing.recipient.workflow.pk}",
        schedule_in={"seconds": int(wait.total_seconds())} if wait else None,
    )
    job.defer(tenant_id=signing.tenant_id, signing_id=signing.pk)


@transaction.atomic
def postpone(signing_id: str, reason: str) -> None:
    """It could not be carried through: note why, and try again, ever more patiently. Others' signatures go first."""
    signing = Signing.objects.select_for_update(of=("self",)).select_related("recipient__step").get(pk=signing_id)
    signing.failures, signing.failure = signing.failures + 1, reason
    signing.save(update_fields=["failures", "failure"])
    defer(signing, wait=min(timedelta(seconds=2 ** min(signing.failures, 16)), LONGEST_PAUSE))


def address_for(signer: Signer, means: Means) -> str:
    """Where a signer's code goes."""
    return signer.email if means == Means.EMAIL_CODE else signer.phone_number


def masked(address: str) -> str:
    """An address as its owner recognises it and nobody else learns it."""
    if "@" in address:
        local, _at, domain = address.partition("@")
        return f"{local[:1]}{'•' * max(2, len(local) - 1)}@{domain}"
    return f"{address[:3]}{'•' * max(0, len(address) - 5)}{address[-2:]}"


def _locked(recipient: Recipient, *, at: datetime) -> Signing:
    """The session, which nobody else changes until this transaction ends, if it is its owner's turn."""
    workflows.check_turn(recipient.workflow, recipient.pk, at=at)
    signing = Signing.objects.select_for_update(of=("self",)).filter(recipient=recipient).first()
    if signing is None:
        raise NotAccepted(_("Open the documents first."))
    return signing


def _undecided(recipient: Recipient, *, at: datetime) -> Signing:
    """The session of somebody who has not signed yet."""
    signing = _locked(recipient, at=at)
    if signing.requested_at:
        raise AlreadyActed(_("You have already given your answer."))
    return signing


def _accepted(recipient: Recipient, *, by: Actor, at: datetime) -> Signing:
    """The session of somebody who has accepted and not signed yet: a deputy's consent is not the recipient's."""
    signing = _undecided(recipient, at=at)
    if not signing.accepted_at or signing.deputy_id != getattr(signers.deputy(recipient, by), "pk", None):
        raise NotAccepted(_("Read the documents and accept the conditions first."))
    return signing


def _proven(recipient: Recipient, held: Collection[str], *, by: Actor, at: datetime) -> Signing:
    """The session of somebody who may act, and has shown who they are in the browser that presents these proofs."""
    signing = _accepted(recipient, by=by, at=at)
    if missing := queries.missing(signing, held, at=at):
        raise _not_proven(missing)
    signing.delegation = signers.check(recipient, signing.deputy, at=at)
    return signing


def _not_proven(missing: Sequence[Means]) -> NotProven:
    return NotProven(_("Show who you are first: %(means)s.") % {"means": words(missing)})


def _mark(recipient: Recipient, data_url: str, at: datetime) -> Part | None:
    if not data_url:
        return None
    return documents.keep(recipient.tenant_id, marks.read(data_url), "signature.png", "image/png", at=at)


def _tell(event: str, recipient: Recipient, by: Actor, at: datetime, **details: Any) -> None:
    workflow = recipient.workflow
    record(event, tenant=recipient.tenant_id, subject=workflow.pk, by=by, at=at, recipient=recipient.pk, **details)
