"""Where a signer stands."""

import hashlib
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum

from paraph.evidence import Means

from paraph_server.accounts.models import User
from paraph_server.documents.models import Part
from paraph_server.signing.models import JointPart, Signing
from paraph_server.workflows import queries as workflows
from paraph_server.workflows.models import KeyHolder, Recipient, Step

PROOF_LASTS = timedelta(minutes=30)
"""Between showing who one is and signing."""
GIVEN_WITH_THE_ACT = {KeyHolder.CARD: Means.CARD, KeyHolder.PROVIDER: Means.PROVIDER}
"""By what somebody shows who they are while they sign: their own key, which names them."""


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


def stage(
    recipient: Recipient,
    signing: Signing | None,
    *,
    held: Collection[str],
    deputy: User | None = None,
    at: datetime,
) -> Stage:
    """What comes next; `held` are the proofs that the browser got (`actions.prove`).

    A deputy reads and accepts themselves, whatever the recipient has done before; and the other way round.
    """
    if recipient.done_at:
        return Stage.DONE
    if signing is None or not signing.accepted_at:
        return Stage.READ
    if signing.requested_at:
        return Stage.APPLYING
    if signing.deputy_id != (deputy.pk if deputy else None):
        return Stage.READ
    return Stage.IDENTIFY if missing(signing, held, at=at) else Stage.SIGN


def missing(signing: Signing, held: Collection[str], *, at: datetime) -> list[Means]:
    """By what a signer has still to show who they are; `held` are the proofs that their browser presents.

    A proof is good for a while, and in the browser that it was given in: whoever else holds the link, even in the same
    minute, has none.
    """
    fresh = {
        each["means"]
        for each in signing.proofs
        if each["id"] in held and at - datetime.fromisoformat(each["verified_at"]) < PROOF_LASTS
    }
    given = {GIVEN_WITH_THE_ACT.get(key_holder(signing.recipient))}
    return [each for each in asked(signing.recipient) if each not in fresh | given]


def asked(recipient: Recipient) -> tuple[Means, ...]:
    """By what a recipient, or whoever acts in their place, is identified."""
    return recipient.consent_page.asked if recipient.consent_page else ()


def has_acted(recipient: Recipient, deputy: User) -> bool:
    """Whether a deputy signed or approved in the recipient's place: what they did they may look at from then on."""
    return Signing.objects.filter(recipient=recipient, deputy=deputy, requested_at__isnull=False).exists()


def shown(recipient: Recipient) -> list[Part]:
    """The files a signer is shown and consents to, in order."""
    return [document.current for document in workflows.shown_to(recipient)]


def consent_digest(text: str, parts: list[Part]) -> str:
    """Binds a consent text to exactly these files."""
    return hashlib.sha256("\n".join([text, *(part.hash for part in parts)]).encode()).hexdigest()


def still_accepted(signing: Signing) -> bool:
    """Whether the documents are those that the signer accepted, with nothing added but others' signatures."""
    documents = workflows.shown_to(signing.recipient)
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


def overtaken(signing: Signing) -> bool:
    """Whether somebody else's signature stands in a document that was prepared without it."""
    return any(each.part_id != each.document.current_id for each in signing.pending.select_related("document"))


def signs(recipient: Recipient) -> bool:
    """Whether something is signed; who approves, or confirms that they have read, changes no document."""
    return recipient.step.kind == Step.Kind.SIGNATURE


def key_holder(recipient: Recipient) -> KeyHolder:
    """Who holds the key that they sign with, if they sign."""
    page = recipient.consent_page
    return KeyHolder(page.key_holder) if page and signs(recipient) else KeyHolder.PLATFORM


def brings_key(recipient: Recipient) -> bool:
    """Whether they sign with a key of their own, on a card or at a provider."""
    return key_holder(recipient) != KeyHolder.PLATFORM


# ---------------------------------------------------------------- one act, one workflow or several


@dataclass(frozen=True, slots=True)
class Act:
    """What a person does at once: in one workflow, or in several that ask the same of them."""

    id: str
    """Of the recipient, or of the joint act."""
    recipients: tuple[Recipient, ...]

    @property
    def lead(self) -> Recipient:
        """Who gets the code; the others have the same address."""
        return self.recipients[0]


def act(act_id: str) -> Act:
    """The act of a recipient, or a joint one.

    Raises:
        NoSuchRecipient: there is none.
        InvitationWithdrawn: somebody else has taken one of the places.
    """
    parts = JointPart.objects.filter(joint_act_id=act_id).values_list("recipient_id", flat=True)
    return Act(act_id, tuple(workflows.recipient(each) for each in list(parts) or [act_id]))


def sessions(act: Act) -> list[Signing]:
    """The sessions of an act, in its order."""
    found = {each.recipient_id: each for each in Signing.objects.filter(recipient__in=act.recipients)}
    return [found[each.pk] for each in act.recipients if each.pk in found]


def stage_of(act: Act, *, held: Collection[str], deputy: User | None = None, at: datetime) -> Stage:
    """What comes next in an act: the earliest of its workflows decides."""
    found = {each.recipient_id: each for each in Signing.objects.filter(recipient__in=act.recipients)}
    stages = [stage(each, found.get(each.pk), held=held, deputy=deputy, at=at) for each in act.recipients]
    return min(stages, key=list(Stage).index)


def seen(act: Act, language: str) -> str:
    """Binds the consent texts of an act to exactly the files that it is about."""
    digests = [consent_digest(workflows.consent_text(each, language), shown(each)) for each in act.recipients]
    return digests[0] if len(digests) == 1 else hashlib.sha256("\n".join(digests).encode()).hexdigest()
