"""What changes accounts. They stand below the journal, which therefore starts with what a tenant does."""

from collections.abc import Sequence
from datetime import datetime

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from paraph_server.accounts import access_tokens, search
from paraph_server.accounts.errors import EmailTaken, WeakPassword
from paraph_server.accounts.models import Group, Membership, Tenant, User
from paraph_server.accounts.rights import ADMINISTRATORS, MEMBERS, Right
from paraph_server.accounts.tenancy import tenant_context


@transaction.atomic
def create_tenant(name: str, *, operates: bool = False, at: datetime) -> Tenant:
    """A new organisation, with the group its first users belong to."""
    tenant = Tenant.objects.create(name=name, operates=operates, created_at=at)
    with tenant_context(tenant):
        Group.objects.create(tenant=tenant, name=name, rights=list(MEMBERS), created_at=at)
    return tenant


@transaction.atomic
def create_user(
    tenant: Tenant,
    *,
    email: str,
    first_name: str,
    last_name: str,
    password: str | None = None,
    locale: str = "en",
    phone_number: str = "",
    country: str = "FR",
    organization_titles: Sequence[str] = (),
    group: Group | None = None,
    at: datetime,
) -> User:
    """Somebody of a tenant who may sign in, without a password once they have chosen one. The first one administers it.

    Raises:
        EmailTaken: somebody signs in with this address already, perhaps in another tenant.
        WeakPassword: too short or too common.
    """
    user = User(
        tenant=tenant,
        email=email.strip().lower(),
        first_name=first_name,
        last_name=last_name,
        phone_number=phone_number,
        country=country,
        organization_titles=list(organization_titles),
        locale=locale,
        created_at=at,
        updated_at=at,
    )
    if password is None:
        user.set_unusable_password()
    else:
        _give_password(user, password)
    with tenant_context(tenant):
        first = not User.objects.filter(tenant=tenant).exists()
        user.group = group or _main_group(tenant)
        save_user(user, force_insert=True)
        if first:
            appoint(user, at=at)
    return user


def save_user(user: User, *, force_insert: bool = False) -> None:
    """Store what is known of a user, and have them found by it.

    Raises:
        EmailTaken: somebody signs in with this address already, perhaps in another tenant.
    """
    try:
        with transaction.atomic():
            user.save(force_insert=force_insert)
    except IntegrityError:
        raise EmailTaken(_("Somebody signs in with this address already.")) from None
    search.index(user, user.name, user.email, user.phone_number)


@transaction.atomic
def appoint(user: User, *, at: datetime) -> None:
    """Make somebody an administrator of their tenant."""
    with tenant_context(user.tenant_id):
        groups = Group.objects.filter(tenant=user.tenant_id, rights__contains=[Right.ADMINISTER])
        group = groups.order_by("created_at").first() or Group.objects.create(
            tenant_id=user.tenant_id, name=_("Administrators"), rights=list(ADMINISTRATORS), created_at=at
        )
        Membership.objects.get_or_create(tenant_id=user.tenant_id, user=user, group=group)


def _main_group(tenant: Tenant) -> Group:
    """The first one that does not administer."""
    groups = Group.objects.filter(tenant=tenant).order_by("created_at")
    return groups.exclude(rights__contains=[Right.ADMINISTER]).first() or groups[0]


@transaction.atomic
def change_password(user: User, password: str, *, at: datetime) -> None:
    """A new password; sessions opened with the old one end.

    Raises:
        WeakPassword: too short or too common.
    """
    _give_password(user, password)
    user.updated_at = at
    with tenant_context(user.tenant_id):
        user.save(update_fields=["password", "updated_at"])


@transaction.atomic
def create_access_token(user: User, *, name: str, at: datetime) -> str:
    """A token for a program that acts as this user, shown this once; it replaces the user's token of the same name."""
    with tenant_context(user.tenant_id):
        access_tokens.revoke(user, name=name)
        return access_tokens.create(user, name=name, at=at)[1]


def _give_password(user: User, password: str) -> None:
    try:
        validate_password(password, user)
    except ValidationError as error:
        raise WeakPassword(" ".join(error.messages)) from None
    user.set_password(password)
