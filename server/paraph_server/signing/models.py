"""A recipient's session with the documents: what was shown, accepted, proven and signed."""

import functools

from django.db import models
from paraph.evidence import Device

from paraph_server.accounts.models import Tenant, User
from paraph_server.administration.models import Delegation
from paraph_server.documents.models import Part
from paraph_server.web import ids
from paraph_server.workflows.models import Document, Recipient


class Signing(models.Model):
    """One recipient's signature over all documents of a workflow, from the first look to the last byte."""

    id = models.CharField(primary_key=True, max_length=32, default=functools.partial(ids.new, "sgn"))
    tenant = models.ForeignKey(Tenant, models.PROTECT, related_name="+")
    recipient = models.OneToOneField(Recipient, models.CASCADE, related_name="signing")
    opened_at = models.DateTimeField()
    deputy = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    """Who accepted in the recipient's place, and signs in their own name."""
    delegation = models.ForeignKey(Delegation, models.PROTECT, null=True, related_name="+")
    # ---- consent: to this text, about exactly these documents
    consent_text = models.TextField(blank=True)
    consent_version = models.PositiveIntegerField(null=True)
    consent_language = models.CharField(max_length=5, blank=True)
    consent_digest = models.CharField(max_length=64, blank=True)
    """SHA-256 over the text and the digests of the documents that were shown."""
    shown = models.JSONField(default=dict)
    """Which part of each document that was: ids of documents and parts."""
    accepted_at = models.DateTimeField(null=True)
    # ---- identification
    proofs = models.JSONField(default=list)
    """By what they have shown who they are: each a `paraph.evidence.Proof`."""
    # ---- the act
    mark = models.ForeignKey(Part, models.PROTECT, null=True, related_name="+")
    """The drawn signature, a PNG."""
    address = models.CharField(max_length=45, blank=True)
    agent = models.CharField(max_length=300, blank=True)
    requested_at = models.DateTimeField(null=True)
    # ---- how far the platform is with it
    attempt = models.PositiveIntegerField(default=1)
    """A certificate lives for an hour; when it came to nothing, the next attempt gets another."""
    algorithm = models.CharField(max_length=20, blank=True, db_default="")
    """Of `paraph.algorithms`, where it is not the key's usual one."""
    credential_id = models.CharField(max_length=64, blank=True)
    certificate = models.BinaryField(null=True)
    certificate_expires_at = models.DateTimeField(null=True)
    """Until when nobody else signs in the same documents; a certificate made for this signature is of no use then."""
    chain = models.JSONField(default=list)
    """The issuers' certificates, Base64 of DER."""
    device = models.CharField(max_length=12, default=Device.PLATFORM)
    """Where the key lies: `paraph.evidence.Device`."""
    qualified = models.CharField(max_length=100, blank=True)
    """What the trusted lists said of the certificate when it signed; empty where they were not asked."""
    checked = models.JSONField(default=dict, db_default=models.Value({}, models.JSONField()))
    """What was found out about a certificate that the signer brought: see `certificates.check`."""
    failures = models.PositiveIntegerField(default=0)
    """How often it could not be carried through since it was asked for."""
    failure = models.TextField(blank=True)
    """What stood in the way the last time."""
    completed_at = models.DateTimeField(null=True)


class PendingSignature(models.Model):
    """One document between `prepare` and `complete`: what is signed is fixed here, before any key is used."""

    tenant = models.ForeignKey(Tenant, models.PROTECT, related_name="+")
    signing = models.ForeignKey(Signing, models.CASCADE, related_name="pending")
    document = models.ForeignKey(Document, models.CASCADE, related_name="+")
    part = models.ForeignKey(Part, models.PROTECT, related_name="+")
    """What is being signed."""
    state = models.BinaryField()
    """`paraph.signatures.Pending`, as bytes."""
    value = models.BinaryField(null=True)
    """What a key of the signer's own has made of it; others' are asked for when they are needed."""

    class Meta:
        ordering = ("document__position",)
        constraints = (models.UniqueConstraint(fields=["signing", "document"], name="one_pending_per_document"),)


class JointAct(models.Model):
    """One act of a person over several workflows: they read, consent and prove who they are once for all of them."""

    id = models.CharField(primary_key=True, max_length=32, default=functools.partial(ids.new, "req"))
    tenant = models.ForeignKey(Tenant, models.PROTECT, related_name="+")
    created_at = models.DateTimeField()


class JointPart(models.Model):
    """One of its workflows: the place that the person has there. The first one's address gets the code."""

    tenant = models.ForeignKey(Tenant, models.PROTECT, related_name="+")
    joint_act = models.ForeignKey(JointAct, models.CASCADE, related_name="parts")
    recipient = models.ForeignKey(Recipient, models.CASCADE, related_name="+")
    position = models.PositiveIntegerField()

    class Meta:
        ordering = ("position",)
        constraints = (models.UniqueConstraint(fields=["joint_act", "recipient"], name="once_per_joint_act"),)
