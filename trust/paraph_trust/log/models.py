"""The log's table; triggers refuse to change or delete what it holds."""

import hashlib
import json
from datetime import UTC

from django.db import models

GENESIS = bytes(32)
"""What stands before the first entry."""


class Entry(models.Model):
    """One event. It names keys and certificates by identifier and digest, never people."""

    sequence = models.BigIntegerField(primary_key=True)
    at = models.DateTimeField()
    event = models.CharField(max_length=64)
    subject = models.CharField(max_length=128)
    details = models.JSONField()
    previous = models.BinaryField(max_length=32)
    hash = models.BinaryField(max_length=32)

    class Meta:
        db_table = "log_entry"

    def chained(self) -> bytes:
        """The hash this entry must carry: SHA-256 over the previous hash and the entry's canonical JSON."""
        facts = [self.sequence, self.at.astimezone(UTC).isoformat(), self.event, self.subject, self.details]
        text = json.dumps(facts, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        return hashlib.sha256(bytes(self.previous) + text.encode()).digest()
