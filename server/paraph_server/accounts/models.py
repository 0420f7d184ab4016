"""Who uses the platform, and on whose behalf."""

import functools
from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models.functions import Lower

from paraph_server.web import ids


class Tenant(models.Model):
    """An organisation. Its rows are hidden from every other one; the list of tenants itself is not."""

    id = models.CharField(primary_key=True, max_length=32, default=functools.partial(ids.new, "ten"))
    name = models.CharField(max_length=200)
    created_at = models.DateTimeField()


class Group(models.Model):
    """Users who share an organisation's work; the unit that rights will be given to."""

    id = models.CharField(primary_key=True, max_length=32, default=functools.partial(ids.new, "grp"))
    tenant = models.ForeignKey(Tenant, models.PROTECT, related_name="groups")
    name = models.CharField(max_length=200)
    created_at = models.DateTimeField()


class Users(BaseUserManager["User"]):
    """Django's door to users by their e-mail address."""


class User(AbstractBaseUser):
    """Somebody who signs in with an e-mail address and a password."""

    id = models.CharField(primary_key=True, max_length=32, default=functools.partial(ids.new, "usr"))
    tenant = models.ForeignKey(Tenant, models.PROTECT, related_name="users")
    group = models.ForeignKey(Group, models.PROTECT, related_name="users")
    email = models.EmailField()
    first_name = models.CharField(max_length=100)
    last_name = models.CharField(max_length=100)
    phone_number = models.CharField(max_length=20, blank=True)  # E.164
    locale = models.CharField(max_length=5, default="en")
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []
    objects = Users()

    class Meta:
        constraints = (
            # One address, one person, one tenant: the sign-in page asks for nothing else.
            models.UniqueConstraint(Lower("email"), name="one_user_per_email"),
        )

    @property
    def name(self) -> str:
        return f"{self.first_name} {self.last_name}".strip()


class AccessToken(models.Model):
    """What a program sends instead of a password: `act_<id>.<secret>`; only a hash of the secret is kept."""

    id = models.CharField(primary_key=True, max_length=32, default=functools.partial(ids.new, "act"))
    tenant = models.ForeignKey(Tenant, models.CASCADE, related_name="+")
    user = models.ForeignKey(User, models.CASCADE, related_name="access_tokens")
    name = models.CharField(max_length=200)
    secret_hash = models.CharField(max_length=64)  # SHA-256: the secret has 256 random bits, nobody guesses it
    created_at = models.DateTimeField()
    last_used_at = models.DateTimeField(null=True)


class FailedSignIn(models.Model):
    """A wrong password, remembered long enough to slow down whoever guesses."""

    email = models.CharField(max_length=254)
    address = models.CharField(max_length=45)
    at = models.DateTimeField()

    class Meta:
        indexes = (models.Index(fields=["email", "at"]), models.Index(fields=["address", "at"]))
