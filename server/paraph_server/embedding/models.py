"""The sites that a tenant calls its own."""

from django.db import models

from paraph_server.accounts.models import Tenant


class Site(models.Model):
    """A web site that may show a tenant's signing pages within its own, and have signers sent back to it."""

    tenant = models.ForeignKey(Tenant, models.CASCADE, related_name="+")
    origin = models.CharField(max_length=300)
    """As browsers write it: `https://shop.example.org`, with the port where it is not the usual one."""
    allowed_at = models.DateTimeField()

    class Meta:
        ordering = ("origin",)
        constraints = (models.UniqueConstraint(fields=["tenant", "origin"], name="one_site_per_origin"),)
