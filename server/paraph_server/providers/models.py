"""The providers that an organisation has an agreement with."""

import functools

from django.db import models

from paraph_server.accounts.models import Tenant
from paraph_server.web import ids


class Provider(models.Model):
    """Somebody who keeps keys for people, and how we are known there."""

    id = models.CharField(primary_key=True, max_length=32, default=functools.partial(ids.new, "tsp"))
    tenant = models.ForeignKey(Tenant, models.PROTECT, related_name="+")
    name = models.CharField(max_length=60)
    """What signers know it by."""
    address = models.URLField(max_length=300)
    """What stands before `/csc/v2/` in the addresses of its API."""
    version = models.CharField(max_length=2)
    """Of the API: `paraph.keys.csc.Version`."""
    client_id = models.CharField(max_length=200)
    secret = models.BinaryField()
    """What we show who we are with, encrypted."""
    created_at = models.DateTimeField()
    disabled_at = models.DateTimeField(null=True)
    """Since when nobody begins to sign there; what is under way comes to its end."""
    removed_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("created_at", "id")
