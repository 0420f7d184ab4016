"""Find templates, and what they ask for."""

from datetime import datetime
from typing import Any

from django.db.models import Prefetch, Q, QuerySet
from django.utils.translation import gettext as _

from paraph_server.accounts.models import User
from paraph_server.policies import queries as policies
from paraph_server.policies.forms import answers
from paraph_server.templates import columns
from paraph_server.templates.columns import Column, Columns
from paraph_server.templates.content import Content, Paper
from paraph_server.templates.errors import NoSuchTemplate, NoSuchTemplateDocument
from paraph_server.templates.models import Template, TemplateDocument
from paraph_server.workflows import queries as workflows


def usable_by(user: User) -> QuerySet[Template]:
    """The templates that somebody may use: their own, and those given to one of their groups."""
    mine = Q(owner=user)
    for group_id in user.rights_by_group:
        mine |= Q(groups__contains=[group_id])
    papers = TemplateDocument.objects.select_related("part", "signature_profile")
    return (
        Template.objects.filter(mine, removed_at=None)
        .select_related("owner")
        .prefetch_related(Prefetch("documents", papers))
        .order_by("-updated_at")
    )


def template(user: User, template_id: str) -> Template:
    """One that somebody may use; raises `NoSuchTemplate`."""
    return _one(usable_by(user), template_id)


def own(user: User, template_id: str) -> Template:
    """One that somebody may change; raises `NoSuchTemplate`."""
    return _one(usable_by(user).filter(owner=user), template_id)


def _one(among: QuerySet[Template], template_id: str) -> Template:
    found = among.filter(pk=template_id).first()
    if found is None:
        raise NoSuchTemplate(_("There is no such template."))
    return found


def document(template: Template, document_id: str) -> TemplateDocument:
    found = next((each for each in template.documents.all() if each.pk == document_id), None)
    if found is None:
        raise NoSuchTemplateDocument(_("There is no such document."))
    return found


def content(template: Template) -> Content:
    """What goes into workflows, as it is now."""
    return Content(
        template=template.pk,
        version=template.version,
        name=template.workflow_name,
        description=template.workflow_description,
        data=template.data,
        filing_class=template.filing_class,
        amount=template.amount,
        currency=template.currency,
        declared=template.declared,
        steps=template.steps,
        papers=[_paper(each) for each in template.documents.all()],
    )


def _paper(document: TemplateDocument) -> Paper:
    return Paper(
        part=document.part_id,
        profile=document.signature_profile_id,
        fields=document.signature_fields,
        text_fields=document.text_fields,
        values=document.values,
    )


def asked(content: Content) -> Columns:
    """What a template wants to know for each workflow; raises `BadTemplate`."""
    by_phone = frozenset(each.pk for each in workflows.consent_pages() if each.by_phone)
    return columns.of(content, by_phone=by_phone)


def asked_now(template: Template, *, at: datetime) -> list[Column]:
    """The columns of a spreadsheet to fill in; of what rows may say for the signature policy, what that asks for."""
    policy = policies.in_force(template.tenant_id, at)
    risks = answers(policy.table) if policy else set()
    return [each for each in asked(content(template)) if not each.risk or each.risk in risks]


def people(template: Template) -> list[dict[str, Any]]:
    """Everybody in a template, roles and persons, in the order in which they act."""
    return [each for step in template.steps for each in step["recipients"]]
