"""Where a signer stands."""

import hashlib
from datetime import datetime, timedelta
from enum import Enum

from paraph_server.documents.models import Part
from paraph_server.signing.models import Signing
from paraph_server.workflows import queries as workflows
from paraph_server.workflows.models import Recipient, Step

PROOF_LASTS = timedelta(minutes=30)
"""Between entering the code and signing."""


class Stage(Enum):
    """What comes next for a signer."""

    READ = "read"
    IDENTIFY = "identify"
    SIGN = "sign"
    APPLYING = "applying"
    DONE = "done"


def of(recipient: Recipient) -> Signing | None:
    """The recipient's session, if they opened one."""
    return Signing.objects.filter(recipient=recipient).first()


def stage(recipient: Recipient, signing: Signing | None, *, proof: str, at: datetime) -> Stage:
    """What comes next; `proof` is what the browser got for the code (`actions.verify`), or nothing."""
    if recipient.done_at:
        return Stage.DONE
    if signing is None or not signing.accepted_at:
        return Stage.READ
    if signing.requested_at:
        return Stage.APPLYING
    return Stage.SIGN if proves(signing, proof, at=at) else Stage.IDENTIFY


def proves(signing: Signing, proof: str, *, at: datetime) -> bool:
    """Whether a browser presents the proof of a code that was entered in it, not long ago.

    Whoever else holds the link, even in the same minute, has no such proof.
    """
    given = (signing.proof or {}).get("code_id")
    fresh = signing.proven_at is not None and at - signing.proven_at < PROOF_LASTS
    return fresh and given is not None and given == proof


def shown(recipient: Recipient) -> list[Part]:
    """The files a signer is shown and consents to, in order."""
    return [document.current for document in recipient.workflow.documents.select_related("current")]


def consent_digest(text: str, parts: list[Part]) -> str:
    """Binds a consent text to exactly these files."""
    return hashlib.sha256("\n".join([text, *(part.hash for part in parts)]).encode()).hexdigest()


def still_accepted(signing: Signing) -> bool:
    """Whether the documents are those that the signer accepted, with nothing added but others' signatures."""
    documents = list(signing.recipient.workflow.documents.select_related("current"))
    accepted = Part.objects.in_bulk(list(signing.shown.values()))
    parts = [part for each in documents if (part := accepted.get(signing.shown.get(each.pk, "")))]
    bound = signing.consent_digest == consent_digest(signing.consent_text, parts)
    return (
        bound
        and len(parts) == len(documents)
        and all(workflows.grew_from(document, part.hash) for document, part in zip(documents, parts, strict=True))
    )


def underway(signing: Signing, *, at: datetime) -> bool:
    """Whether somebody else's signature in the same documents is half made: prepared, and its key perhaps used."""
    others = Signing.objects.filter(
        recipient__step__workflow=signing.recipient.workflow,
        completed_at=None,
        pending__isnull=False,
        certificate_expires_at__gt=at,
    )
    return others.exclude(pk=signing.pk).exists()


def approves(recipient: Recipient) -> bool:
    """Whether the recipient only approves: nothing is signed then."""
    return recipient.step.kind == Step.Kind.APPROVAL
