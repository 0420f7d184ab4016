"""That ceremonies took place."""

import hashlib

from django.db import models


class Ceremony(models.Model):
    """What was decided, when it was carried out; the first row made the authority, the others supplement it."""

    plan = models.TextField()
    """The reviewed file, word for word."""
    performed_at = models.DateTimeField()

    class Meta:
        db_table = "ceremony_ceremony"

    @property
    def digest(self) -> str:
        """SHA-256 of the reviewed file, hexadecimal."""
        return hashlib.sha256(self.plan.encode()).hexdigest()
