"""The record of a workflow, gathered from what the database and the journal hold."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

import paraph.evidence
from paraph.evidence import Certificate, Consent, Document, Enclosure, Event, Person, Proof, Record
from paraph.evidence.level import stars

from paraph_server.journal import queries as journal
from paraph_server.journal.models import Entry
from paraph_server.policies import stored
from paraph_server.signing import levels, signers
from paraph_server.signing.actions import masked
from paraph_server.signing.models import Signing
from paraph_server.web.page import VERSION
from paraph_server.workflows import queries as workflows
from paraph_server.workflows.models import Recipient, Step, Workflow

SHOWN = (
    "filename",
    "channel",
    "address",
    "kind",
    "to",
    "reason",
    "tries",
    "answer",
    "name",
    "email",
    "comment",
    "acts_for",
)
"""Details of an entry that say something to a reader, and no secret."""


def record(workflow: Workflow) -> Record:
    """Everything the evidence file states about a workflow that everybody has signed."""
    entries = list(journal.about(workflow.tenant_id, workflows.subjects(workflow)))
    signings = {each.recipient_id: each for each in _signings(workflow)}
    acted = [each for each in workflows.recipients(workflow) if each.done_at]
    return Record(
        reference=workflow.pk,
        title=workflow.name,
        organisation=workflow.tenant.name,
        sender=workflow.owner.name,
        created_at=_text(workflow.created_at),
        started_at=_text(workflow.started_at),
        signed_at=_text(workflow.signed_at),
        documents=tuple(
            Document(each.original.filename, each.original.pages, each.original.hash, each.current.hash)
            for each in workflow.documents.select_related("original", "current")
        ),
        people=tuple(_acted(each, signings, entries) for each in acted),
        events=tuple(_events(entries)),
        software=f"Paraph {VERSION}",
        keep_years=stored.judgement(workflow.judgement).requirements.archive_years if workflow.policy_id else 0,
    )


def _acted(recipient: Recipient, signings: Mapping[str, Signing], entries: Sequence[Entry]) -> Person:
    if recipient.step.kind == Step.Kind.SEAL:
        return _organisation(recipient, entries)
    return _person(recipient, signings[recipient.pk])


def _organisation(recipient: Recipient, entries: Sequence[Entry]) -> Person:
    """Who sealed: the journal knows the certificate."""
    sealed = next(each for each in entries if each.event == "recipient:sealed" and _whose(each) == recipient.pk)
    facts = dict(sealed.payload.details["certificate"])
    certificate = Certificate(digest=facts.pop("sha256"), **facts)
    return Person(recipient.name, "", recipient.step.kind, _text(recipient.done_at), certificate=certificate)


def _whose(entry: Entry) -> str:
    return str(entry.payload.details.get("recipient"))


def _signings(workflow: Workflow) -> Iterable[Signing]:
    found = Signing.objects.filter(recipient__step__workflow=workflow)
    return found.select_related("recipient", "deputy")


def _person(recipient: Recipient, signing: Signing) -> Person:
    signer = signers.of(signing)
    person = Person(
        name=signer.name,
        email=signer.email,
        act=recipient.step.kind,
        acted_at=_text(recipient.acted_at),
        phone=masked(signer.phone_number) if signer.phone_number else "",
        acts_for=signer.acts_for,
        address=signing.address,
        agent=signing.agent,
        consent=_consent(signing),
        proofs=tuple(_shown(each) for each in levels.proofs(signing)),
        certificate=levels.certificate(signing),
        level=recipient.level,
        comment=recipient.comment,
        instead_of=recipient.delegated_from.name if recipient.delegated_from else "",
        enclosures=tuple(
            Enclosure(each.name, each.part.filename, each.part.hash)
            for each in recipient.requested_documents.all()
            if each.part
        ),
    )
    return replace(person, stars=stars(person.facts()) if person.level else 0)


def _consent(signing: Signing) -> Consent | None:
    if signing.accepted_at is None:
        return None
    return Consent(
        signing.consent_text, signing.consent_version or 0, signing.consent_digest, _text(signing.accepted_at)
    )


def _shown(proof: Proof) -> Proof:
    """A proof as everybody may read it."""
    return replace(proof, address=masked(proof.address)) if proof.means.trait.code else proof


def _events(entries: Iterable[Entry]) -> Iterable[paraph.evidence.Event]:
    for entry in entries:
        details = entry.payload.details
        actor = details.get("actor", {})
        summary = ", ".join(f"{name}: {_readable(details[name])}" for name in SHOWN if details.get(name))
        yield Event(journal.link(entry), entry.hash, actor.get("name", ""), actor.get("address", ""), summary)


def _readable(detail: object) -> str:
    """A detail as it may be read; a telephone number is masked."""
    words = str(detail)
    return masked(words) if words.startswith("+") else words


def _text(at: datetime | None) -> str:
    return "" if at is None else paraph.evidence.chain.moment(at)
