"""Pairings of a signing page with an agent. Of codes and secrets, only keyed digests are kept."""

import functools
from datetime import datetime, timedelta

from django.db import models

from paraph_server.accounts.models import Tenant
from paraph_server.web import ids
from paraph_server.workflows.models import Recipient

MOST_PRESENTED = 20
"""Certificates in one pairing: each is asked about elsewhere."""
LIFETIME = timedelta(minutes=10)
"""Of a code until an agent takes it up, and of a pairing from then on."""


class State(models.TextChoices):
    """How far it is."""

    WAITING = "waiting"
    """The page shows a code."""
    CLAIMED = "claimed"
    """An agent has come; a certificate is being chosen."""
    CHECKING = "checking"
    """The certificate is looked at, and the documents are prepared."""
    REFUSED = "refused"
    """It does not do; another one may be presented."""
    READY = "ready"
    """The card may sign."""
    RECEIVED = "received"
    """It has signed."""
    OVER = "over"


class Pairing(models.Model):
    """One agent, for one person's act, for minutes."""

    id = models.CharField(primary_key=True, max_length=32, default=functools.partial(ids.new, "par"))
    tenant = models.ForeignKey(Tenant, models.PROTECT, related_name="+")
    recipient = models.ForeignKey(Recipient, models.CASCADE, related_name="+")
    """Who leads the act."""
    act_id = models.CharField(max_length=32)
    """Of `signing.queries.act`: the recipient's own, or a joint one."""
    held = models.JSONField(default=list)
    """The proofs that the browser presented: who sits at it has shown who they are."""
    comment = models.TextField(blank=True)
    code_digest = models.CharField(max_length=64, unique=True)
    check_number = models.CharField(max_length=4)
    """Shown by the page once an agent has come; whoever followed a link types it into the agent."""
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    state = models.CharField(max_length=8, choices=State.choices, default=State.WAITING)
    reason = models.TextField(blank=True)
    """Why it was refused, or is over, for the person."""
    notice = models.CharField(max_length=20, blank=True)
    """What the agent last had trouble with: `wrong-pin`, `no-card`, …"""
    # ---- the agent
    claimed_at = models.DateTimeField(null=True)
    secret_digest = models.CharField(max_length=64, blank=True)
    program = models.CharField(max_length=60, blank=True)
    """What it calls itself."""
    address = models.CharField(max_length=45, blank=True)
    # ---- what it presented
    certificate = models.BinaryField(null=True)
    chain = models.JSONField(default=list)
    """The issuers' certificates, Base64 of DER."""
    algorithm = models.CharField(max_length=20, blank=True)
    presented = models.PositiveIntegerField(default=0)
    """How many certificates were."""

    class Meta:
        indexes = (
            models.Index(fields=["act_id", "-created_at"], name="pairings_of_an_act"),
            models.Index(fields=["created_at"], name="pairings_by_age"),
        )

    def is_over(self, at: datetime) -> bool:
        return self.state == State.OVER or (self.state != State.RECEIVED and at >= self.expires_at)


class Attempts(models.Model):
    """How many codes an address has tried lately. It belongs to no tenant: whose the codes are is not known yet."""

    address = models.CharField(primary_key=True, max_length=45)
    since = models.DateTimeField()
    count = models.PositiveIntegerField()
