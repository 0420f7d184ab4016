"""A template and its documents. What is made of it holds copies: a change to a template changes no workflow."""

import functools
from typing import Any

from django.db import models

from paraph_server.accounts.models import Tenant, User
from paraph_server.documents.models import Part
from paraph_server.web import ids
from paraph_server.workflows.models import SignatureProfile


def _key(prefix: str) -> Any:
    return models.CharField(primary_key=True, max_length=32, default=functools.partial(ids.new, prefix))


class Template(models.Model):
    """A workflow in which people are roles and texts have gaps, `{employee.lastName}`."""

    id = _key("tpl")
    tenant = models.ForeignKey(Tenant, models.PROTECT, related_name="+")
    owner = models.ForeignKey(User, models.PROTECT, related_name="+")
    groups = models.JSONField(default=list)
    """The ids of the groups whose users may use it, beside its owner."""
    name = models.CharField(max_length=200)
    description = models.TextField(blank=True)
    workflow_name = models.CharField(max_length=200)
    workflow_description = models.TextField(blank=True)
    data = models.JSONField(default=dict)
    """`data1` … `data16` of the workflows, with gaps."""
    filing_class = models.CharField(max_length=200, blank=True, db_default="")
    """Where the workflows are filed."""
    amount = models.DecimalField(max_digits=18, decimal_places=2, null=True)
    """What each workflow commits to at most, in `currency`."""
    currency = models.CharField(max_length=3, blank=True, db_default="")
    declared = models.JSONField(default=dict, db_default=models.Value({}, models.JSONField()))
    """What is said of the workflows for the signature policy, as in workflows."""
    steps = models.JSONField(default=list)
    """As the REST API writes them, `role` in the place of a person."""
    version = models.PositiveIntegerField(default=1)
    """Counts the changes."""
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()
    removed_at = models.DateTimeField(null=True)

    class Meta:
        indexes = (models.Index(fields=["tenant", "-updated_at"]),)


class TemplateDocument(models.Model):
    """A file that every workflow gets, its text fields filled with `values`. Without a profile, an attachment."""

    changes_with = "template"
    id = _key("tdo")
    tenant = models.ForeignKey(Tenant, models.PROTECT, related_name="+")
    template = models.ForeignKey(Template, models.CASCADE, related_name="documents")
    position = models.PositiveIntegerField()
    part = models.ForeignKey(Part, models.PROTECT, related_name="+")
    signature_profile = models.ForeignKey(SignatureProfile, models.PROTECT, null=True, related_name="+")
    signature_fields = models.JSONField(default=list)
    """As the REST API writes `pdfSignatureFields`."""
    text_fields = models.JSONField(default=dict)
    """The text fields of its form: for each name how many characters it holds, None for as many as one likes."""
    values = models.JSONField(default=dict)
    """What is filled into them, with gaps."""

    class Meta:
        ordering = ("position",)
        constraints = (models.UniqueConstraint(fields=["template", "position"], name="one_file_per_position"),)
