"""Officers and what they approved."""

import hashlib
from enum import StrEnum

from django.db import models


class Act(StrEnum):
    """What one person must not do alone."""

    CEREMONY = "ceremony"
    """A supplement; its subject is the SHA-256 of the reviewed file."""
    GRANT = "grant"
    """Of a certificate for a key that somebody else holds; its subject is the SHA-256 of the reviewed file."""
    IMPORT = "import"
    """Of certificates from another authority; its subject is the SHA-256 of their file."""
    REVOKE = "revoke"
    """Of an authority or a service of it; its subject is the serial number."""


class Officer(models.Model):
    """Somebody whom the first ceremony gave a sheet; the token on it stands for their signature."""

    name = models.CharField(max_length=64, unique=True)
    token_hash = models.BinaryField(max_length=32, unique=True)
    admitted_at = models.DateTimeField()

    class Meta:
        db_table = "control_officer"


class Approval(models.Model):
    """One officer's leave for one act, good for one time."""

    act = models.CharField(max_length=16)
    subject = models.CharField(max_length=128)
    officer = models.ForeignKey(Officer, models.PROTECT)
    at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "control_approval"
        constraints = [
            models.UniqueConstraint(
                fields=["act", "subject", "officer"],
                condition=models.Q(used_at__isnull=True),
                name="control_one_approval_each",
            )
        ]


def token_hash(token: str) -> bytes:
    """What is kept of a token: it has 256 random bits, so a plain digest protects it as well as a slow one."""
    return hashlib.sha256(token.encode()).digest()
