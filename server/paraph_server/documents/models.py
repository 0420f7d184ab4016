"""Files, by what they hold."""

import functools

from django.db import models

from paraph_server.accounts.models import Tenant
from paraph_server.web import ids


class Part(models.Model):
    """A file that never changes: a new version is a new part. Its bytes lie in the storage, under their digest."""

    id = models.CharField(primary_key=True, max_length=32, default=functools.partial(ids.new, "prt"))
    tenant = models.ForeignKey(Tenant, models.PROTECT, related_name="+")
    filename = models.CharField(max_length=255)
    content_type = models.CharField(max_length=100)
    size = models.BigIntegerField()
    hash = models.CharField(max_length=64)  # SHA-256, hexadecimal
    pages = models.PositiveIntegerField(null=True)  # of a PDF
    source = models.ForeignKey("self", models.PROTECT, null=True, related_name="+")
    """What a converted PDF was made from."""
    created_at = models.DateTimeField()

    class Meta:
        indexes = (models.Index(fields=["tenant", "hash"]),)


class Blob(models.Model):
    """A piece of a file that arrives in pieces; parts are made of them, and what is left is swept up."""

    id = models.CharField(primary_key=True, max_length=32, default=functools.partial(ids.new, "blb"))
    tenant = models.ForeignKey(Tenant, models.PROTECT, related_name="+")
    subject = models.CharField(max_length=32)
    """The id of what it was uploaded for, as the journal names subjects; it is used for nothing else."""
    size = models.BigIntegerField()
    hash = models.CharField(max_length=64)  # SHA-256, hexadecimal
    created_at = models.DateTimeField()

    class Meta:
        indexes = (models.Index(fields=["tenant", "hash"]), models.Index(fields=["created_at"]))
