"""What users have to prove who they are with, besides a password, and the sessions that they opened with it."""

import functools
from enum import StrEnum

from django.db import models
from django.utils.translation import gettext_lazy as _

from paraph_server.accounts.models import Tenant, User
from paraph_server.web import ids


class Factor(StrEnum):
    """By what somebody has shown who they are."""

    PASSWORD = "password"  # noqa: S105  the word, not one
    AUTHENTICATOR = "authenticator"
    PASSKEY = "passkey"
    RECOVERY_CODE = "recovery-code"

    @property
    def label(self) -> str:
        return str(LABELS[self])


LABELS = {
    Factor.PASSWORD: _("Password"),
    Factor.AUTHENTICATOR: _("Authenticator app"),
    Factor.PASSKEY: _("Passkey"),
    Factor.RECOVERY_CODE: _("Recovery code"),
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


FACTORS = (Authenticator, Passkey, RecoveryCode)


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
