"""Calls that were answered: made again under the same key, they get the same answer."""

from datetime import timedelta

from django.db import models

from paraph_server.accounts.models import Tenant

KEPT = timedelta(hours=24)


class Call(models.Model):
    """One call under its `Idempotency-Key`, and how it was answered."""

    tenant = models.ForeignKey(Tenant, models.CASCADE, related_name="+")
    caller = models.CharField(max_length=32)
    """The id of the access token, or of the user where there is none: keys of others never collide."""
    key = models.CharField(max_length=255)
    fingerprint = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField()
    headers = models.JSONField()
    body = models.BinaryField()
    """Encrypted: an answer may hold a secret that is shown once."""
    created_at = models.DateTimeField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=["tenant", "caller", "key"], name="one_answer_per_key"),)
        indexes = (models.Index(fields=["created_at"]),)
