"""Make and change groups, and say who is in them."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import ProtectedError
from django.utils.translation import gettext as _

from paraph_server.accounts import rights
from paraph_server.accounts.models import Group, Membership, User
from paraph_server.accounts.rights import Right
from paraph_server.administration.actions.standing import keep_an_administrator
from paraph_server.administration.errors import BadGroup, GroupInUse
from paraph_server.journal.actions import Actor, record


@transaction.atomic
def create(
    name: str, granted: Sequence[str], *, needs_second_factor: bool = False, by: User, acting: Actor, at: datetime
) -> Group:
    """A group with rights, perhaps for those only who sign in with more than a password.

    Raises:
        NotPermitted: not by this person.
        BadGroup: no name, or a right that does not exist.
    """
    rights.check(by, Right.ADMINISTER)
    group = Group.objects.create(
        tenant_id=by.tenant_id,
        name=_name(name),
        rights=_rights(granted),
        needs_second_factor=needs_second_factor,
        created_at=at,
    )
    told = {"name": group.name, "rights": group.rights, "second_factor": needs_second_factor}
    record("group:created", tenant=by.tenant_id, subject=group.pk, by=acting, at=at, **told)
    return group


@transaction.atomic
def change(
    group: Group,
    *,
    name: str | None = None,
    granted: Sequence[str] | None = None,
    needs_second_factor: bool | None = None,
    by: User,
    acting: Actor,
    at: datetime,
) -> Group:
    """Change what is given.

    Raises:
        NotPermitted: not by this person.
        BadGroup: no name, or a right that does not exist.
        LastAdministrator: nobody could administer any more.
    """
    rights.check(by, Right.ADMINISTER)
    group = Group.objects.select_for_update().get(pk=group.pk)
    before = group.rights
    group.name = group.name if name is None else _name(name)
    group.rights = before if granted is None else _rights(granted)
    if needs_second_factor is not None:
        group.needs_second_factor = needs_second_factor
    group.save(update_fields=["name", "rights", "needs_second_factor"])
    keep_an_administrator(group.tenant_id)
    told = {"name": group.name, "rights": group.rights, "before": before, "second_factor": group.needs_second_factor}
    record("group:changed", tenant=group.tenant_id, subject=group.pk, by=acting, at=at, **told)
    return group


@transaction.atomic
def remove(group: Group, *, by: User, acting: Actor, at: datetime) -> None:
    """Remove a group that is nobody's main group.

    Raises:
        NotPermitted: not by this person.
        GroupInUse: it is somebody's main group.
        LastAdministrator: nobody could administer any more.
    """
    rights.check(by, Right.ADMINISTER)
    name, group_id = group.name, group.pk
    Membership.objects.filter(group=group).delete()
    try:
        group.delete()
    except ProtectedError:
        raise GroupInUse(_("This is somebody’s main group. Give them another one first.")) from None
    keep_an_administrator(by.tenant_id)
    record("group:removed", tenant=by.tenant_id, subject=group_id, by=acting, at=at, name=name)


@transaction.atomic
def add(user: User, group: Group, *, by: User, acting: Actor, at: datetime) -> None:
    """Put somebody into a further group; raises `NotPermitted` when its rights are not this person's to give."""
    _check(by, user, group)
    if group.pk != user.group_id:
        Membership.objects.get_or_create(tenant_id=user.tenant_id, user=user, group=group)
    record("group:joined", tenant=user.tenant_id, subject=group.pk, by=acting, at=at, user=user.pk)


@transaction.atomic
def take_out(user: User, group: Group, *, by: User, acting: Actor, at: datetime) -> None:
    """Take somebody out of a further group; their main group is changed in their profile.

    Raises:
        NotPermitted: its rights are not this person's to take.
        LastAdministrator: nobody could administer any more.
    """
    _check(by, user, group)
    if group.pk == user.group_id:
        raise GroupInUse(_("This is somebody’s main group. Give them another one first."))
    Membership.objects.filter(user=user, group=group).delete()
    keep_an_administrator(user.tenant_id)
    record("group:left", tenant=user.tenant_id, subject=group.pk, by=acting, at=at, user=user.pk)


def _check(by: User, user: User, group: Group) -> None:
    rights.check(by, Right.MANAGE_USERS)
    rights.check_grant(by, [*group.rights, *rights.of(user)])


def _name(name: str) -> str:
    name = name.strip()
    if not name or not name.isprintable():
        raise BadGroup(_("A group needs a name."))
    return name


def _rights(granted: Sequence[str]) -> list[str]:
    for each in granted:
        if each not in set(Right):
            raise BadGroup(_("There is no right %(name)s.") % {"name": each[:60]})
    return sorted(set(granted))
