"""That ceremonies took place."""

import hashlib

from django.contrib.postgres.fields import ArrayField
from django.db import models


class Ceremony(models.Model):
    """What was decided, when it was carried out; the first row made the authority, the others supplement it."""

    plan = models.TextField()
    """The reviewed file, word for word."""
    performed_at = models.DateTimeField()
    approved_by = ArrayField(models.CharField(max_length=64), default=list)
    """The officers, under dual control."""

    class Meta:
        db_table = "ceremony_ceremony"

    @property
    def digest(self) -> str:
        """SHA-256 of the reviewed file, hexadecimal."""
        return digest_of(self.plan)


class Request(models.Model):
    """A key of a ceremony that another authority is asked to certify."""

    name = models.CharField(max_length=64, primary_key=True)
    """What the certificate will be called here."""
    ceremony = models.ForeignKey(Ceremony, models.PROTECT, related_name="requests")
    csr = models.TextField()
    """PKCS#10 in PEM, for that authority."""
    made_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)
    """When its certificate was taken into use."""
    approved_by = ArrayField(models.CharField(max_length=64), default=list)
    """The officers who approved that, under dual control."""

    class Meta:
        db_table = "ceremony_request"


def digest_of(plan: str) -> str:
    """SHA-256 of a ceremony file, hexadecimal."""
    return hashlib.sha256(plan.encode()).hexdigest()
