"""Find groups, tokens, delegations and contacts of one's own organisation."""

from datetime import datetime

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from paraph_server.accounts import rights, search
from paraph_server.accounts.models import AccessToken, Group, User
from paraph_server.accounts.rights import Right
from paraph_server.administration.errors import NoSuchContact, NoSuchDelegation, NoSuchGroup, NoSuchToken
from paraph_server.administration.mandates import Act, Mandate
from paraph_server.administration.models import Contact, Delegation

RIGHT_TO = {Act.SIGN: Right.SIGN, Act.APPROVE: Right.APPROVE}


def groups(user: User, text: str = "") -> QuerySet[Group]:
    """The groups of a user's tenant; they are few, so that their names are looked through."""
    return Group.objects.filter(tenant=user.tenant_id, name__icontains=text)


def group(user: User, group_id: str) -> Group:
    found = groups(user).filter(pk=group_id).first()
    if found is None:
        raise NoSuchGroup(_("There is no such group."))
    return found


def manageable(by: User, user: User) -> User:
    """Somebody whose tokens may be seen: oneself, or anybody for who manages people; raises `NotPermitted`."""
    if by.pk != user.pk:
        rights.check(by, Right.MANAGE_USERS)
    return user


def tokens(of: User) -> QuerySet[AccessToken]:
    return AccessToken.objects.filter(user=of)


def token(of: User, token_id: str) -> AccessToken:
    found = tokens(of).filter(pk=token_id).first()
    if found is None:
        raise NoSuchToken(_("There is no such access token."))
    return found


def all_delegations(user: User) -> QuerySet[Delegation]:
    """What a user may see: what they gave and received; who manages people sees everybody's."""
    found = Delegation.objects.filter(tenant=user.tenant_id).select_related("principal", "deputy")
    if rights.has(user, Right.MANAGE_USERS):
        return found
    return found.filter(Q(principal=user) | Q(deputy=user))


def delegation(user: User, delegation_id: str) -> Delegation:
    found = all_delegations(user).filter(pk=delegation_id).first()
    if found is None:
        raise NoSuchDelegation(_("There is no such delegation."))
    return found


def in_force(at: datetime) -> Q:
    """The delegations that count at a time; whether they cover a matter, `mandates` says."""
    return Q(revoked_at=None, starts_at__lte=at) & (Q(ends_at=None) | Q(ends_at__gt=at))


def received(deputy: User, *, at: datetime) -> list[Delegation]:
    """What a deputy may use now."""
    found = list(Delegation.objects.filter(in_force(at), deputy=deputy).select_related("principal"))
    for each in found:
        each.deputy = deputy  # whose rights are known already
    return found


def given_while_away(principal_id: str, *, at: datetime) -> list[Delegation]:
    """The deputies who are told of the turns of somebody who is out of office."""
    found = Delegation.objects.filter(in_force(at), principal=principal_id, away=True)
    return list(found.select_related("principal", "deputy"))


def mandate(given: Delegation) -> Mandate:
    """A delegation as the rule looks at it."""
    return Mandate(
        acts=frozenset(act for act, may in _kinds(given) if may),
        starts_at=given.starts_at,
        ends_at=given.ends_at,
        classes=tuple(given.filing_classes),
        max_amount=given.max_amount,
        currency=given.currency,
        revoked=given.revoked_at is not None,
        deputys_own=acts_of(given.deputy),
        both_there=given.deputy.is_active and given.principal.removed_at is None,
    )


def _kinds(given: Delegation) -> tuple[tuple[Act, bool], ...]:
    return (Act.SIGN, given.may_sign), (Act.APPROVE, given.may_approve), (Act.READ, True)


def acts_of(user: User) -> frozenset[Act]:
    """What somebody may do in their own name."""
    return frozenset(act for act, right in RIGHT_TO.items() if rights.has(user, right)) | {Act.READ}


def contacts(user: User, text: str = "") -> QuerySet[Contact]:
    """A user's own contacts and those that others share."""
    found = Contact.objects.filter(Q(user=user) | Q(is_shared=True), tenant=user.tenant_id)
    return search.narrow(found, user.tenant_id, text)


def contact(user: User, contact_id: str) -> Contact:
    found = contacts(user).filter(pk=contact_id).first()
    if found is None:
        raise NoSuchContact(_("There is no such contact."))
    return found
