"""Workflows and what they are made of. What state one is in is derived from what has happened, not stored twice."""

import functools
from datetime import datetime, timedelta
from typing import Any

from django.db import models

from paraph_server.accounts.models import Tenant, User
from paraph_server.documents.models import Part
from paraph_server.web import ids


def _key(prefix: str) -> Any:
    return models.CharField(primary_key=True, max_length=32, default=functools.partial(ids.new, prefix))


class ConsentPage(models.Model):
    """How a signer is identified, and the text they accept. A text that changes gets another version."""

    class Authentication(models.TextChoices):
        EMAIL = "email"
        SMS = "sms"

    id = _key("cop")
    tenant = models.ForeignKey(Tenant, models.PROTECT, related_name="+")
    name = models.CharField(max_length=100)
    authentication = models.CharField(max_length=8, choices=Authentication.choices)
    version = models.PositiveIntegerField(default=1)
    text_en = models.TextField()
    text_fr = models.TextField()
    created_at = models.DateTimeField()

    def text(self, language: str) -> str:
        return self.text_fr if language.startswith("fr") else self.text_en


class SignatureProfile(models.Model):
    """What kind of signature a document gets; today PAdES B-T with a certificate in the signer's own name."""

    id = _key("sip")
    tenant = models.ForeignKey(Tenant, models.PROTECT, related_name="+")
    name = models.CharField(max_length=100)
    visible = models.BooleanField(default=True)
    created_at = models.DateTimeField()


class Status(models.TextChoices):
    """The five states the REST API knows."""

    DRAFT = "draft"
    STARTED = "started"
    STOPPED = "stopped"
    FINISHED = "finished"
    ARCHIVED = "archived"


class Workflow(models.Model):
    """A *parapheur*: documents on their way through people."""

    id = _key("wfl")
    tenant = models.ForeignKey(Tenant, models.PROTECT, related_name="+")
    owner = models.ForeignKey(User, models.PROTECT, related_name="workflows")
    name = models.CharField(max_length=200)
    description = models.TextField(blank=True)
    data = models.JSONField(default=dict)
    """The caller's own: `data1` … `data16`."""
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True)
    stopped_at = models.DateTimeField(null=True)
    stop_reason = models.CharField(max_length=16, blank=True)
    """`cancelled`, `refused` or `expired`."""
    signed_at = models.DateTimeField(null=True)
    """When the last person acted; what is delivered is still to be proved."""
    finished_at = models.DateTimeField(null=True)
    archived_at = models.DateTimeField(null=True)
    evidence = models.ForeignKey(Part, models.PROTECT, null=True, related_name="+")
    repair_reason = models.TextField(blank=True)
    """Why it cannot finish yet, when proving it failed."""

    class Meta:
        indexes = (models.Index(fields=["tenant", "-created_at"]),)

    @property
    def status(self) -> Status:
        if self.archived_at:
            return Status.ARCHIVED
        if self.finished_at:
            return Status.FINISHED
        if self.stopped_at:
            return Status.STOPPED
        return Status.STARTED if self.started_at else Status.DRAFT


class Step(models.Model):
    """People who act at the same time; steps follow each other."""

    class Kind(models.TextChoices):
        SIGNATURE = "signature"
        APPROVAL = "approval"

    id = _key("stp")
    tenant = models.ForeignKey(Tenant, models.PROTECT, related_name="+")
    workflow = models.ForeignKey(Workflow, models.CASCADE, related_name="steps")
    position = models.PositiveIntegerField()
    kind = models.CharField(max_length=16, choices=Kind.choices, default=Kind.SIGNATURE)
    required_recipients = models.PositiveIntegerField()
    """How many of its recipients must act."""
    validity_period = models.DurationField(default=timedelta(days=30))
    max_invites = models.PositiveIntegerField(default=1)
    """0: nothing is sent, the caller hands the link over."""
    send_download_link = models.BooleanField(default=True)
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("position",)
        constraints = (models.UniqueConstraint(fields=["workflow", "position"], name="one_step_per_position"),)

    @property
    def expires_at(self) -> datetime | None:
        return self.started_at + self.validity_period if self.started_at else None


class Recipient(models.Model):
    """Somebody who has to act, with an account or without."""

    id = _key("rcp")
    tenant = models.ForeignKey(Tenant, models.PROTECT, related_name="+")
    step = models.ForeignKey(Step, models.CASCADE, related_name="recipients")
    position = models.PositiveIntegerField()
    """Among all recipients of the workflow: the n-th signature field is the n-th recipient's."""
    user = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    email = models.EmailField()
    """Empty for somebody who is handed their link and identified by SMS."""
    first_name = models.CharField(max_length=60)
    last_name = models.CharField(max_length=60)
    phone_number = models.CharField(max_length=20, blank=True)
    country = models.CharField(max_length=2, default="FR")
    locale = models.CharField(max_length=5, default="en")
    consent_page = models.ForeignKey(ConsentPage, models.PROTECT, related_name="+")
    invited_at = models.DateTimeField(null=True)
    viewed_at = models.DateTimeField(null=True)
    acted_at = models.DateTimeField(null=True)
    """When they signed or approved: from then on it counts, whatever the platform still has to do."""
    done_at = models.DateTimeField(null=True)
    """When that took effect: the signature stands in the documents."""
    refused_at = models.DateTimeField(null=True)
    refusal_reason = models.TextField(blank=True)

    class Meta:
        ordering = ("position",)

    @property
    def name(self) -> str:
        return f"{self.first_name} {self.last_name}"

    @property
    def workflow(self) -> Workflow:
        return self.step.workflow


class Document(models.Model):
    """A file on its way: as it came, and as it stands after the signatures so far. Without a profile, an attachment."""

    id = _key("doc")
    tenant = models.ForeignKey(Tenant, models.PROTECT, related_name="+")
    workflow = models.ForeignKey(Workflow, models.CASCADE, related_name="documents")
    position = models.PositiveIntegerField()
    original = models.ForeignKey(Part, models.PROTECT, related_name="+")
    current = models.ForeignKey(Part, models.PROTECT, related_name="+")
    signature_profile = models.ForeignKey(SignatureProfile, models.PROTECT, null=True, related_name="+")
    signature_fields = models.JSONField(default=list)
    """As the REST API writes `pdfSignatureFields`; from the start on, with those that the file itself asks for."""
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()

    class Meta:
        ordering = ("position",)
        constraints = (models.UniqueConstraint(fields=["workflow", "position"], name="one_document_per_position"),)


class Upload(models.Model):
    """A file that came for a draft; documents are made of it when somebody says how they are signed."""

    id = _key("upl")
    tenant = models.ForeignKey(Tenant, models.PROTECT, related_name="+")
    workflow = models.ForeignKey(Workflow, models.CASCADE, related_name="uploads")
    part = models.ForeignKey(Part, models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
