"""Make templates, and workflows of them."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from io import BytesIO
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from paraph.formats.pdf import forms

from paraph_server.accounts.models import Group, User
from paraph_server.documents import actions as documents
from paraph_server.documents import queries as stored
from paraph_server.documents.models import Part
from paraph_server.journal.actions import Actor, record
from paraph_server.policies import stored as risks
from paraph_server.templates import queries
from paraph_server.templates.columns import Columns
from paraph_server.templates.content import Content, Paper
from paraph_server.templates.errors import BadTemplate
from paraph_server.templates.filling import Facts, Filling
from paraph_server.templates.models import Template, TemplateDocument
from paraph_server.workflows import actions as workflows
from paraph_server.workflows import conformity, contents
from paraph_server.workflows.models import SignatureProfile, Workflow

PDF = "application/pdf"
MOST_DOCUMENTS = 20
NOTHING_BESIDES = workflows.NewWorkflow("")


@transaction.atomic
def create(
    owner: User, *, name: str, documents_of: Workflow | None = None, by: Actor, at: datetime, **more: Any
) -> Template:
    """A template, perhaps with the documents of a workflow; `more` is what `change` takes.

    Raises:
        BadTemplate: its roles or texts contradict each other.
    """
    made = Template.objects.create(
        tenant_id=owner.tenant_id, owner=owner, name=name, workflow_name=name, created_at=at, updated_at=at
    )
    _set(made, **more)
    made.save()
    made = _settle(made, "template:created", by, at)
    for each in documents_of.documents.select_related("original", "signature_profile") if documents_of else ():
        profile, fields = each.signature_profile, each.signature_fields
        add_document(made, each.original, profile=profile, fields=fields, by=by, at=at)
    return made


@transaction.atomic
def change(template: Template, *, by: Actor, at: datetime, **changes: Any) -> Template:
    """Set any of a template's fields; None leaves one as it is.

    Raises:
        BadTemplate: its roles or texts would contradict each other.
    """
    template = _locked(template)
    _set(template, **changes)
    return _changed(template, "template:changed", by, at)


@transaction.atomic
def add_document(
    template: Template,
    part: Part,
    *,
    profile: SignatureProfile | None,
    fields: Sequence[Any] = (),
    by: Actor,
    at: datetime,
) -> TemplateDocument:
    """Add a file; without a profile it is an attachment.

    Raises:
        BadTemplate: there are too many.
    """
    template = _locked(template)
    last = template.documents.last()
    if template.documents.count() >= MOST_DOCUMENTS:
        raise BadTemplate(_("A template holds %(most)d documents at most.") % {"most": MOST_DOCUMENTS})
    found = forms.text_fields(stored.content(part)) if part.content_type == PDF else ()
    document = TemplateDocument.objects.create(
        tenant_id=template.tenant_id,
        template=template,
        position=last.position + 1 if last else 0,
        part=part,
        signature_profile=profile,
        signature_fields=list(fields),
        text_fields={each.name: each.max_length for each in found},
    )
    _changed(template, "template:document-added", by, at, document=document.pk, part=part.pk, sha256=part.hash)
    return document


@transaction.atomic
def change_document(
    document: TemplateDocument,
    *,
    fields: Sequence[Mapping[str, Any]] | None = None,
    values: Mapping[str, str] | None = None,
    by: Actor,
    at: datetime,
) -> TemplateDocument:
    """Say where a document is signed, and what is filled into its form.

    Raises:
        BadTemplate: its form has no such field.
    """
    template = _locked(document.template)
    if fields is not None:
        document.signature_fields = [dict(each) for each in fields]
    if values is not None:
        document.values = {name: text for name, text in values.items() if text}
    if unknown := sorted(set(document.values) - set(document.text_fields)):
        raise BadTemplate(_("The form has no text field %(name)s.") % {"name": unknown[0]})
    document.save()
    _changed(template, "template:document-changed", by, at, document=document.pk)
    return document


@transaction.atomic
def choose_profile(
    document: TemplateDocument, profile: SignatureProfile | None, *, by: Actor, at: datetime
) -> TemplateDocument:
    """Say how a document is signed, or that it is an attachment that nobody signs."""
    template = _locked(document.template)
    document.signature_profile = profile
    document.save(update_fields=["signature_profile"])
    profile_id = profile.pk if profile else None
    _changed(template, "template:profile-chosen", by, at, document=document.pk, profile=profile_id)
    return document


@transaction.atomic
def remove_document(document: TemplateDocument, *, by: Actor, at: datetime) -> None:
    template = _locked(document.template)
    removed = document.pk
    document.delete()
    _changed(template, "template:document-removed", by, at, document=removed)


@transaction.atomic
def remove(template: Template, *, by: Actor, at: datetime) -> None:
    """Nobody uses it any more; workflows and bulk sends that came of it go on."""
    template = _locked(template)
    template.removed_at = at
    _changed(template, "template:removed", by, at)


# ---------------------------------------------------------------- use


@transaction.atomic
def use(
    content: Content,
    columns: Columns,
    facts: Facts,
    *,
    owner: User,
    said: workflows.NewWorkflow = NOTHING_BESIDES,
    by: Actor,
    at: datetime,
) -> Workflow:
    """A draft with everything in it, and what is `said` besides; steps take the place of the template's.

    Raises:
        MissingValue: a role has nobody, or a gap nothing to be filled with.
        PlatformError, ParaphError: as making the workflow and taking in the filled documents do.
    """
    filling = Filling(content, columns, facts)
    wanted = filling.workflow() if not said.steps else _with_steps(content, filling, said.steps)
    said = _with_risk(content, said)
    wanted = replace(said, name=wanted.name, description=wanted.description, steps=wanted.steps, data=wanted.data)
    parts = [_part(paper, filling.values(paper), by=by, at=at) for paper in content.papers]
    workflow = workflows.create(wanted, owner=owner, by=by, at=at)
    for paper, part in zip(content.papers, parts, strict=True):
        profile = SignatureProfile.objects.get(pk=paper.profile) if paper.profile else None
        document = contents.add_document(workflow, part, profile=profile, by=by, at=at)
        if paper.fields:
            contents.place_fields(document, paper.fields, by=by, at=at)
    used = {"template": content.template, "version": content.version}
    record("template:used", tenant=owner.tenant_id, subject=workflow.pk, by=by, at=at, **used)
    return workflow


def _with_steps(content: Content, filling: Filling, steps: Sequence[workflows.NewStep]) -> workflows.NewWorkflow:
    data = {name: filling.text(pattern) for name, pattern in content.data.items()}
    return workflows.NewWorkflow(filling.text(content.name), filling.text(content.description), steps, data)


def _with_risk(content: Content, said: workflows.NewWorkflow) -> workflows.NewWorkflow:
    """What the signature policy looks at: as it is said, else as the template has it."""
    declared = risks.facts(content.declared | conformity.written(said.declared))
    amount, currency = (content.amount, content.currency) if said.amount is None else (said.amount, said.currency)
    filing_class = said.filing_class or content.filing_class
    return replace(said, filing_class=filing_class, amount=amount, currency=currency, declared=declared)


def _part(paper: Paper, values: Mapping[str, str], *, by: Actor, at: datetime) -> Part:
    """The file itself, or a filled copy, which passes the same gate as any upload."""
    part = Part.objects.get(pk=paper.part)
    if not values:
        return part
    filled = forms.fill(stored.content(part), values)
    return documents.receive(part.tenant_id, BytesIO(filled), part.filename, by=by, at=at)


# ---------------------------------------------------------------- within one transaction


def _set(template: Template, **wanted: Any) -> None:
    for name, value in wanted.items():
        if value is not None:
            setattr(template, name, value)
    template.amount = template.amount if template.currency else None
    template.workflow_name = template.workflow_name or template.name
    known = Group.objects.filter(tenant=template.tenant_id, pk__in=template.groups).values_list("pk", flat=True)
    if missing := set(template.groups) - set(known):
        raise BadTemplate(_("There is no group %(id)s.") % {"id": missing.pop()})


def _changed(template: Template, event: str, by: Actor, at: datetime, **details: Any) -> Template:
    template.version += 1
    template.updated_at = at
    template.save()
    return _settle(template, event, by, at, **details)


def _settle(template: Template, event: str, by: Actor, at: datetime, **details: Any) -> Template:
    """See that the whole is sound, and write it down."""
    template = Template.objects.prefetch_related("documents").get(pk=template.pk)
    queries.asked(queries.content(template))
    record(event, tenant=template.tenant_id, subject=template.pk, by=by, at=at, version=template.version, **details)
    return template


def _locked(template: Template) -> Template:
    return Template.objects.select_for_update().get(pk=template.pk)
