"""What a signer authorises at a provider. Tokens are kept encrypted, for minutes; of what browsers keep, digests."""

import functools
from datetime import datetime, timedelta
from typing import Any

from django.db import models

from paraph_server.accounts.models import Tenant
from paraph_server.providers.models import Provider
from paraph_server.web import ids
from paraph_server.workflows.models import Recipient

LIFETIME = timedelta(minutes=10)
"""Of each stretch of the way: to the provider and back, and between two visits there."""
MOST_TRIES = 20
"""Visits in one authorisation, and certificates that are looked at."""


class State(models.TextChoices):
    """How far it is."""

    AWAY = "away"
    """The signer is with the provider, to sign in."""
    CHOOSING = "choosing"
    """They have several certificates there, or the one they chose does not do."""
    CHECKING = "checking"
    """The certificate is looked at, and the documents are prepared."""
    READY = "ready"
    """Leave may be given."""
    ASKED = "asked"
    """The signer is with the provider, to give leave."""
    RECEIVED = "received"
    """It has signed."""
    OVER = "over"


class Authorisation(models.Model):
    """One signer's leave for one act, from the first visit to the signatures."""

    id = models.CharField(primary_key=True, max_length=32, default=functools.partial(ids.new, "aut"))
    tenant = models.ForeignKey(Tenant, models.PROTECT, related_name="+")
    recipient = models.ForeignKey(Recipient, models.CASCADE, related_name="+")
    """Who leads the act."""
    act_id = models.CharField(max_length=32)
    """Of `signing.queries.act`: the recipient's own, or a joint one."""
    provider = models.ForeignKey(Provider, models.PROTECT, related_name="+")
    held = models.JSONField(default=list)
    """The proofs that the browser presented: who sits at it has shown who they are."""
    comment = models.TextField(blank=True)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    state = models.CharField(max_length=8, choices=State.choices, default=State.AWAY)
    reason = models.TextField(blank=True)
    """What stood in the way last, for the signer."""
    tries = models.PositiveIntegerField(default=0)
    # ---- with the provider
    party = models.BinaryField(null=True)
    """The provider as it was known when the signer left, encrypted: it may be written down anew meanwhile."""
    question = models.CharField(max_length=64, blank=True)
    """A keyed digest of the OAuth state that the browser is away with; empty when an answer has come."""
    token = models.BinaryField(null=True)
    """With which the signer's certificates are seen, encrypted."""
    credentials = models.JSONField(default=list)
    """What the provider keeps for them: see `credentials.written`."""
    chosen = models.CharField(max_length=100, blank=True)
    """Which of them signs."""
    digests = models.JSONField(default=dict)
    """For what leave is asked: digests in hexadecimal, by document."""

    class Meta:
        indexes = (
            models.Index(fields=["act_id", "-created_at"], name="authorisations_of_an_act"),
            models.Index(fields=["created_at"], name="authorisations_by_age"),
        )

    @property
    def kept(self) -> dict[str, Any]:
        """What is known of the certificate that was chosen."""
        [found] = [each for each in self.credentials if each["id"] == self.chosen]
        return dict(found)

    def is_over(self, at: datetime) -> bool:
        return self.state == State.OVER or (self.state != State.RECEIVED and at >= self.expires_at)
