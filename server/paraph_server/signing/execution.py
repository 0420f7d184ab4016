"""Making the signature that somebody asked for, in steps that can each be repeated after a crash.

1. A certificate in the signer's name is asked of whoever holds the key: asked again, they answer the same.
2. Each document is prepared, and what is to be signed is stored before any key is used.
3. The holder signs those digests and no others: asked again, they answer the same.
4. Each document is completed, time-stamped and validated.
5. One transaction moves the workflow on. Nothing that was done before it is seen by anybody.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from paraph import pades
from paraph.algorithms import SignatureAlgorithm
from paraph.certs import TrustStore
from paraph.keys.csc import Credential
from paraph.signatures import Level, Pending

from paraph_server import trust
from paraph_server.documents import actions as documents
from paraph_server.documents import queries as stored
from paraph_server.documents.models import Part
from paraph_server.signing import blocks, certificates, holders, levels, queries, signers
from paraph_server.signing.errors import DocumentsChanged, LevelNotReached, NotValid, OthersFirst, SignAgain
from paraph_server.signing.models import PendingSignature, Signing
from paraph_server.workflows import actions as workflows
from paraph_server.workflows import anchors
from paraph_server.workflows.actions import Signed
from paraph_server.workflows.models import Document
from paraph_server.workflows.queries import to_sign

MARGIN = timedelta(minutes=5)
"""A certificate with less time left is not used any more: the time-stamp must fall within it."""


def perform(signing_id: str) -> None:
    """Carry a signature through from wherever it stands; one that is complete is left alone.

    Raises:
        Unavailable: the trust service or the time-stamp authority does not answer; try again later.
        NotValid: what was made does not validate; nobody gets it.
        OthersFirst: another signature in the same documents is half made; try again soon.
        DocumentsChanged: the documents are not those that the signer accepted.
        SignAgain: what a card signed is of no use any more.
        LevelNotReached: the trust service's certificate gives less than what is asked for.
        AlreadyActed, WorkflowOver: the workflow ended or went on without this signer.
    """
    signing = Signing.objects.select_related("mark", "deputy", "recipient__step__workflow__owner").get(pk=signing_id)
    if signing.completed_at or signing.requested_at is None:
        return
    workflows.check_turn(signing.recipient.workflow, signing.recipient.pk, at=signing.requested_at)
    check_documents(signing)
    if not queries.signs(signing.recipient):
        commit(signing, [])
        return
    if queries.underway(signing, at=timezone.now()):
        raise OthersFirst(_("Another signature in these documents is being made."))
    give_up_what_is_useless(signing, at=timezone.now())
    holder = holders.of(signing)
    credential = holder.credential(signing)
    anchor = certificates.check_again(signing, at=timezone.now())
    _check_level(signing)
    prepared = prepare(signing, credential)
    signatures = holder.sign(credential, prepared)
    trusted = anchors.trusted(signing.recipient.workflow, *([anchor] if anchor else []))
    commit(signing, complete(prepared, signatures, trusted=trusted), anchor=anchor)


def _check_level(signing: Signing) -> None:
    """Now that the certificate is known, and what is known of it by now; whoever brought it may bring another one."""
    try:
        levels.check(signing)
    except LevelNotReached as low:
        if queries.brings_key(signing.recipient):
            raise SignAgain(str(low)) from None
        raise


def check_documents(signing: Signing) -> None:
    if not queries.still_accepted(signing):
        raise DocumentsChanged(_("The documents have changed since they were accepted."))


@transaction.atomic
def give_up_what_is_useless(signing: Signing, *, at: datetime) -> None:
    """Drop a certificate whose time is over, or what was prepared before somebody else's signature came in between.

    Nothing signed under it was delivered to anybody, nor will be.
    """
    if not signing.certificate_expires_at:
        return
    if holders.of(signing).good_until(signing) - at <= MARGIN or queries.overtaken(signing):
        give_up(signing)


def give_up(signing: Signing) -> None:
    """Begin anew, with another certificate."""
    signing.pending.all().delete()
    signing.credential_id, signing.certificate, signing.certificate_expires_at, signing.chain = "", None, None, []
    signing.attempt += 1
    signing.save()


@transaction.atomic
def prepare(signing: Signing, credential: Credential) -> list[PendingSignature]:
    """Step 2: fix what will be signed, all documents or none."""
    if not signing.pending.exists():
        at = timezone.now()
        for document in to_sign(signing.recipient.workflow):
            _prepare(signing, credential, document, at)
    return list(signing.pending.select_related("part", "document__original"))


def _prepare(signing: Signing, credential: Credential, document: Document, at: datetime) -> None:
    content = stored.content(document.current)
    look = blocks.look(signing, document, content, at=at)
    pending = pades.prepare(
        content,
        credential.certificate,
        chain=credential.chain,
        level=Level.T,
        at=at,
        algorithm=SignatureAlgorithm[signing.algorithm] if signing.algorithm else None,
        name=signers.of(signing).name,
        reason=blocks.reason(signing.recipient),
        block=look.block,
        field=look.field,
    )
    PendingSignature.objects.create(
        tenant_id=signing.tenant_id,
        signing=signing,
        document=document,
        part=document.current,
        state=pending.to_bytes(),
    )


def complete(
    prepared: Sequence[PendingSignature], signatures: Sequence[bytes], *, trusted: TrustStore
) -> list[tuple[PendingSignature, bytes]]:
    """Step 4: the signed documents, time-stamped, each of them found valid."""
    return [(each, _completed(each, value, trusted)) for each, value in zip(prepared, signatures, strict=True)]


def _completed(pending: PendingSignature, signature: bytes, trusted: TrustStore) -> bytes:
    from paraph.validation import Indication, validate  # noqa: PLC0415  it loads slowly, and only the worker validates

    document = stored.content(pending.part)
    signed = pades.complete(
        Pending.from_bytes(bytes(pending.state)), signature, document, timestamper=trust.timestamper()
    )
    report = validate(signed, trusted=trusted, at=timezone.now())
    if report.indication is not Indication.TOTAL_PASSED:
        raise NotValid(f"{pending.document.original.filename}: {report}")
    return signed


@transaction.atomic
def commit(
    signing: Signing, completed: Sequence[tuple[PendingSignature, bytes]], *, anchor: x509.Certificate | None = None
) -> None:
    """Step 5: everything becomes true at once."""
    at = timezone.now()
    signing = (
        Signing.objects.select_for_update(of=("self",)).select_related("recipient__step__workflow").get(pk=signing.pk)
    )
    if signing.completed_at:
        return
    signing.completed_at, signing.failure = at, ""
    signing.save(update_fields=["completed_at", "failure"])
    signed = [Signed(each.document_id, each.part, _kept(each.part, content, at)) for each, content in completed]
    by = signers.actor(signing.recipient, signing.deputy, address=signing.address, agent=signing.agent)
    check_documents(signing)
    level = levels.of(signing) if queries.signs(signing.recipient) else None
    workflows.complete(
        signing.recipient,
        signed,
        level=level,
        anchor=anchor.public_bytes(Encoding.DER) if anchor else None,
        by=by,
        at=at,
        signing=signing.pk,
        **_facts(signing),
        **signers.facts(signing),
    )


def _kept(before: Part, content: bytes, at: datetime) -> Part:
    return documents.keep(before.tenant_id, content, before.filename, before.content_type, pages=before.pages, at=at)


def _facts(signing: Signing) -> dict[str, object]:
    """What the journal keeps of the certificate."""
    if not signing.certificate:
        return {}
    facts = certificates.named(holders.kept(signing).certificate)
    return {"certificate": facts} | ({"checked": signing.checked} if signing.checked else {})
