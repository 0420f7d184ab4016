"""A pairing's life: a page asks for it, an agent takes it up, presents a certificate, delivers what the card signed."""

import base64
import secrets
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from django.db import transaction
from django.utils.translation import gettext as _
from paraph.algorithms import SignatureAlgorithm
from procrastinate.contrib.django import app

from paraph_server.cards import codes
from paraph_server.cards.errors import NoCardHere, NoSuchPairing, PairingOver
from paraph_server.cards.models import LIFETIME, MOST_PRESENTED, Pairing, State
from paraph_server.journal.actions import Actor, record
from paraph_server.signing import actions as signing
from paraph_server.signing import acts, brought, certificates, signers
from paraph_server.signing.acts import By
from paraph_server.signing.models import Signing
from paraph_server.signing.queries import Act, act, key_holder
from paraph_server.workflows.models import KeyHolder

PREPARE = "paraph_server.cards.tasks.prepare"
SERVING = {State.CLAIMED, State.CHECKING, State.REFUSED}
"""While a certificate may be presented."""


@transaction.atomic
def ask(
    of: Act, *, held: Collection[str], mark: str | None = "", comment: str = "", by: By, at: datetime
) -> tuple[Pairing, str]:
    """A signing page asks for an agent: a pairing, and its code in clear, this once. The one before it is over.

    Raises:
        NoCardHere: nobody signs with a card here.
        NotAccepted, NotProven, NotDelegated, BadMark: as `signing.actions.request_signature`.
        NotYourTurn, AlreadyActed, WorkflowOver, WorkflowExpired: nothing is to be signed.
    """
    acts.hold(of)
    if not all(key_holder(each) == KeyHolder.CARD for each in of.recipients):
        raise NoCardHere(_("Here one does not sign with a card."))
    for each in of.recipients:
        signing.begin(each, held=held, mark=mark, by=by(each), at=at)
    Pairing.objects.filter(act_id=of.id).exclude(state=State.OVER).update(state=State.OVER)
    code = codes.new()
    pairing = Pairing.objects.create(
        tenant_id=of.lead.tenant_id,
        recipient=of.lead,
        act_id=of.id,
        held=list(held),
        comment=comment,
        code_digest=codes.digest("code", code),
        check_number=f"{secrets.randbelow(10_000):04}",
        created_at=at,
        expires_at=at + LIFETIME,
    )
    return pairing, code


@transaction.atomic
def claim(pairing: Pairing, secret: str, *, program: str, address: str, at: datetime) -> Pairing:
    """An agent takes a pairing up: from now on it answers to this secret only. The same agent may ask again.

    Raises:
        NoSuchPairing: another agent has taken it up.
        PairingOver: it is too late.
    """
    pairing = _locked(pairing, at=at)
    digest = codes.digest("secret", secret)
    if pairing.claimed_at:
        if pairing.secret_digest != digest:
            raise NoSuchPairing(_("This code is not known, or no longer good."))
        return pairing
    pairing.claimed_at, pairing.secret_digest, pairing.program, pairing.address = at, digest, program, address
    pairing.state, pairing.expires_at = State.CLAIMED, at + LIFETIME
    pairing.save()
    _tell("card:paired", pairing, at)
    return pairing


@transaction.atomic
def present(
    pairing: Pairing,
    certificate: x509.Certificate,
    chain: Sequence[x509.Certificate],
    *,
    algorithm: SignatureAlgorithm,
    at: datetime,
) -> Pairing:
    """The agent says with which certificate the person wants to sign; the worker looks at it. Said twice, done once.

    Raises:
        PairingOver: it is too late, or something was prepared with another one.
    """
    pairing = _locked(pairing, at=at)
    encoded = certificate.public_bytes(Encoding.DER)
    same = (bytes(pairing.certificate or b""), pairing.algorithm) == (encoded, algorithm.name)
    if same and pairing.state not in {State.CLAIMED, State.REFUSED}:
        return pairing
    if pairing.state not in SERVING or pairing.presented >= MOST_PRESENTED:
        raise _over()
    pairing.presented += 1
    pairing.certificate, pairing.algorithm = encoded, algorithm.name
    pairing.chain = [base64.b64encode(each.public_bytes(Encoding.DER)).decode() for each in chain]
    pairing.state, pairing.reason, pairing.notice = State.CHECKING, "", ""
    pairing.save()
    defer(pairing)
    return pairing


def defer(pairing: Pairing, *, wait: timedelta | None = None) -> None:
    """Have the certificate looked at and the documents prepared."""
    job = app.configure_task(
        PREPARE,
        allow_unknown=False,
        lock=f"workflow:{pairing.recipient.workflow.pk}",
        schedule_in={"seconds": int(wait.total_seconds())} if wait else None,
    )
    job.defer(tenant_id=pairing.tenant_id, pairing_id=pairing.pk)


@transaction.atomic
def settle(pairing_id: str, state: State, reason: str = "", *, at: datetime) -> None:
    """The worker has looked: the card may sign, or the certificate does not do, or nothing is to be signed any more."""
    pairing = Pairing.objects.select_for_update().get(pk=pairing_id)
    if pairing.state != State.CHECKING:
        return
    pairing.state, pairing.reason = state, reason
    pairing.save(update_fields=["state", "reason"])
    facts = certificates.named(x509.load_der_x509_certificate(bytes(pairing.certificate or b"")))
    event = {State.READY: "card:accepted"}.get(state, "card:refused")
    _tell(event, pairing, at, certificate=facts, **({"reason": reason} if reason else {}))


@transaction.atomic
def deliver(pairing: Pairing, values: Mapping[str, bytes], *, at: datetime) -> Pairing:
    """The agent hands over what the card has signed: that is the act, everywhere or nowhere. Said twice, done once.

    Raises:
        PairingOver, NotPrepared: it is too late.
        WrongSignature: these are not the signatures that were asked for.
        NotProven, NotDelegated, NotYourTurn, AlreadyActed, WorkflowOver: as `signing.actions.request_signature`.
    """
    of = act(pairing.act_id)
    acts.hold(of)
    pairing = _locked(pairing, at=at)
    if pairing.state not in {State.READY, State.RECEIVED}:
        raise _over()
    brought.sign(of, values, proof=pairing.pk, held=pairing.held, comment=pairing.comment, at=at)
    pairing.state = State.RECEIVED
    pairing.save(update_fields=["state"])
    return pairing


@transaction.atomic
def fail(pairing: Pairing, code: str, *, final: bool, at: datetime) -> None:
    """The agent says what is in its way, in one word; the page shows it. When it is final, the pairing is over."""
    pairing = Pairing.objects.select_for_update().get(pk=pairing.pk)
    if pairing.state in {State.RECEIVED, State.OVER}:
        return
    pairing.notice = code
    if final:
        pairing.state = State.OVER
    pairing.save(update_fields=["notice", "state"])
    if final:
        brought.release(act(pairing.act_id), at=at)
        _tell("card:failed", pairing, at, reason=code)


def _locked(pairing: Pairing, *, at: datetime) -> Pairing:
    pairing = Pairing.objects.select_for_update().get(pk=pairing.pk)
    if pairing.is_over(at):
        raise _over()
    return pairing


def _over() -> PairingOver:
    return PairingOver(_("This took too long. Ask the signing page for another code."))


def _tell(event: str, pairing: Pairing, at: datetime, **details: object) -> None:
    """The agent's acts are those of the person in whose computer it is."""
    recipient = act(pairing.act_id).lead
    found = Signing.objects.select_related("deputy").get(recipient=recipient)
    by: Actor = signers.actor(recipient, found.deputy, address=pairing.address, agent=pairing.program)
    facts = {"recipient": recipient.pk, "pairing": pairing.pk}
    record(event, tenant=pairing.tenant_id, subject=recipient.workflow.pk, by=by, at=at, **facts, **details)
