"""Who uses the platform, and on whose behalf."""

import functools
from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import Value
from django.db.models.functions import Lower

from paraph_server.web import ids


class Tenant(models.Model):
    """An organisation. Its rows are hidden from every other one; the list of tenants itself is not."""

    id = models.CharField(primary_key=True, max_length=32, default=functools.partial(ids.new, "ten"))
    name = models.CharField(max_length=200)
    operates = models.BooleanField(default=False, db_default=False)
    """Whether its operators look after the whole installation: no right in it reaches that far by itself."""
    created_at = models.DateTimeField()


class Group(models.Model):
    """Users who share an organisation's work; rights are given to groups (`rights`)."""

    id = models.CharField(primary_key=True, max_length=32, default=functools.partial(ids.new, "grp"))
    tenant = models.ForeignKey(Tenant, models.PROTECT, related_name="groups")
    name = models.CharField(max_length=200)
    rights = models.JSONField(default=list, db_default=Value([], models.JSONField()))
    needs_second_factor = models.BooleanField(default=False, db_default=False)
    """Its members sign in with more than a password."""
    created_at = models.DateTimeField()

    class Meta:
        indexes = (models.Index(fields=["tenant", "name"]),)


class Users(BaseUserManager["User"]):
    """Django's door to users by their e-mail address."""


class User(AbstractBaseUser):
    """Somebody who signs in with an e-mail address and a password; in one main group, and in others by `Membership`."""

    id = models.CharField(primary_key=True, max_length=32, default=functools.partial(ids.new, "usr"))
    tenant = models.ForeignKey(Tenant, models.PROTECT, related_name="users")
    group = models.ForeignKey(Group, models.PROTECT, related_name="users")
    email = models.EmailField()
    first_name = models.CharField(max_length=100)
    last_name = models.CharField(max_length=100)
    phone_number = models.CharField(max_length=20, blank=True)  # E.164
    country = models.CharField(max_length=2, default="FR", db_default="FR")
    organization_titles = models.JSONField(default=list, db_default=Value([], models.JSONField()))
    locale = models.CharField(max_length=5, default="en")
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()
    removed_at = models.DateTimeField(null=True)
    """When they were made anonymous: the row stays for what they have sent."""

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []
    objects = Users()

    class Meta:
        constraints = (
            # One address, one person, one tenant: the sign-in page asks for nothing else.
            models.UniqueConstraint(Lower("email"), name="one_user_per_email"),
        )
        indexes = (
            models.Index(fields=["tenant", "last_name", "id"]),
            models.Index(fields=["tenant", "email"]),
        )

    @property
    def name(self) -> str:
        return f"{self.first_name} {self.last_name}".strip()

    @functools.cached_property
    def groups(self) -> tuple[Group, ...]:
        """The main one and the further ones, asked of the database once."""
        return (self.group, *(each.group for each in self.memberships.all()))

    @functools.cached_property
    def rights_by_group(self) -> dict[str, list[str]]:
        """What each of their groups may do."""
        return {each.pk: each.rights for each in self.groups}

    @property
    def needs_second_factor(self) -> bool:
        return any(each.needs_second_factor for each in self.groups)


class Memberships(models.Manager["Membership"]):
    """Always with the group: nobody asks for one without it."""

    def get_queryset(self) -> models.QuerySet["Membership"]:
        return super().get_queryset().select_related("group")


class Membership(models.Model):
    """A user in a further group."""

    tenant = models.ForeignKey(Tenant, models.PROTECT, related_name="+")
    user = models.ForeignKey(User, models.CASCADE, related_name="memberships")
    group = models.ForeignKey(Group, models.PROTECT, related_name="memberships")

    objects = Memberships()

    class Meta:
        constraints = (models.UniqueConstraint(fields=["user", "group"], name="one_membership_per_group"),)


class AccessToken(models.Model):
    """What a program sends instead of a password: `act_<id>.<secret>`; only a hash of the secret is kept."""

    id = models.CharField(primary_key=True, max_length=32, default=functools.partial(ids.new, "act"))
    tenant = models.ForeignKey(Tenant, models.CASCADE, related_name="+")
    user = models.ForeignKey(User, models.CASCADE, related_name="access_tokens")
    name = models.CharField(max_length=200)
    secret_hash = models.CharField(max_length=64)  # SHA-256: the secret has 256 random bits, nobody guesses it
    scopes = models.JSONField(default=list, db_default=Value([], models.JSONField()))
    """Such as `workflows:read`; none means everything that the user may do (`permissions`)."""
    ip_ranges = models.JSONField(default=list, db_default=Value([], models.JSONField()))
    """Networks from which it may be used; none means from everywhere."""
    expires_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField()
    last_used_at = models.DateTimeField(null=True)


class Allowance(models.Model):
    """How many calls a token has left (`rates`); in an unlogged table, which a crash empties."""

    token = models.OneToOneField(AccessToken, models.CASCADE, primary_key=True, db_constraint=False, related_name="+")
    tenant = models.ForeignKey(Tenant, models.CASCADE, db_constraint=False, related_name="+")
    remaining = models.FloatField()
    granted = models.BooleanField()
    at = models.DateTimeField()


class Word(models.Model):
    """A word that somebody is found by (`search`)."""

    tenant = models.ForeignKey(Tenant, models.CASCADE, db_index=False, related_name="+")
    subject = models.CharField(max_length=32)
    """The id of the user or contact."""
    word = models.CharField(max_length=60, db_collation="C")

    class Meta:
        constraints = (models.UniqueConstraint(fields=["tenant", "word", "subject"], name="one_row_per_word"),)
        indexes = (models.Index(fields=["subject", "word"], include=["tenant"], name="word_of_subject"),)


class FailedSignIn(models.Model):
    """A wrong password or code, remembered long enough to slow down whoever guesses."""

    email = models.CharField(max_length=254)
    """Of a wrong code, the id of the user instead."""
    address = models.CharField(max_length=45)
    at = models.DateTimeField()

    class Meta:
        indexes = (models.Index(fields=["email", "at"]), models.Index(fields=["address", "at"]))
