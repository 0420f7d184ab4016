"""Consent pages: how signers are identified, for which level, and what they accept.

Means, key holder and level are chosen once, for workflows under way rely on them. A text may be put better: it gets
another version, and the older ones are kept.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from paraph.evidence import Device, Means, SignatureLevel
from paraph.evidence.level import attainable

from paraph_server import trust
from paraph_server.accounts.models import User
from paraph_server.config.options import options
from paraph_server.identification.offers import offered
from paraph_server.journal.actions import PLATFORM, Actor, record
from paraph_server.workflows.consent import WITH_PROVIDER, Texts, retired, texts
from paraph_server.workflows.errors import BadConsentPage
from paraph_server.workflows.models import ConsentPage, ConsentText, KeyHolder

LONGEST_NAME = 100
HOLDERS = {Means.CARD: KeyHolder.CARD, Means.PROVIDER: KeyHolder.PROVIDER}
LONGEST_TEXT = 20_000


@dataclass(frozen=True, slots=True)
class NewConsentPage:
    """What a consent page is made of.

    Without a level, it asks for the highest that its means are sure to reach; without a text, it has the usual one for
    its level. Who shows who they are with a key of their own signs with it, and the other way round.
    """

    name: str
    means: Sequence[Means]
    text_en: str = ""
    text_fr: str = ""
    key_holder: KeyHolder = KeyHolder.PLATFORM
    level: SignatureLevel | None = None


@transaction.atomic
def create_page(wanted: NewConsentPage, *, owner: User, by: Actor, at: datetime) -> ConsentPage:
    """A consent page for the organisation.

    Raises:
        BadConsentPage: it has no name, asks for a means that is not offered here, or promises a level that
            its means cannot reach.
    """
    means = _checked([*wanted.means, *(own for own, holder in HOLDERS.items() if holder == wanted.key_holder)])
    holder = next((HOLDERS[each] for each in means if each in HOLDERS), KeyHolder.PLATFORM)
    stars = max(options().rgs.values(), default=0)
    sure = attainable(means, Device.PLATFORM, rgs=stars)
    best = attainable(means, Device.TOKEN, rgs=stars) if holder != KeyHolder.PLATFORM else sure
    level = wanted.level or _highest(sure)
    if level not in best:
        raise BadConsentPage(_("These means of identification do not reach this level: choose others, or a lower one."))
    facts = {"name": _name(wanted.name), "means": list(means), "key_holder": holder, "level": level}
    own = {"en": wanted.text_en.strip(), "fr": wanted.text_fr.strip()}
    page = begin_page(owner.tenant_id, facts, own=own, at=at)
    _tell("consentPage:created", page, by, at, name=page.name, means=page.means, level=page.level)
    return page


@transaction.atomic
def change_page(
    page: ConsentPage,
    *,
    name: str | None = None,
    text_en: str | None = None,
    text_fr: str | None = None,
    by: Actor,
    at: datetime,
) -> ConsentPage:
    """Call a page otherwise, or put its text better: whoever accepts from now on accepts the new version.

    Raises:
        BadConsentPage: it would be without name or text.
    """
    page = ConsentPage.objects.select_for_update().get(pk=page.pk)
    before = (page.text_en, page.text_fr)
    page.name = page.name if name is None else _name(name)
    page.text_en = page.text_en if text_en is None else _text(text_en)
    page.text_fr = page.text_fr if text_fr is None else _text(text_fr)
    if (page.text_en, page.text_fr) != before:
        page.version += 1
        _keep_text(page, at=at)
    page.save(update_fields=["name", "text_en", "text_fr", "version"])
    _tell("consentPage:changed", page, by, at, name=page.name, version=page.version)
    return page


@transaction.atomic
def withdraw_page(page: ConsentPage, *, by: Actor, at: datetime) -> ConsentPage:
    """Offer a page no longer; workflows that have it go on with it. Asked twice, it happens once.

    Raises:
        BadConsentPage: it is the last one.
    """
    offered_still = list(ConsentPage.objects.select_for_update().filter(withdrawn_at=None).values_list("pk", flat=True))
    if page.pk not in offered_still:
        return page
    if len(offered_still) == 1:
        raise BadConsentPage(_("This is the last consent page: make another one first."))
    page.withdrawn_at = at
    page.save(update_fields=["withdrawn_at"])
    _tell("consentPage:withdrawn", page, by, at, name=page.name)
    return page


@transaction.atomic
def offer_provider(tenant_id: str, *, at: datetime) -> None:
    """Give an organisation a consent page for those who sign with a provider, unless it has or had one.

    It asks for a qualified signature where the trusted lists tell which ones are.
    """
    if ConsentPage.objects.filter(tenant_id=tenant_id, key_holder=KeyHolder.PROVIDER).exists():
        return
    level = SignatureLevel.QUALIFIED if trust.trusted_lists() else SignatureLevel.ADVANCED
    page = begin_page(tenant_id, {**WITH_PROVIDER, "level": level}, at=at)
    _tell("consentPage:created", page, PLATFORM, at, name=page.name, means=page.means, level=page.level)


@transaction.atomic
def renew_pages(tenant_id: str, *, at: datetime) -> None:
    """Give pages whose text an earlier release wrote, and nobody has touched since, the text of this one.

    Whoever accepts from now on accepts it; what was accepted before stays as it was.
    """
    for page in ConsentPage.objects.select_for_update().filter(tenant_id=tenant_id, version=1):
        found = [retired(each) for each in (page.text_en, page.text_fr)]
        if all(known for known, _provider in found):
            said = texts(SignatureLevel(page.level), page.asked, provider=found[0][1])
            change_page(page, text_en=said["en"], text_fr=said["fr"], by=PLATFORM, at=at)


def _checked(means: Sequence[Means]) -> tuple[Means, ...]:
    """In the order in which they are asked, whatever order they were given in."""
    if unknown := [each for each in means if each not in offered()]:
        raise BadConsentPage(_("This means of identification is not offered here: %s.") % ", ".join(unknown))
    found = tuple(each for each in offered() if each in means)
    if not found:
        raise BadConsentPage(_("Choose at least one means of identification."))
    if not HOLDERS.keys() - set(found):
        raise BadConsentPage(_("One signs with a card or with a provider’s certificate, not with both."))
    return found


def _highest(levels: frozenset[SignatureLevel]) -> SignatureLevel:
    eidas = (SignatureLevel.QUALIFIED, SignatureLevel.ADVANCED, SignatureLevel.SIMPLE)
    return next(each for each in eidas if each in levels)


def _name(name: str) -> str:
    if not (given := name.strip()) or len(given) > LONGEST_NAME:
        raise BadConsentPage(_("A consent page needs a name, of 100 characters at most."))
    return given


def _text(text: str) -> str:
    given = text.replace("\r\n", "\n").strip()
    if not given or len(given) > LONGEST_TEXT or "\0" in given:
        raise BadConsentPage(_("A consent page needs a text in each language, of 20 000 characters at most."))
    return given


def begin_page(
    tenant_id: str, facts: Mapping[str, Any], *, own: Texts | None = None, provider: str = "", at: datetime
) -> ConsentPage:
    """A page, with the usual text for its level and means in each language in which it has none of its own."""
    usual = texts(facts["level"], [Means(each) for each in facts["means"]], provider=provider)
    said = usual | {language: text for language, text in (own or {}).items() if text}
    page = ConsentPage(
        tenant_id=tenant_id, created_at=at, text_en=_text(said["en"]), text_fr=_text(said["fr"]), **facts
    )
    page.save(force_insert=True)
    _keep_text(page, at=at)
    return page


def _keep_text(page: ConsentPage, *, at: datetime) -> None:
    """Put a version of a page's text on record."""
    ConsentText.objects.create(
        tenant_id=page.tenant_id,
        consent_page=page,
        version=page.version,
        text_en=page.text_en,
        text_fr=page.text_fr,
        created_at=at,
    )


def _tell(event: str, page: ConsentPage, by: Actor, at: datetime, **facts: object) -> None:
    digests = {
        "text_en": sha256(page.text_en.encode()).hexdigest(),
        "text_fr": sha256(page.text_fr.encode()).hexdigest(),
    }
    record(event, tenant=page.tenant_id, subject=page.pk, by=by, at=at, **facts, **digests)
