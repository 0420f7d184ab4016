"""The entries and, apart from them, the personal details that a law may one day ask to erase."""

import functools

from django.db import models

from paraph_server.accounts.models import Tenant
from paraph_server.web import ids


class Entry(models.Model):
    """One thing that happened. Triggers refuse to change or remove it, whoever asks."""

    id = models.CharField(primary_key=True, max_length=32, default=functools.partial(ids.new, "ent"))
    tenant = models.ForeignKey(Tenant, models.PROTECT, related_name="+")
    sequence = models.BigIntegerField()  # 1, 2, 3 … without gaps in each tenant
    at = models.DateTimeField()
    event = models.CharField(max_length=60)  # subject:verb, such as workflow:started
    subject = models.CharField(max_length=32)  # the id of what it happened to
    actor_kind = models.CharField(max_length=16)
    actor_id = models.CharField(max_length=32)
    payload_digest = models.CharField(max_length=64)
    previous = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["tenant", "sequence"], name="one_entry_per_place"),)
        indexes = (
            models.Index(fields=["subject", "sequence"]),
            models.Index(fields=["tenant", "event", "sequence"], name="entry_by_event"),
            models.Index(fields=["tenant", "actor_id", "sequence"], name="entry_by_actor"),
            models.Index(fields=["tenant", "at"], name="entry_by_time"),
        )


class Payload(models.Model):
    """The details of an entry, bound to it by a salted digest: what is erased cannot be guessed from what remains."""

    entry = models.OneToOneField(Entry, models.PROTECT, primary_key=True, related_name="payload")
    tenant = models.ForeignKey(Tenant, models.PROTECT, related_name="+")
    salt = models.BinaryField()
    details = models.JSONField()
