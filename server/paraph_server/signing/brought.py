"""A key that the signer brings: its certificate is checked, what it signs is prepared, then it has signed.

It lies on a card, or with a provider who keeps it for them.

The same steps as elsewhere (`execution`), with the signer between the second and the third: what is prepared waits for
them, for minutes; what they have signed waits for the worker, for as long as it takes.
"""

from collections.abc import Collection, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from cryptography import x509
from django.db import transaction
from django.utils.translation import gettext as _
from paraph import pades
from paraph.algorithms import Digest, SignatureAlgorithm
from paraph.errors import SignatureMismatch
from paraph.evidence import Proof
from paraph.evidence.chain import moment
from paraph.evidence.level import Assurance
from paraph.evidence.record import QUALIFIED
from paraph.keys.csc import Credential
from paraph.keys.verify import verify
from paraph.signatures import Pending

from paraph_server.documents import queries as stored
from paraph_server.journal.actions import Actor
from paraph_server.signing import actions, acts, certificates, execution, holders, levels, queries, signers
from paraph_server.signing.errors import BadCertificate, NotPrepared, OthersFirst, WrongSignature
from paraph_server.signing.models import Signing
from paraph_server.signing.queries import Act
from paraph_server.workflows import actions as workflows
from paraph_server.workflows.models import Document, Recipient

HELD = timedelta(minutes=5)
"""How long others wait in the same documents while somebody types their PIN."""
_ASSURANCE = {0: Assurance.LOW, 1: Assurance.LOW, 2: Assurance.SUBSTANTIAL, 3: Assurance.HIGH}
"""By the stars that the certificate's policy has in the RGS; who holds a qualified one was met in person (art. 24)."""


@dataclass(frozen=True, slots=True)
class ToSign:
    """One signature that a card is asked for."""

    document: Document
    attributes: bytes
    """What is digested and signed."""


def prepare(
    of: Act,
    certificate: x509.Certificate,
    chain: tuple[x509.Certificate, ...],
    *,
    algorithm: SignatureAlgorithm,
    at: datetime,
) -> None:
    """Check a certificate, and fix what will be signed with it, in all workflows of an act.

    Raises:
        BadCertificate, LevelNotReached: it does not do; another one might.
        OthersFirst, Unavailable: try again soon.
        DocumentsChanged: the documents are not those that the signer accepted.
        NotYourTurn, AlreadyActed, WorkflowOver, WorkflowExpired, WorkflowPaused: nothing is to be signed.
    """
    if not algorithm.fits(certificate.public_key()):
        raise BadCertificate(_("This kind of key cannot sign in this way."))
    credential = Credential("", certificate, chain)
    for each in of.recipients:
        _check_and_prepare(each.signing.pk, credential, algorithm, at)


def _check_and_prepare(signing_id: str, credential: Credential, algorithm: SignatureAlgorithm, at: datetime) -> None:
    signing = Signing.objects.select_related("mark", "deputy", "recipient__step__workflow__owner").get(pk=signing_id)
    workflows.check_turn(signing.recipient.workflow, signing.recipient.pk, at=at)
    execution.check_documents(signing)
    if queries.underway(signing, at=at):
        raise OthersFirst(_("Another signature in these documents is being made."))
    found = certificates.check(credential.certificate, credential.chain, signer=signers.of(signing), at=at)
    _prepare(signing, replace(credential, chain=found.chain), algorithm, found.facts, at)


@transaction.atomic
def _prepare(
    signing: Signing, credential: Credential, algorithm: SignatureAlgorithm, checked: dict[str, Any], at: datetime
) -> None:
    execution.give_up(signing)
    signing.algorithm, signing.checked = algorithm.name, checked
    signing.qualified, signing.device = certificates.standing(checked, queries.key_holder(signing.recipient))
    signing.save(update_fields=["algorithm", "checked", "qualified", "device"])
    holders.keep(signing, credential, until=at + HELD)
    _check_level(signing, at)
    execution.prepare(signing, credential)


def _check_level(signing: Signing, at: datetime) -> None:
    """Say before the PIN is asked that the signature would not be of the level that is asked for."""
    before, signing.proofs = signing.proofs, [*signing.proofs, asdict(_proof(signing, "", at))]
    levels.check(signing)
    signing.proofs = before


def to_sign(signing: Signing) -> list[ToSign]:
    """What the card is asked for, document by document."""
    return [
        ToSign(
            each.document,
            pades.signed_attributes(Pending.from_bytes(bytes(each.state)), stored.content(each.part)),
        )
        for each in signing.pending.select_related("part", "document__original")
    ]


def digests(of: Act) -> dict[str, Digest]:
    """What a provider is asked for in an act, by document."""
    return {
        each.document_id: Pending.from_bytes(bytes(each.state)).digest
        for session in queries.sessions(of)
        for each in session.pending.all()
    }


@transaction.atomic
def hold(of: Act, *, at: datetime) -> None:
    """Have others wait a little longer, while somebody goes to give leave for what was prepared.

    Raises:
        NotPrepared: something else was prepared meanwhile, or nobody waited so long.
    """
    acts.hold(of)
    for each in queries.sessions(of):
        _check_waiting(each, at)
        each.certificate_expires_at = at + HELD
        each.save(update_fields=["certificate_expires_at"])


def _check_waiting(signing: Signing, at: datetime) -> None:
    waits = signing.certificate_expires_at is not None and at < signing.certificate_expires_at
    if not waits or not signing.pending.exists() or queries.overtaken(signing):
        raise NotPrepared(_("This took too long, or somebody else has signed meanwhile. Please start again."))


@transaction.atomic
def sign(
    of: Act, values: Mapping[str, bytes], *, proof: str, held: Collection[str], comment: str = "", at: datetime
) -> None:
    """The signer's key has signed, `values` by document: that is the act, everywhere or nowhere. Raises as `_sign`."""
    acts.hold(of)
    workflows.hold(each.workflow for each in of.recipients)
    found = queries.sessions(of)
    own = {each.pk: _own(each, values) for each in found}
    if sum(map(len, own.values())) != len(values):
        raise WrongSignature(_("These are not the signatures that were asked for."))
    for each, recipient in zip(found, of.recipients, strict=True):
        said = comment if recipient.step.allow_comments else ""
        by = signers.actor(recipient, each.deputy, address=each.address, agent=each.agent)
        _sign(recipient, own[each.pk], proof=proof, held=held, comment=said, by=by, at=at)


def _own(session: Signing, values: Mapping[str, bytes]) -> dict[str, bytes]:
    documents = set(session.pending.values_list("document_id", flat=True))
    return {document: value for document, value in values.items() if document in documents}


def _sign(
    recipient: Recipient,
    values: Mapping[str, bytes],
    *,
    proof: str,
    held: Collection[str],
    comment: str,
    by: Actor,
    at: datetime,
) -> None:
    """That they have signed shows who they are. Said twice, it is done once.

    Raises:
        NotPrepared: something else was prepared meanwhile, or nobody waited so long.
        WrongSignature: one is missing, one too many, or one was not made by the certificate's key over what was asked.
        NotProven, NotDelegated, NotYourTurn, AlreadyActed, WorkflowOver: as `actions.request_signature`.
    """
    signing = Signing.objects.select_for_update().get(recipient=recipient)
    prepared = list(signing.pending.select_related("document"))
    if signing.requested_at and {each.document_id: bytes(each.value or b"") for each in prepared} == dict(values):
        return
    _check_waiting(signing, at)
    if {each.document_id for each in prepared} != set(values):
        raise WrongSignature(_("These are not the signatures that were asked for."))
    key, algorithm = holders.kept(signing).certificate.public_key(), SignatureAlgorithm[signing.algorithm]
    for each in prepared:
        try:
            verify(key, Pending.from_bytes(bytes(each.state)).digest, values[each.document_id], algorithm=algorithm)
        except SignatureMismatch as mismatch:
            raise WrongSignature(str(mismatch)) from None
        each.value = values[each.document_id]
        each.save(update_fields=["value"])
    signing.certificate_expires_at = at + holders.VALIDITY
    signing.save(update_fields=["certificate_expires_at"])
    actions.prove(recipient, _proof(signing, proof, at), by=by, at=at)
    actions.give(recipient, held=held, comment=comment, by=by, at=at)


def _proof(signing: Signing, proof_id: str, at: datetime) -> Proof:
    """What it shows that their key has signed: the names were held against the signer's when it was presented."""
    certificate = levels.certificate(signing)
    assert certificate is not None  # noqa: S101  it was presented
    return Proof(
        proof_id,
        queries.GIVEN_WITH_THE_ACT[queries.key_holder(signing.recipient)],
        moment(at),
        assurance=Assurance.HIGH if certificate.qualified == QUALIFIED else _ASSURANCE[certificate.rgs],
        names="same",
        address=certificate.issuer,
        detail=certificate.subject,
    )


def release(of: Act, *, at: datetime) -> None:
    """The card will not sign what was prepared: others need wait no longer."""
    Signing.objects.filter(recipient__in=of.recipients, requested_at=None).update(certificate_expires_at=at)


@transaction.atomic
def ask_again(signing_id: str, reason: str) -> None:
    """What the card signed is of no use: its holder may sign once more; that they acted stands."""
    signing = Signing.objects.select_for_update(of=("self",)).select_related("recipient__step").get(pk=signing_id)
    execution.give_up(signing)
    signing.requested_at, signing.failures, signing.failure = None, signing.failures + 1, reason
    signing.save(update_fields=["requested_at", "failures", "failure"])
