"""One-time codes, of which only a keyed digest is kept."""

import functools
from datetime import datetime, timedelta

from django.db import models

from paraph_server.accounts.models import Tenant
from paraph_server.web import ids

LIFETIME = timedelta(minutes=10)
TRIES = 5


class Code(models.Model):
    """A code sent to one address for one subject; the newest is the only one that counts."""

    id = models.CharField(primary_key=True, max_length=32, default=functools.partial(ids.new, "cod"))
    tenant = models.ForeignKey(Tenant, models.PROTECT, related_name="+")
    subject = models.CharField(max_length=32)  # the id of whom it identifies
    channel = models.CharField(max_length=8)
    address = models.CharField(max_length=254)  # an e-mail address, or a telephone number in E.164
    digest = models.CharField(max_length=64)
    issued_at = models.DateTimeField()
    tries = models.PositiveSmallIntegerField(default=0)
    used_at = models.DateTimeField(null=True)

    class Meta:
        indexes = (models.Index(fields=["subject", "-issued_at"]),)

    @property
    def expires_at(self) -> datetime:
        return self.issued_at + LIFETIME
