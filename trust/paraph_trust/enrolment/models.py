"""What officers granted, and what came of it."""

import hashlib

from django.contrib.postgres.fields import ArrayField
from django.db import models

from paraph_trust.authority.models import Certificate

PREFIX = "enrolment-"


class Grant(models.Model):
    """Leave to enrol one certificate, for whoever brings its secret in time."""

    order = models.TextField()
    """The reviewed file, word for word."""
    secret_hash = models.BinaryField(max_length=32, unique=True)
    granted_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    approved_by = ArrayField(models.CharField(max_length=64), default=list)
    """The officers, under dual control."""
    certificate = models.OneToOneField(Certificate, models.PROTECT, related_name="grant", null=True)
    """What was issued: the secret is used."""

    class Meta:
        db_table = "enrolment_grant"

    @property
    def reference(self) -> str:
        """The user's name in HTTP Basic authentication."""
        return f"{PREFIX}{self.pk}"


def secret_hash(secret: str) -> bytes:
    """What is kept of a secret: it has 256 random bits, so a plain digest protects it as well as a slow one."""
    return hashlib.sha256(secret.encode()).digest()
