"""What users have to prove who they are with, besides a password, and the sessions that they opened with it."""

import functools
from enum import StrEnum

from django.db import models
from django.utils.translation import gettext_lazy as _
from paraph.evidence import Means

from paraph_server.accounts.models import Group, Tenant, User
from paraph_server.web import ids


class Factor(StrEnum):
    """By what somebody has shown who they are."""

    PASSWORD = "password"  # noqa: S105  the word, not one
    AUTHENTICATOR = "authenticator"
    PASSKEY = "passkey"
    RECOVERY_CODE = "recovery-code"
    DIRECTORY = "directory"
    DIRECTORY_STRONGLY = "directory-strongly"
    """The organisation's provider says that it asked for more than a password."""
    CERTIFICATE = "certificate"
    CERTIFICATE_WITH_PIN = "certificate-with-pin"

    @property
    def label(self) -> str:
        return str(LABELS[self])

    @property
    def suffices(self) -> bool:
        """Whether it is itself more than one factor."""
        return self in {Factor.PASSKEY, Factor.DIRECTORY_STRONGLY, Factor.CERTIFICATE_WITH_PIN}

    @property
    def is_second(self) -> bool:
        """Whether it makes sure where one is not enough."""
        return self not in {Factor.PASSWORD, Factor.DIRECTORY, Factor.CERTIFICATE}


LABELS = {
    Factor.PASSWORD: _("Password"),
    Factor.AUTHENTICATOR: _("Authenticator app"),
    Factor.PASSKEY: _("Passkey"),
    Factor.RECOVERY_CODE: _("Recovery code"),
    Factor.DIRECTORY: _("The organisation’s sign-in"),
    Factor.DIRECTORY_STRONGLY: _("The organisation’s sign-in, with a second factor"),
    Factor.CERTIFICATE: _("Certificate in the browser"),
    Factor.CERTIFICATE_WITH_PIN: _("Certificate with a PIN"),
}


class Authenticator(models.Model):
    """An app that shares a secret with the platform and shows codes made of it and the time (RFC 6238)."""

    id = models.CharField(primary_key=True, max_length=32, default=functools.partial(ids.new, "otp"))
    tenant = models.ForeignKey(Tenant, models.CASCADE, related_name="+")
    user = models.OneToOneField(User, models.CASCADE, related_name="authenticator")
    secret = models.BinaryField()
    """Sealed (`web.sealed`)."""
    last_step = models.BigIntegerField()
    """The step of the last code that was accepted: neither it nor one before it is accepted again."""
    created_at = models.DateTimeField()


class Passkey(models.Model):
    """A key pair in somebody's device or security key (WebAuthn); the platform knows the public half."""

    id = models.CharField(primary_key=True, max_length=32, default=functools.partial(ids.new, "pky"))
    tenant = models.ForeignKey(Tenant, models.CASCADE, related_name="+")
    user = models.ForeignKey(User, models.CASCADE, related_name="passkeys")
    name = models.CharField(max_length=60)
    credential_id = models.BinaryField(max_length=1023, unique=True)
    public_key = models.BinaryField()
    """As COSE writes it."""
    sign_count = models.BigIntegerField()
    created_at = models.DateTimeField()
    last_used_at = models.DateTimeField(null=True)


class RecoveryCode(models.Model):
    """Written down for the day on which the device is lost; good once. Only a keyed digest of it is stored."""

    tenant = models.ForeignKey(Tenant, models.CASCADE, related_name="+")
    user = models.ForeignKey(User, models.CASCADE, related_name="recovery_codes")
    digest = models.CharField(max_length=64)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["user", "digest"], name="one_row_per_recovery_code"),)


class Directory(models.Model):
    """Where an organisation's own people sign in: its OpenID Connect provider, and what its word is worth here."""

    id = models.CharField(primary_key=True, max_length=32, default=functools.partial(ids.new, "dir"))
    tenant = models.ForeignKey(Tenant, models.CASCADE, related_name="+")
    kind = models.CharField(max_length=24)
    """How it is spoken to: of `identification.openid.kinds`."""
    name = models.CharField(max_length=60)
    issuer = models.URLField(max_length=300)
    client_id = models.CharField(max_length=200)
    secret = models.BinaryField()
    """Sealed (`web.sealed`)."""
    strong_values = models.CharField(max_length=200, blank=True)
    """Values of `amr` or `acr` by which it says that a second factor was asked for."""
    group = models.ForeignKey(Group, models.SET_NULL, null=True, related_name="+")
    """Into which whoever signs in without an account is put; nobody is, without one."""
    alone = models.BooleanField(default=False)
    """Whether its people sign in there only, and by no password or passkey of ours."""
    created_at = models.DateTimeField()

    class Meta:
        ordering = ("created_at", "id")

    @property
    def means(self) -> Means:
        return Means(self.kind)


class Domain(models.Model):
    """Part of e-mail addresses, behind the @, whose people sign in with a directory."""

    tenant = models.ForeignKey(Tenant, models.CASCADE, related_name="+")
    directory = models.ForeignKey(Directory, models.CASCADE, related_name="domains")
    name = models.CharField(max_length=253)
    granted = models.BooleanField(default=False)
    """Whether whoever operates the platform says that it is this organisation's: strangers are sent there as well."""

    class Meta:
        ordering = ("name",)
        constraints = (
            models.UniqueConstraint(fields=["tenant", "name"], name="one_directory_per_domain"),
            models.UniqueConstraint(fields=["name"], condition=models.Q(granted=True), name="one_owner_per_domain"),
        )
        indexes = (models.Index(fields=["name"]),)


class Link(models.Model):
    """Somebody's account here is theirs there. Addresses change hands; `sub` does not (OpenID Connect Core §5.7)."""

    tenant = models.ForeignKey(Tenant, models.CASCADE, related_name="+")
    directory = models.ForeignKey(Directory, models.CASCADE, related_name="links")
    user = models.ForeignKey(User, models.CASCADE, related_name="links")
    sub = models.CharField(max_length=255)
    linked_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["directory", "sub"], name="one_account_per_sub"),
            models.UniqueConstraint(fields=["directory", "user"], name="one_sub_per_account"),
        )


class Leave(models.Model):
    """The operator lets somebody in by their password although their directory alone should, for a while."""

    tenant = models.ForeignKey(Tenant, models.CASCADE, related_name="+")
    user = models.OneToOneField(User, models.CASCADE, related_name="+")
    until = models.DateTimeField()


class Certificate(models.Model):
    """With which somebody signs in, in a browser that shows it while it connects."""

    id = models.CharField(primary_key=True, max_length=32, default=functools.partial(ids.new, "crt"))
    tenant = models.ForeignKey(Tenant, models.CASCADE, related_name="+")
    user = models.ForeignKey(User, models.CASCADE, related_name="certificates")
    holder = models.CharField(max_length=200)
    issuer = models.CharField(max_length=200)
    bound_to = models.CharField(max_length=80)
    """This very certificate (RFC 8705 §3.1), or every one that its issuer makes for the same subject (§2.1.2)."""
    with_pin = models.BooleanField(default=False)
    """Whether its key cannot be used without a PIN, so that it is two factors."""
    created_at = models.DateTimeField()
    last_used_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["user", "bound_to"], name="one_row_per_certificate"),)
        indexes = (models.Index(fields=["bound_to"]),)

    @property
    def by_subject(self) -> bool:
        return self.bound_to.startswith("subject ")


FACTORS = (Authenticator, Passkey, RecoveryCode, Link, Certificate)


class Session(models.Model):
    """Somebody is signed in with a browser, until they sign out or it is ended from another one."""

    id = models.CharField(primary_key=True, max_length=32, default=functools.partial(ids.new, "ses"))
    tenant = models.ForeignKey(Tenant, models.CASCADE, related_name="+")
    user = models.ForeignKey(User, models.CASCADE, related_name="sessions")
    bound_to = models.CharField(max_length=128)
    """Django's digest of the password: a session of an older password is over."""
    factors = models.JSONField()
    address = models.CharField(max_length=45)
    agent = models.CharField(max_length=300)
    opened_at = models.DateTimeField()
    seen_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        indexes = (models.Index(fields=["user", "-seen_at"]), models.Index(fields=["seen_at"]))
