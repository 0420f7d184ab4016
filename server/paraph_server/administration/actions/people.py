"""Invite, change, disable and remove people; choose one's own password."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.auth.hashers import check_password
from django.db import transaction
from django.utils.translation import gettext as _

from paraph_server.accounts import actions as accounts
from paraph_server.accounts import rights, search
from paraph_server.accounts.errors import NotPermitted
from paraph_server.accounts.models import AccessToken, Group, Membership, Tenant, User
from paraph_server.accounts.rights import Right
from paraph_server.administration import obstacles, passwords
from paraph_server.administration.actions.letters import write_to
from paraph_server.administration.actions.standing import keep_an_administrator
from paraph_server.administration.errors import BadProfile, LinkUsed, OldPasswordWrong
from paraph_server.administration.models import Contact, Delegation
from paraph_server.authentication import actions as authentication
from paraph_server.authentication import certificates
from paraph_server.authentication.models import FACTORS, Certificate, Session
from paraph_server.identification import addresses
from paraph_server.journal.actions import Actor, record

LONGEST_NAME = 60
"""Characters; what a certificate can hold of a first or a last name (RFC 5280 appendix A.1), and a little less."""
LANGUAGES = ("en", "fr")
PROFILE = ("first_name", "last_name", "email", "phone_number", "locale", "country", "organization_titles", "group")
"""What is said of somebody."""
OWN = frozenset({"phone_number", "locale"})
"""What people change about themselves; the rest is the organisation's word."""


@dataclass(frozen=True, slots=True)
class NewUser:
    """Somebody to invite."""

    email: str
    first_name: str
    last_name: str
    group: Group
    phone_number: str = ""
    country: str = "FR"
    organization_titles: Sequence[str] = ()
    locale: str = "fr"


@transaction.atomic
def invite(wanted: NewUser, *, by: User, acting: Actor, at: datetime) -> User:
    """A new user, who is sent a link to choose a password.

    Raises:
        NotPermitted: the group's rights are not this inviter's to give.
        BadProfile, BadAddress: a name, an address or a number cannot be.
        EmailTaken: somebody signs in with this address already.
    """
    rights.check(by, Right.MANAGE_USERS)
    rights.check_grant(by, wanted.group.rights)
    user = accounts.create_user(
        Tenant.objects.get(pk=by.tenant_id),
        email=addresses.email(wanted.email),
        first_name=_name(wanted.first_name),
        last_name=_name(wanted.last_name),
        phone_number=_number(wanted.phone_number),
        country=wanted.country.upper(),
        organization_titles=wanted.organization_titles,
        locale=_locale(wanted.locale),
        group=wanted.group,
        at=at,
    )
    _send_link(user, by.name, at)
    _tell("user:invited", user, acting, at, group=wanted.group.pk)
    return user


@transaction.atomic
def invite_again(user: User, *, by: User, acting: Actor, at: datetime) -> None:
    """Send somebody who has not chosen a password yet another link.

    Raises:
        NotPermitted: not by this person.
        BadProfile: they have a password.
    """
    _check_over(by, user)
    if user.has_usable_password():
        raise BadProfile(_("This person has chosen a password already."))
    _send_link(user, by.name, at)
    _tell("user:invited", user, acting, at, group=user.group_id)


@transaction.atomic
def change(user: User, changes: Mapping[str, Any], *, by: User, acting: Actor, at: datetime) -> User:
    """Change what is given: anybody their own number and language, who manages people everything of theirs.

    Raises:
        NotPermitted: not by this person, or into a group whose rights are not theirs to give.
        BadProfile, BadAddress: something cannot be.
        EmailTaken: somebody signs in with this address already.
        LastAdministrator: nobody could administer any more.
    """
    user = _locked(user)
    if not (user.pk == by.pk and set(changes) <= OWN):
        _check_over(by, user)
    if group := changes.get("group"):
        rights.check_grant(by, [*group.rights, *user.group.rights])
    for name, value in changes.items():
        setattr(user, name, CHECKS[name](value) if name in CHECKS else value)
    user.updated_at = at
    accounts.save_user(user)
    keep_an_administrator(user.tenant_id)
    _tell(_verb(changes), user, acting, at, changed=sorted(changes))
    return user


@transaction.atomic
def remove(user: User, *, by: User, acting: Actor, at: datetime) -> None:
    """Make somebody anonymous who is not needed any more; what they signed and sent keeps its own record of them.

    Raises:
        NotPermitted: not by this person.
        StillNeeded: something waits for them.
        LastAdministrator: nobody could administer any more.
    """
    user = _locked(user)
    _check_over(by, user)
    obstacles.check_removable(user)
    user.email, user.first_name, user.last_name = f"{user.pk.lower()}@removed.invalid", "", _("Former user")
    user.phone_number, user.organization_titles = "", []
    user.is_active, user.removed_at, user.updated_at = False, at, at
    user.set_unusable_password()
    user.save()
    search.index(user)
    for kind in (AccessToken, Membership, Contact, *FACTORS, Session):
        kind._default_manager.filter(user=user).delete()  # noqa: SLF001  Django's documented name
    Delegation.objects.filter(principal=user, revoked_at=None).update(revoked_at=at)
    Delegation.objects.filter(deputy=user, revoked_at=None).update(revoked_at=at)
    keep_an_administrator(user.tenant_id)
    _tell("user:removed", user, acting, at)


@transaction.atomic
def forget_factors(user: User, *, by: User, acting: Actor, at: datetime) -> None:
    """Somebody has lost their second factors, and shows somebody who manages people who they are.

    Raises:
        NotPermitted: not by this person; nobody does it for themselves.
    """
    _check_over(by, user)
    if by.pk == user.pk:
        raise NotPermitted(_("Somebody else has to do this for you."))
    authentication.forget_factors(user, acting=acting, at=at)


@transaction.atomic
def enrol_certificate(
    user: User, pem: str, *, renewed: bool, with_pin: bool, by: User, acting: Actor, at: datetime
) -> Certificate:
    """Let somebody sign in with a certificate of theirs.

    Raises:
        NotPermitted: not by this person.
        BadCertificate: it is none, or theirs already.
    """
    _check_over(by, user)
    return certificates.enrol(user, pem, renewed=renewed, with_pin=with_pin, acting=acting, at=at)


@transaction.atomic
def remove_certificate(user: User, certificate_id: str, *, by: User, acting: Actor, at: datetime) -> None:
    """It opens their account no more; raises `NotPermitted`, `NoSuchCertificate`."""
    _check_over(by, user)
    certificates.remove(user, certificate_id, acting=acting, at=at)


@transaction.atomic
def choose_password(
    user: User, token: str, password: str, *, links: passwords.Links, acting: Actor, at: datetime
) -> None:
    """Somebody follows their link and chooses a password; the link is good no more, and their sessions end.

    Raises:
        LinkUsed: it was good once, or never.
        WeakPassword: too short or too common.
    """
    user = _locked(user)
    if not links.good(user, token):
        raise LinkUsed(_("This link was used already, or is too old. Ask your administrator for another one."))
    accounts.change_password(user, password, at=at)
    _tell("user:password-changed", user, acting, at)


@transaction.atomic
def change_own_password(user: User, *, old: str, new: str, acting: Actor, at: datetime) -> User:
    """Somebody who knows their password takes another one; their other sessions end.

    Raises:
        OldPasswordWrong: they do not know it.
        WeakPassword: too short or too common.
    """
    user = _locked(user)
    if not check_password(old, user.password):
        raise OldPasswordWrong(_("This is not your present password."))
    accounts.change_password(user, new, at=at)
    _tell("user:password-changed", user, acting, at)
    return user


def _locked(user: User) -> User:
    return User.objects.select_for_update(of=("self",)).select_related("group").get(pk=user.pk)


def _check_over(by: User, user: User) -> None:
    """Who manages people manages those who are not mightier than they are: whoever sets an address gets the account."""
    rights.check(by, Right.MANAGE_USERS)
    rights.check_grant(by, rights.of(user))


def _send_link(user: User, sender: str, at: datetime) -> None:
    write_to(user, "welcome", at=at, sender_name=sender, link=passwords.INVITED.link(user))


def _verb(changes: Mapping[str, Any]) -> str:
    if set(changes) != {"is_active"}:
        return "user:changed"
    return "user:enabled" if changes["is_active"] else "user:disabled"


def _name(name: str) -> str:
    name = name.strip()
    if not name or len(name) > LONGEST_NAME or not name.isprintable():
        raise BadProfile(_("Everybody needs a first name and a last name, of 60 characters at most."))
    return name


def _number(number: str) -> str:
    return addresses.phone_number(number) if number else ""


def _locale(locale: str) -> str:
    if locale not in LANGUAGES:
        raise BadProfile(_("Paraph speaks French (fr) and English (en)."))
    return locale


def _email(address: str) -> str:
    return addresses.email(address).lower()


CHECKS: dict[str, Callable[[str], str]] = {
    "email": _email,
    "first_name": _name,
    "last_name": _name,
    "phone_number": _number,
    "locale": _locale,
    "country": str.upper,
}


def _tell(event: str, user: User, acting: Actor, at: datetime, **details: Any) -> None:
    record(event, tenant=user.tenant_id, subject=user.pk, by=acting, at=at, **details)
