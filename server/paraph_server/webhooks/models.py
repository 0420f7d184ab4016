"""Endpoints of programs, what they are told, and every attempt to tell them."""

import functools
from typing import Any

from django.db import models

from paraph_server.accounts.models import Tenant, User
from paraph_server.journal.models import Entry
from paraph_server.web import ids
from paraph_server.workflows.events import EventType
from paraph_server.workflows.models import Recipient, Step, Workflow


def _key(prefix: str) -> Any:
    return models.CharField(primary_key=True, max_length=32, default=functools.partial(ids.new, prefix))


class Webhook(models.Model):
    """Where a user's program wants to hear of their workflows, or of all of the tenant's."""

    id = _key("wbh")
    tenant = models.ForeignKey(Tenant, models.PROTECT, related_name="+")
    user = models.ForeignKey(User, models.PROTECT, related_name="+")
    is_global = models.BooleanField(default=False)
    endpoint_url = models.URLField(max_length=500)
    notified_events = models.JSONField(default=list)
    """Event types; none means all of them."""
    secret = models.BinaryField()
    """What its deliveries are signed with, encrypted."""
    is_disabled = models.BooleanField(default=False)
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()
    removed_at = models.DateTimeField(null=True)


class Event(models.Model):
    """Something that an endpoint is told, once it is known to have happened."""

    id = _key("wbe")
    tenant = models.ForeignKey(Tenant, models.PROTECT, related_name="+")
    webhook = models.ForeignKey(Webhook, models.CASCADE, related_name="events")
    entry = models.ForeignKey(Entry, models.PROTECT, related_name="+")
    """Of the journal: what has happened."""
    event_type = models.CharField(max_length=24, choices=EventType.choices)
    workflow = models.ForeignKey(Workflow, models.CASCADE, related_name="+")
    step = models.ForeignKey(Step, models.CASCADE, null=True, related_name="+")
    recipient = models.ForeignKey(Recipient, models.CASCADE, null=True, related_name="+")
    created_at = models.DateTimeField()
    give_up_at = models.DateTimeField()
    delivered_at = models.DateTimeField(null=True)
    failed_at = models.DateTimeField(null=True)
    """When it was given up: the dead letters."""

    class Meta:
        ordering = ("entry__sequence", "event_type")
        constraints = (models.UniqueConstraint(fields=["webhook", "entry", "event_type"], name="told_once"),)
        indexes = (
            models.Index(
                fields=["webhook"],
                name="webhook_waiting",
                condition=models.Q(delivered_at=None, failed_at=None),
            ),
        )


class Attempt(models.Model):
    """One delivery, as the endpoint answered it."""

    tenant = models.ForeignKey(Tenant, models.PROTECT, related_name="+")
    event = models.ForeignKey(Event, models.CASCADE, related_name="attempts")
    at = models.DateTimeField()
    accepted = models.BooleanField()
    answer = models.CharField(max_length=300)

    class Meta:
        ordering = ("at", "id")
