"""What changes accounts. They stand below the journal, which therefore starts with what a tenant does."""

from datetime import datetime

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from paraph_server.accounts import access_tokens
from paraph_server.accounts.errors import EmailTaken, WeakPassword
from paraph_server.accounts.models import Group, Tenant, User
from paraph_server.accounts.tenancy import tenant_context


@transaction.atomic
def create_tenant(name: str, *, at: datetime) -> Tenant:
    """A new organisation, with the group its first users belong to."""
    tenant = Tenant.objects.create(name=name, created_at=at)
    with tenant_context(tenant):
        Group.objects.create(tenant=tenant, name=name, created_at=at)
    return tenant


@transaction.atomic
def create_user(
    tenant: Tenant,
    *,
    email: str,
    first_name: str,
    last_name: str,
    password: str,
    locale: str = "en",
    phone_number: str = "",
    at: datetime,
) -> User:
    """Somebody of a tenant who may sign in.

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
        locale=locale,
        created_at=at,
        updated_at=at,
    )
    _give_password(user, password)
    with tenant_context(tenant):
        user.group = Group.objects.filter(tenant=tenant).earliest("created_at")
        try:
            with transaction.atomic():
                user.save(force_insert=True)
        except IntegrityError:
            raise EmailTaken(_("Somebody signs in with this address already.")) from None
    return user


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
        return access_tokens.create(user, name=name, at=at)


def _give_password(user: User, password: str) -> None:
    try:
        validate_password(password, user)
    except ValidationError as error:
        raise WeakPassword(" ".join(error.messages)) from None
    user.set_password(password)
