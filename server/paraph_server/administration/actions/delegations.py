"""Delegate one's turns to somebody, within limits, and take that back."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from paraph_server.accounts import rights
from paraph_server.accounts.models import User
from paraph_server.accounts.rights import Right
from paraph_server.administration import queries
from paraph_server.administration.errors import BadDelegation
from paraph_server.administration.mandates import Act
from paraph_server.administration.models import Delegation
from paraph_server.config.options import options
from paraph_server.journal.actions import Actor, record
from paraph_server.notifications.actions import send


@dataclass(frozen=True, slots=True)
class Terms:
    """Who may act, when, and on what."""

    deputy: User
    starts_at: datetime
    ends_at: datetime | None = None
    may_sign: bool = True
    may_approve: bool = True
    filing_classes: Sequence[str] = ()
    max_amount: Decimal | None = None
    currency: str = ""
    away: bool = False


@transaction.atomic
def give(principal: User, terms: Terms, *, by: User, acting: Actor, at: datetime) -> Delegation:
    """Let a deputy act in somebody's turns; the deputy is told.

    Raises:
        NotPermitted: in somebody else's name, and not by an administrator.
        BadDelegation: it would be of no use, or without sense.
    """
    if by.pk != principal.pk:
        rights.check(by, Right.ADMINISTER)
    _check(principal, terms, at)
    given = Delegation.objects.create(
        tenant_id=principal.tenant_id,
        principal=principal,
        deputy=terms.deputy,
        may_sign=terms.may_sign,
        may_approve=terms.may_approve,
        filing_classes=[each.strip() for each in terms.filing_classes],
        max_amount=terms.max_amount,
        currency=terms.currency.upper() if terms.max_amount is not None else "",
        away=terms.away,
        starts_at=terms.starts_at,
        ends_at=terms.ends_at,
        created_at=at,
    )
    _tell_deputy(given, at)
    _record("delegation:given", given, acting, at)
    return given


@transaction.atomic
def revoke(given: Delegation, *, by: User, acting: Actor, at: datetime) -> Delegation:
    """It counts no more: taken back by the principal, given back by the deputy, or ended by an administrator."""
    if by.pk not in {given.principal_id, given.deputy_id}:
        rights.check(by, Right.ADMINISTER)
    given = Delegation.objects.select_for_update(of=("self",)).select_related("principal", "deputy").get(pk=given.pk)
    if given.revoked_at is None:
        given.revoked_at = at
        given.save(update_fields=["revoked_at"])
        _record("delegation:revoked", given, acting, at)
    return given


def _check(principal: User, terms: Terms, at: datetime) -> None:
    acts = {act for act, may in ((Act.SIGN, terms.may_sign), (Act.APPROVE, terms.may_approve)) if may}
    faults = {
        _("Nobody is their own deputy."): terms.deputy.pk == principal.pk,
        _("The deputy has left, or was disabled."): not terms.deputy.is_active,
        _("A delegation is for signing, for approving, or for both."): not acts,
        _("The deputy’s own groups have no right to do this."): not acts & queries.acts_of(terms.deputy),
        _("A delegation ends after it begins, and in the future."): terms.ends_at is not None
        and terms.ends_at <= max(at, terms.starts_at),
        _("An absence has an end."): terms.away and terms.ends_at is None,
        _("An amount is not negative, and names its currency, such as EUR."): terms.max_amount is not None
        and not (terms.max_amount >= 0 and terms.currency.isalpha() and len(terms.currency) == CURRENCY),
        _("A document class has a name."): any(not each.strip(" /") for each in terms.filing_classes),
    }
    for sentence, stands in faults.items():
        if stands:
            raise BadDelegation(sentence)


CURRENCY = 3
"""Letters of a currency's code (ISO 4217)."""


def _tell_deputy(given: Delegation, at: datetime) -> None:
    send(
        given.tenant_id,
        channel="email",
        to=given.deputy.email,
        kind="deputy",
        context={
            "recipient_name": given.deputy.name,
            "principal_name": given.principal.name,
            "organisation": given.tenant.name,
            "starts_at": given.starts_at,
            "ends_at": given.ends_at,
            "link": f"{options().public_url}/turns/",
        },
        language=given.deputy.locale,
        about=given.pk,
        recipient_id=given.deputy_id,
        at=at,
    )


def _record(event: str, given: Delegation, acting: Actor, at: datetime) -> None:
    record(
        event,
        tenant=given.tenant_id,
        subject=given.pk,
        by=acting,
        at=at,
        principal=given.principal_id,
        deputy=given.deputy_id,
        sign=given.may_sign,
        approve=given.may_approve,
        classes=given.filing_classes,
        amount=str(given.max_amount) if given.max_amount is not None else None,
        currency=given.currency,
        starts=given.starts_at.isoformat(),
        ends=given.ends_at.isoformat() if given.ends_at else None,
    )
