"""Messages to people, and every attempt to deliver them."""

import functools

from django.db import models

from paraph_server.accounts.models import Tenant
from paraph_server.web import ids


class Channel(models.TextChoices):
    EMAIL = "email"
    SMS = "sms"
    VOICE = "voice"


class Message(models.Model):
    """One message to one person, rendered when it was asked for."""

    id = models.CharField(primary_key=True, max_length=32, default=functools.partial(ids.new, "msg"))
    tenant = models.ForeignKey(Tenant, models.PROTECT, related_name="+")
    about = models.CharField(max_length=32)  # the id of what it speaks of, such as a workflow
    recipient_id = models.CharField(max_length=32)  # the id of whom it is for
    channel = models.CharField(max_length=8, choices=Channel.choices)
    to = models.CharField(max_length=254)
    kind = models.CharField(max_length=40)
    language = models.CharField(max_length=2, default="en", db_default="en")
    cause = models.CharField(max_length=32, blank=True)  # the id of the journal's entry it tells of, where there is one
    content = models.BinaryField(null=True)  # encrypted; nothing once a confidential message was delivered or given up
    confidential = models.BooleanField(default=False)
    created_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    failed_at = models.DateTimeField(null=True)  # given up

    class Meta:
        indexes = (
            models.Index(fields=["about", "created_at"]),
            models.Index(fields=["recipient_id", "created_at"]),
            models.Index(fields=["cause"], name="messages_by_cause", condition=~models.Q(cause="")),
        )


class Piece(models.Model):
    """A piece of a text message, by the number that an SMSC gave it and will tell of it by."""

    tenant = models.ForeignKey(Tenant, models.PROTECT, related_name="+")
    message = models.ForeignKey(Message, models.CASCADE, related_name="pieces")
    carrier = models.CharField(max_length=20)
    reference = models.CharField(max_length=65)
    sent_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True)

    class Meta:
        indexes = (
            models.Index(fields=["reference"], name="pieces_by_reference"),
            models.Index(fields=["sent_at"], name="pieces_waiting", condition=models.Q(settled_at__isnull=True)),
        )


class Delivery(models.Model):
    """One attempt, as the mail server or the SMS provider answered it, or what they reported of it later."""

    tenant = models.ForeignKey(Tenant, models.PROTECT, related_name="+")
    message = models.ForeignKey(Message, models.CASCADE, related_name="deliveries")
    at = models.DateTimeField()
    accepted = models.BooleanField()
    carrier = models.CharField(max_length=20, blank=True, db_default="")
    """Who was asked."""
    reported = models.BooleanField(default=False, db_default=False)
    """Told by the carrier afterwards: it arrived, or it did not."""
    answer = models.CharField(max_length=300)

    class Meta:
        ordering = ("at", "id")
