"""A bulk send and its rows. What state one is in is derived from what has happened."""

import functools
from typing import Any

from django.db import models

from paraph_server.accounts.models import Tenant, User
from paraph_server.documents.models import Part
from paraph_server.policies.models import PolicyVersion
from paraph_server.templates.content import Content
from paraph_server.templates.models import Template
from paraph_server.web import ids
from paraph_server.workflows.models import Workflow


def _key(prefix: str) -> Any:
    return models.CharField(primary_key=True, max_length=32, default=functools.partial(ids.new, prefix))


class Status(models.TextChoices):
    CHECKING = "checking"
    REFUSED = "refused"
    """The file as a whole cannot be used; `problem` says why."""
    CHECKED = "checked"
    """It waits for its start."""
    STARTED = "started"
    PAUSED = "paused"
    CANCELLED = "cancelled"
    FINISHED = "finished"


class BulkSend(models.Model):
    """Workflows of one template in one version, one for each row of a file."""

    id = _key("blk")
    tenant = models.ForeignKey(Tenant, models.PROTECT, related_name="+")
    owner = models.ForeignKey(User, models.PROTECT, related_name="+")
    template = models.ForeignKey(Template, models.PROTECT, related_name="+")
    content = models.JSONField()
    """The template as it was: see `templates.content`."""
    file = models.ForeignKey(Part, models.PROTECT, related_name="+")
    language = models.CharField(max_length=5)
    """Of what is said about its rows, and of dates in a workbook."""
    starts_itself = models.BooleanField(default=False)
    """Once it is checked, if nothing is wrong with any row."""
    ignored = models.JSONField(default=list)
    """Headings of columns that the template does not ask for."""
    problem = models.TextField(blank=True)
    policy = models.ForeignKey(PolicyVersion, models.PROTECT, null=True, related_name="+")
    """The signature policy that its rows were checked with."""
    override_reason = models.TextField(blank=True, db_default="")
    """Why rows are sent below that policy, if they are, and who says so."""
    overridden_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()
    checked_at = models.DateTimeField(null=True)
    started_at = models.DateTimeField(null=True)
    paused_at = models.DateTimeField(null=True)
    cancelled_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        indexes = (
            models.Index(fields=["owner", "-created_at"], name="bulk_sends_of_an_owner"),
            models.Index(fields=["template", "-created_at"], name="bulk_sends_of_a_template"),
        )

    @property
    def status(self) -> Status:
        if self.cancelled_at:
            return Status.CANCELLED
        if self.problem:
            return Status.REFUSED
        if self.finished_at:
            return Status.FINISHED
        if self.paused_at:
            return Status.PAUSED
        if self.started_at:
            return Status.STARTED
        return Status.CHECKED if self.checked_at else Status.CHECKING

    @property
    def made_of(self) -> Content:
        return Content.model_validate(self.content)


class Row(models.Model):
    """One row of the file, and the workflow that came of it, once."""

    class State(models.TextChoices):
        FAULTY = "faulty"
        """Something is wrong with what stands in it; it is never sent."""
        BELOW = "below"
        """It could be sent, and its signers would sign below the signature policy."""
        WAITING = "waiting"
        DONE = "done"
        FAILED = "failed"
        """Its workflow could not be made; it can be tried again."""

    tenant = models.ForeignKey(Tenant, models.PROTECT, related_name="+")
    bulk_send = models.ForeignKey(BulkSend, models.CASCADE, related_name="rows")
    number = models.PositiveIntegerField()
    """As people see it in their spreadsheet."""
    values = models.JSONField()
    state = models.CharField(max_length=8, choices=State.choices)
    faults = models.JSONField(default=list)
    """What is wrong: the heading of the column, and a sentence."""
    workflow = models.OneToOneField(Workflow, models.PROTECT, null=True, related_name="+")
    settled_at = models.DateTimeField(null=True)
    """When it was done, or failed."""

    class Meta:
        ordering = ("number",)
        constraints = (
            models.UniqueConstraint(fields=["bulk_send", "number"], name="each_row_once"),
            models.CheckConstraint(
                condition=models.Q(state="done", workflow__isnull=False)
                | ~models.Q(state="done") & models.Q(workflow=None),
                name="done_means_a_workflow",
            ),
        )
        indexes = (models.Index(fields=["bulk_send", "state", "number"], name="rows_by_state"),)
