"""What a person does at once, in one workflow or in several: read, accept once, prove once, act.

Each session is locked before anything is told to the journal, and each workflow after them, always in the same order.
"""

from collections.abc import Callable, Collection, Sequence
from datetime import datetime
from typing import TypeAlias

from django.db import transaction
from django.utils.translation import gettext as _
from paraph.evidence import Means, Proof

from paraph_server.identification import certificates, sign_ins
from paraph_server.identification.certificates import Shown
from paraph_server.identification.errors import OtherPerson
from paraph_server.identification.models import Provider
from paraph_server.identification.sign_ins import Arrival, Departure, Invited
from paraph_server.journal.actions import Actor, record
from paraph_server.signing import actions, queries, signers
from paraph_server.signing.errors import DocumentsChanged, NotTogether
from paraph_server.signing.models import JointAct, JointPart, Signing
from paraph_server.signing.queries import Act
from paraph_server.workflows import actions as workflows
from paraph_server.workflows import queries as waiting
from paraph_server.workflows.errors import DocumentsMissing
from paraph_server.workflows.models import Recipient

By: TypeAlias = Callable[[Recipient], Actor]
"""A recipient as the journal knows them, with the address and the browser they come from."""


PERSONAL = frozenset({Means.SECRET, Means.IDENTITY_DOCUMENT})
"""Means that belong to one recipient."""


@transaction.atomic
def join(recipients: Sequence[Recipient], *, at: datetime) -> JointAct:
    """Let a person act in several workflows at once.

    Raises:
        NotTogether: they are not the same person, or not the same is asked of them.
        NotYourTurn, AlreadyActed, WorkflowOver, WorkflowExpired, WorkflowPaused: in one of them nothing is to be done.
    """
    if len({_asked(each) for each in recipients}) != 1:
        raise NotTogether(_("These workflows do not ask the same of the same person."))
    for each in recipients:
        workflows.check_turn(each.workflow, each.pk, at=at)
    joint = JointAct.objects.create(tenant_id=recipients[0].tenant_id, created_at=at)
    JointPart.objects.bulk_create(
        JointPart(tenant_id=joint.tenant_id, joint_act=joint, recipient=each, position=place)
        for place, each in enumerate(recipients)
    )
    return joint


def _asked(recipient: Recipient) -> tuple[str, ...]:
    """Who it is and what they do: one consent, one code and one name must do for all."""
    who = (recipient.tenant_id, recipient.name, recipient.email, recipient.phone_number, recipient.country)
    own = PERSONAL.intersection(queries.asked(recipient))  # what one of them shows says nothing of the others
    return (*who, recipient.consent_page_id or "", recipient.step.kind, recipient.pk if own else "")


def open_sessions(act: Act, *, by: By, at: datetime) -> None:
    """Open each invitation; raises as `actions.open_session` does."""
    for each in act.recipients:
        if not each.done_at:
            actions.open_session(each, by=by(each), at=at)


@transaction.atomic
def accept(act: Act, *, shown: str, language: str, by: By, at: datetime) -> None:
    """Accept the consent text for all documents; `shown` is `queries.seen` as the page carried it.

    Raises:
        DocumentsChanged: the documents or the text are not those of the page any more.
        DocumentsMissing: the signer was asked for documents that are not there yet.
    """
    hold(act)
    if shown != queries.seen(act, language):
        raise DocumentsChanged(_("The documents have changed since this page was opened. Please read them again."))
    for each in act.recipients:
        if missing := waiting.missing(each):
            raise DocumentsMissing(_("Please hand over this document first: %(name)s.") % {"name": missing[0].name})
        digest = queries.consent_digest(waiting.consent_text(each, language), queries.shown(each))
        actions.accept(each, shown=digest, language=language, by=by(each), at=at)


def verify(act: Act, *, code: str, by: By, at: datetime) -> str:
    """Enter the code, once for all; what the browser keeps of it. Raises as `actions.verify` does."""
    return prove(act, actions.verify(act.lead, code=code, by=by(act.lead), at=at), by=by, at=at)


def answer(act: Act, *, answer: str, by: By, at: datetime) -> str:
    """Answer the sender's question; what the browser keeps of it. Raises as `actions.answer` does."""
    return prove(act, actions.answer(act.lead, answer=answer, by=by(act.lead), at=at), by=by, at=at)


@transaction.atomic
def pick_up(act: Act, *, by: By, at: datetime) -> str:
    """Take what an operator recorded; what the browser keeps of it. Raises as `actions.pick_up` does."""
    return prove(act, actions.pick_up(act.lead, by=by(act.lead), at=at), by=by, at=at)


@transaction.atomic
def prove(act: Act, proof: Proof, *, by: By, at: datetime) -> str:
    """Show once for all who one is; what the browser keeps of it. Raises as `actions.prove` does."""
    hold(act)
    for each in act.recipients:
        actions.prove(each, proof, by=by(each), at=at)
    return proof.id


def leave_for(act: Act, provider: Provider, *, language: str, by: By, at: datetime) -> Departure:
    """Go and prove at an identity provider who one is.

    Raises:
        NotAccepted: the consent text comes first.
        ProviderUnavailable: it does not answer.
        TooManyCodes: they went there too often.
    """
    actions.check_accepted(act.lead, by=by(act.lead), at=at)
    return sign_ins.begin(provider, subject=act.lead.pk, language=language, by=by(act.lead), at=at)


def come_back(act: Act, *, sign_in: str, state: str, code: str, issuer: str, by: By, at: datetime) -> Arrival:
    """Bring a provider's answer; the browser keeps the id of the proof.

    Raises as `sign_ins.finish` and `prove` do.
    """
    signer = signers.of(actions.check_accepted(act.lead, by=by(act.lead), at=at))
    invited = Invited(signer.first_name, signer.last_name)
    arrival = sign_ins.finish(sign_in, state=state, code=code, issuer=issuer, invited=invited, by=by(act.lead), at=at)
    prove(act, arrival.proof, by=by, at=at)
    return arrival


def show_certificate(act: Act, found: Shown, *, by: By, at: datetime) -> str:
    """Show the certificate in one's browser; what the browser keeps of it.

    Raises:
        NotAccepted: the consent text comes first.
        OtherPerson: it names somebody else, which stays on record.
    """
    signer = signers.of(actions.check_accepted(act.lead, by=by(act.lead), at=at))
    try:
        proof = certificates.prove(found, first_name=signer.first_name, last_name=signer.last_name, at=at)
    except OtherPerson as error:
        facts = {"problem": error.code, "certificate": found.thumbprint, "holder": found.holder}
        with transaction.atomic():
            record("identity:refused", tenant=act.lead.tenant_id, subject=act.lead.pk, by=by(act.lead), at=at, **facts)
        raise
    return prove(act, proof, by=by, at=at)


@transaction.atomic
def sign(act: Act, *, held: Collection[str], mark: str = "", comment: str = "", by: By, at: datetime) -> None:
    """Act everywhere, or nowhere; raises as `actions.request_signature` does."""
    hold(act)
    workflows.hold(each.workflow for each in act.recipients)
    for each in act.recipients:
        said = comment if each.step.allow_comments else ""
        actions.request_signature(each, held=held, mark=mark, comment=said, by=by(each), at=at)


@transaction.atomic
def refuse(act: Act, *, reason: str, by: By, at: datetime) -> None:
    """Refuse everywhere, or nowhere; raises as `actions.refuse` does."""
    workflows.hold(each.workflow for each in act.recipients)
    for each in act.recipients:
        actions.refuse(each, reason=reason, by=by(each), at=at)


def hold(act: Act) -> None:
    """Lock its sessions, always in the same order."""
    sessions = Signing.objects.select_for_update().filter(recipient__in=act.recipients).order_by("pk")
    list(sessions.values_list("pk"))
