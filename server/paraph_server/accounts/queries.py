"""Find people of one's own organisation."""

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from paraph_server.accounts import rights, search
from paraph_server.accounts.errors import NoSuchUser, NotPermitted
from paraph_server.accounts.models import Group, Membership, User
from paraph_server.accounts.rights import Right


def colleagues(user: User, text: str = "") -> QuerySet[User]:
    """Everybody of a user's tenant, or those with a word in name, address or number that begins like each of `text`."""
    everybody = User.objects.filter(tenant=user.tenant_id, removed_at=None)
    return search.narrow(_with_groups(everybody), user.tenant_id, text)


def _with_groups(found: QuerySet[User]) -> QuerySet[User]:
    """With what says what they may do."""
    return found.prefetch_related("group", "memberships")


def colleague(user: User, user_id: str) -> User:
    found = colleagues(user).filter(pk=user_id).first()
    if found is None:
        raise NoSuchUser(_("There is no such user."))
    return found


def members(group: Group) -> QuerySet[User]:
    """Everybody for whom it is the main group or a further one."""
    further = Membership.objects.filter(group=group).values("user")
    found = User.objects.filter(Q(group=group) | Q(pk__in=further), tenant=group.tenant_id, removed_at=None)
    return _with_groups(found)


def administrators(tenant_id: str) -> QuerySet[User]:
    """Those who can still sign in and administer."""
    groups = Group.objects.filter(tenant=tenant_id, rights__contains=[Right.ADMINISTER])
    further = Membership.objects.filter(group__in=groups).values("user")
    return User.objects.filter(Q(group__in=groups) | Q(pk__in=further), tenant=tenant_id, is_active=True)


def owners(user: User, *group_rights: Right, through: str = "owner") -> Q:
    """What belongs to a user, or to somebody whose main group gives the user one of these rights over its members."""
    groups = {group for right in group_rights for group in rights.groups_with(user, right)}
    if not groups:
        return Q(**{through: user})
    return Q(**{f"{through}__in": User.objects.filter(Q(pk=user.pk) | Q(group__in=groups), tenant=user.tenant_id)})


def sender(user: User, user_id: str) -> User:
    """In whose name a user sends: their own (`me`), or that of a member of a group for which they may.

    Raises:
        NotPermitted: of neither.
    """
    if user_id in {user.pk, "me"}:
        return user
    groups = rights.groups_with(user, Right.SEND_FOR_GROUP)
    found = colleagues(user).filter(pk=user_id, group__in=groups).first()
    if found is None:
        raise NotPermitted(_("You can create workflows for yourself, and for members of groups for which you send."))
    return found
