"""Workflows and what they are made of. What state one is in is derived from what has happened, not stored twice."""

import functools
from datetime import datetime, timedelta
from typing import Any

from django.db import models
from paraph.evidence import Means, SignatureLevel

from paraph_server.accounts.models import Group, Tenant, User
from paraph_server.documents.models import Part
from paraph_server.identification.means import words
from paraph_server.policies.levels import TEXTS
from paraph_server.policies.models import PolicyVersion
from paraph_server.policies.rules import Offer
from paraph_server.web import ids
from paraph_server.workflows.consent import STANDARD


def _key(prefix: str) -> Any:
    return models.CharField(primary_key=True, max_length=32, default=functools.partial(ids.new, prefix))


class KeyHolder(models.TextChoices):
    """Who holds the key that a signer signs with."""

    PLATFORM = "platform"
    """The trust service, which makes it for one signature."""
    CARD = "card"
    """The signer: on a smart card or a USB token."""
    PROVIDER = "provider"
    """A remote trust service provider, which the signer has an account with."""


class ConsentPage(models.Model):
    """How a signer is identified, the level that this gives, and the text they accept.

    A text that changes gets another version.
    """

    id = _key("cop")
    tenant = models.ForeignKey(Tenant, models.PROTECT, related_name="+")
    name = models.CharField(max_length=100)
    means = models.JSONField()
    """What the signer proves who they are by, all of it and in this order: `paraph.evidence.Means`."""
    key_holder = models.CharField(max_length=8, choices=KeyHolder.choices, default=KeyHolder.PLATFORM)
    level = models.CharField(max_length=12, default=SignatureLevel.SIMPLE)
    """What a signature must reach: one of `paraph.evidence.SignatureLevel`."""
    version = models.PositiveIntegerField(default=1)
    text_en = models.TextField()
    text_fr = models.TextField()
    created_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)
    """Since when no new workflow gets it."""

    @property
    def asked(self) -> tuple[Means, ...]:
        return tuple(Means(each) for each in self.means)

    @property
    def called(self) -> str:
        """What people read: its name, and by what it identifies where the name does not say so."""
        found = words(self.asked)
        return found if self.name in {*STANDARD, *found.split(" + ")} else f"{self.name} ({found})"

    @property
    def by_phone(self) -> bool:
        """Whether the signer needs a telephone number."""
        return not {Means.SMS_CODE, Means.VOICE_CODE}.isdisjoint(self.asked)

    @property
    def by_email(self) -> bool:
        """Whether the signer needs an e-mail address to be identified."""
        return Means.EMAIL_CODE in self.asked

    @property
    def offer(self) -> Offer:
        """What it promises to a signature policy."""
        return Offer(SignatureLevel(self.level), self.asked)

    def text(self, language: str) -> str:
        return self.text_fr if language.startswith("fr") else self.text_en


class ConsentText(models.Model):
    """A version of a consent page's text, kept for good."""

    tenant = models.ForeignKey(Tenant, models.PROTECT, related_name="+")
    consent_page = models.ForeignKey(ConsentPage, models.CASCADE, related_name="texts")
    version = models.PositiveIntegerField()
    text_en = models.TextField()
    text_fr = models.TextField()
    created_at = models.DateTimeField()

    class Meta:
        ordering = ("-version",)
        constraints = (models.UniqueConstraint(fields=["consent_page", "version"], name="one_text_per_version"),)


class SignatureProfile(models.Model):
    """What kind of signature a document gets; today PAdES B-T with a certificate in the signer's own name."""

    id = _key("sip")
    tenant = models.ForeignKey(Tenant, models.PROTECT, related_name="+")
    name = models.CharField(max_length=100)
    visible = models.BooleanField(default=True)
    created_at = models.DateTimeField()


class Seal(models.Model):
    """A seal of an organisation: a credential of the trust service, given to it by who operates the platform."""

    id = _key("sea")
    tenant = models.ForeignKey(Tenant, models.PROTECT, related_name="+")
    name = models.CharField(max_length=100)
    credential = models.CharField(max_length=200, unique=True)
    """Of one organisation: nobody else seals with it."""
    created_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)


class Status(models.TextChoices):
    """The states the REST API knows."""

    DRAFT = "draft"
    STARTED = "started"
    PAUSED = "paused"
    STOPPED = "stopped"
    FINISHED = "finished"
    ARCHIVED = "archived"


def in_status(status: Status) -> models.Q:
    """What makes the state of `Workflow.status`, as a condition."""
    over, live = models.Q(finished_at__isnull=False), models.Q(archived_at=None)
    stopped = models.Q(finished_at=None, stopped_at__isnull=False)
    underway = live & models.Q(finished_at=None, stopped_at=None)
    return {
        Status.ARCHIVED: models.Q(archived_at__isnull=False),
        Status.FINISHED: live & over,
        Status.STOPPED: live & stopped,
        Status.PAUSED: underway & models.Q(paused_at__isnull=False),
        Status.STARTED: underway & models.Q(paused_at=None, started_at__isnull=False),
        Status.DRAFT: underway & models.Q(paused_at=None, started_at=None),
    }[status]


class Workflow(models.Model):
    """A *parapheur*: documents on their way through people."""

    id = _key("wfl")
    tenant = models.ForeignKey(Tenant, models.PROTECT, related_name="+")
    owner = models.ForeignKey(User, models.PROTECT, related_name="workflows")
    name = models.CharField(max_length=200)
    description = models.TextField(blank=True)
    data = models.JSONField(default=dict)
    """The caller's own: `data1` … `data16`."""
    filing_class = models.CharField(max_length=200, blank=True)
    """Its place in the tenant's filing plan, such as `RH/Contrats`."""
    amount = models.DecimalField(max_digits=18, decimal_places=2, null=True)
    """What it commits to, in `currency`: delegations may have a limit."""
    currency = models.CharField(max_length=3, blank=True, db_default="")
    declared = models.JSONField(default=dict, db_default=models.Value({}, models.JSONField()))
    """What its sender says of it for the signature policy: `policies.stored`, without what is not said."""
    policy = models.ForeignKey(PolicyVersion, models.PROTECT, null=True, related_name="+", db_index=False)
    """The version of the signature policy that judged it when it was started."""
    judgement = models.JSONField(null=True)
    """What that version asked for, and by which rules: `policies.stored`."""
    override_reason = models.TextField(blank=True, db_default="")
    """Why it was started although it is below that."""
    notified_events = models.JSONField(default=list)
    """Of which events the owner is told."""
    co_manager_events = models.JSONField(default=list)
    """Of which events those are told who may do what the owner may."""
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True)
    paused_at = models.DateTimeField(null=True)
    """Since when nobody may act."""
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
        indexes = (
            models.Index(fields=["tenant", "-created_at"]),
            # These hold the tenant, too: row-level security looks at it, and need not look further.
            *(
                models.Index(fields=["owner", column, "id"], include=["tenant"], name=f"workflow_by_{column}")
                for column in ("created_at", "updated_at", "name")
            ),
            *(
                models.Index(
                    fields=["owner", "created_at", "id"],
                    include=["tenant"],
                    condition=in_status(status),
                    name=f"workflow_{status}",
                )
                for status in Status
            ),
            models.Index(
                fields=["tenant", "filing_class"],
                name="workflows_by_filing_class",
                opclasses=["", "text_pattern_ops"],
                condition=~models.Q(filing_class=""),
            ),
            models.Index(fields=["tenant"], name="workflows_to_repair", condition=~models.Q(repair_reason="")),
        )

    @property
    def status(self) -> Status:
        if self.archived_at:
            return Status.ARCHIVED
        if self.finished_at:
            return Status.FINISHED
        if self.stopped_at:
            return Status.STOPPED
        if self.paused_at:
            return Status.PAUSED
        return Status.STARTED if self.started_at else Status.DRAFT


class Step(models.Model):
    """People who act at the same time; steps follow each other."""

    class Kind(models.TextChoices):
        SIGNATURE = "signature"
        APPROVAL = "approval"
        VIEW = "view"
        """Read everything, and confirm it."""
        SEAL = "seal"
        """The platform seals in the organisation's name as soon as it is its turn."""

    changes_with = "workflow"
    id = _key("stp")
    tenant = models.ForeignKey(Tenant, models.PROTECT, related_name="+")
    workflow = models.ForeignKey(Workflow, models.CASCADE, related_name="steps")
    position = models.PositiveIntegerField()
    kind = models.CharField(max_length=16, choices=Kind.choices, default=Kind.SIGNATURE)
    seal = models.ForeignKey(Seal, models.PROTECT, null=True, related_name="+")
    """Which one a seal step uses; None: the organisation's first, or the platform's own where it has none."""
    required_recipients = models.PositiveIntegerField()
    """How many of its recipients must act."""
    validity_period = models.DurationField(default=timedelta(days=30))
    prolonged = models.DurationField(default=timedelta)
    """How long the workflow was paused since the step began: this time does not count."""
    max_invites = models.PositiveIntegerField(default=1)
    """How often somebody is invited at most, reminders included; 0: the caller hands the link over."""
    invite_period = models.DurationField(null=True)
    """From one reminder to the next."""
    send_download_link = models.BooleanField(default=True)
    allow_comments = models.BooleanField(default=False)
    allow_refusal = models.BooleanField(default=True)
    allow_delegation = models.BooleanField(default=False)
    hide_recipients = models.BooleanField(default=False)
    """Its people do not see who else takes part."""
    hide_attachments = models.BooleanField(default=False)
    """Its people do not see the documents that nobody signs."""
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("position",)
        constraints = (models.UniqueConstraint(fields=["workflow", "position"], name="one_step_per_position"),)
        indexes = (
            models.Index(
                fields=["started_at"],
                name="steps_underway",
                condition=models.Q(started_at__isnull=False, finished_at=None),
            ),
        )

    @property
    def expires_at(self) -> datetime | None:
        return self.started_at + self.validity_period + self.prolonged if self.started_at else None


class Present(models.Manager["Recipient"]):
    """Those who take part; who was replaced or handed their turn over does not any more."""

    def get_queryset(self) -> models.QuerySet["Recipient"]:
        return super().get_queryset().filter(withdrawn_at=None)


class Recipient(models.Model):
    """Somebody who has to act, with an account or without; of a seal step, the organisation itself."""

    changes_with = "step__workflow"
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
    consent_page = models.ForeignKey(ConsentPage, models.PROTECT, null=True, related_name="+")
    """None for the organisation, which nobody needs to identify."""
    delegated_from = models.ForeignKey("self", models.SET_NULL, null=True, related_name="+")
    """Who handed their turn to this person."""
    withdrawn_at = models.DateTimeField(null=True)
    """When somebody else took this place; from then on the invitation is worth nothing."""
    invited_at = models.DateTimeField(null=True)
    invitations = models.PositiveIntegerField(default=0)
    """How many were sent, reminders included."""
    remind_at = models.DateTimeField(null=True)
    """When the next reminder is due."""
    viewed_at = models.DateTimeField(null=True)
    acted_at = models.DateTimeField(null=True)
    """When they signed or approved: from then on it counts, whatever the platform still has to do."""
    done_at = models.DateTimeField(null=True)
    """When that took effect: the signature stands in the documents."""
    refused_at = models.DateTimeField(null=True)
    refusal_reason = models.TextField(blank=True)
    comment = models.TextField(blank=True)
    """What they wished to say when they acted."""
    level = models.CharField(max_length=12, blank=True, db_default="")
    """What their signature reached: one of `paraph.evidence.SignatureLevel`."""
    anchor = models.BinaryField(null=True)
    """The issuer of their own certificate, where a trusted list named it when they signed and no root leads to it."""

    objects = Present()
    everybody = models.Manager()  # noqa: DJ012  a manager, too

    class Meta:
        ordering = ("position",)
        indexes = (
            models.Index(fields=["remind_at"], name="reminders_due", condition=models.Q(remind_at__isnull=False)),
        )

    @property
    def name(self) -> str:
        return f"{self.first_name} {self.last_name}".strip()

    @property
    def reached(self) -> str:
        """The level of their signature, in words."""
        return str(TEXTS[SignatureLevel(self.level)].title) if self.level else ""

    @property
    def workflow(self) -> Workflow:
        return self.step.workflow


class Document(models.Model):
    """A file on its way: as it came, and as it stands after the signatures so far. Without a profile, an attachment."""

    changes_with = "workflow"
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

    changes_with = "workflow"
    id = _key("upl")
    tenant = models.ForeignKey(Tenant, models.PROTECT, related_name="+")
    workflow = models.ForeignKey(Workflow, models.CASCADE, related_name="uploads")
    part = models.ForeignKey(Part, models.PROTECT, related_name="+")
    created_at = models.DateTimeField()


class RequestedDocument(models.Model):
    """A document asked from a recipient: they hand it over before they act."""

    changes_with = "recipient__step__workflow"
    id = _key("rqd")
    tenant = models.ForeignKey(Tenant, models.PROTECT, related_name="+")
    recipient = models.ForeignKey(Recipient, models.CASCADE, related_name="requested_documents")
    position = models.PositiveIntegerField()
    name = models.CharField(max_length=200)
    required = models.BooleanField(default=True)
    content_types = models.JSONField(default=list)
    """Which kinds of file will do; none named: every kind that the platform takes in."""
    part = models.ForeignKey(Part, models.PROTECT, null=True, related_name="+")
    received_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("position",)


class Watcher(models.Model):
    """An address that is told what happens to a workflow, and may do nothing else."""

    changes_with = "workflow"
    id = _key("wat")
    tenant = models.ForeignKey(Tenant, models.PROTECT, related_name="+")
    workflow = models.ForeignKey(Workflow, models.CASCADE, related_name="watchers")
    email = models.EmailField()
    notified_events = models.JSONField(default=list)

    class Meta:
        ordering = ("pk",)
        constraints = (models.UniqueConstraint(fields=["workflow", "email"], name="one_watcher_per_address"),)


class Access(models.Model):
    """Somebody beside the owner, or a whole group, may read a workflow; `manages`: do what the owner may."""

    tenant = models.ForeignKey(Tenant, models.PROTECT, related_name="+")
    workflow = models.ForeignKey(Workflow, models.CASCADE, related_name="accesses")
    user = models.ForeignKey(User, models.CASCADE, null=True, related_name="+")
    group = models.ForeignKey(Group, models.CASCADE, null=True, related_name="+")
    manages = models.BooleanField(default=False)

    class Meta:
        ordering = ("pk",)
        constraints = (
            models.CheckConstraint(
                condition=models.Q(user=None) ^ models.Q(group=None), name="access_of_a_user_or_a_group"
            ),
            models.UniqueConstraint(fields=["workflow", "user", "manages"], name="one_access_per_user"),
            models.UniqueConstraint(fields=["workflow", "group", "manages"], name="one_access_per_group"),
        )


class Term(models.Model):
    """A word by which a workflow is found, or a fact (`name=contract 42`); triggers keep them (see `keeping`).

    Full-text indexes are of no use here: their operators might leak what row-level security hides, so PostgreSQL does
    not use them before it has looked at every row of the tenant. Comparing texts does not leak.
    """

    pk = models.CompositePrimaryKey("tenant_id", "term", "workflow_id")
    tenant = models.ForeignKey(Tenant, models.DO_NOTHING, related_name="+", db_index=False)
    term = models.CharField(max_length=140, db_collation="C")
    workflow = models.ForeignKey(
        Workflow, models.DO_NOTHING, related_name="+", db_constraint=False, db_index=False
    )  # the database itself lets them go with their workflow

    class Meta:
        indexes = (models.Index(fields=["workflow", "term"], include=["tenant"], name="term_of_workflow"),)
