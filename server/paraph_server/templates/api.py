"""Templates over REST. No decisions here."""

from datetime import datetime

from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone
from ninja import Query, Router, Status

from paraph_server.accounts.api import caller
from paraph_server.accounts.models import User
from paraph_server.documents import actions as documents
from paraph_server.journal.actions import Actor
from paraph_server.journal.actors import acting
from paraph_server.templates import actions, queries, requests, schemas, shapes
from paraph_server.templates.filling import Facts
from paraph_server.templates.models import Template
from paraph_server.templates.requests import TemplateDocumentPatch, TemplateIn, TemplatePatch, UploadIn
from paraph_server.web.listing import Listing
from paraph_server.web.schemas import Page, uploads
from paraph_server.workflows import queries as workflows
from paraph_server.workflows import receiving
from paraph_server.workflows.documents_api import profile, sent
from paraph_server.workflows.models import Workflow
from paraph_server.workflows.origins import makes
from paraph_server.workflows.receiving import Wish
from paraph_server.workflows.requests import WorkflowIn

router = Router(tags=["templates"])

SORTABLE = {"updated": "updated_at", "created": "created_at", "name": "name"}


@router.get("/templates", summary="List templates", response=Page[schemas.Template])
def templates(request: HttpRequest, listing: Query[Listing]) -> Page[schemas.Template]:
    """Your own, and those that your group may use."""
    found = queries.usable_by(caller(request)).filter(name__icontains=listing.text)
    return listing.page(listing.sorted(found, SORTABLE), shapes.template)


@router.post("/templates", summary="Create a template", response=schemas.Template)
@transaction.atomic
def create(request: HttpRequest, payload: TemplateIn) -> schemas.Template:
    """From scratch, or with `workflowId` from a workflow and its documents."""
    user = caller(request)
    workflow = workflows.workflow(user, payload.workflowId) if payload.workflowId else None
    steps = requests.of_workflow(workflow, payload.roles) if workflow else payload.steps
    made = actions.create(
        user,
        name=payload.name,
        description=payload.description,
        workflow_name=payload.workflowName or (workflow.name if workflow else payload.name),
        workflow_description=payload.workflowDescription or (workflow.description if workflow else ""),
        data=(workflow.data if workflow else {}) | payload.data,
        **requests.risk(workflow) | payload.risk(),
        steps=[each.stored() for each in steps],
        groups=payload.viewAuthorizedGroups,
        documents_of=workflow,
        by=acting(request),
        at=timezone.now(),
    )
    return _shown(user, made)


@router.get("/templates/{template_id}", summary="A template", response=schemas.Template)
def template(request: HttpRequest, template_id: str) -> schemas.Template:
    return shapes.template(queries.template(caller(request), template_id))


@router.patch("/templates/{template_id}", summary="Change a template", response=schemas.Template)
def change(request: HttpRequest, template_id: str, payload: TemplatePatch) -> schemas.Template:
    """Workflows and bulk sends that exist already stay as they are."""
    user = caller(request)
    changed = actions.change(
        queries.own(user, template_id),
        name=payload.name,
        description=payload.description,
        workflow_name=payload.workflowName,
        workflow_description=payload.workflowDescription,
        data=payload.data,
        **payload.risk(),
        steps=None if payload.steps is None else [each.stored() for each in payload.steps],
        groups=payload.viewAuthorizedGroups,
        by=acting(request),
        at=timezone.now(),
    )
    return _shown(user, changed)


@router.delete("/templates/{template_id}", summary="Remove a template", response={204: None})
def remove(request: HttpRequest, template_id: str) -> Status[None]:
    actions.remove(queries.own(caller(request), template_id), by=acting(request), at=timezone.now())
    return Status(204, None)


@router.post(
    "/templates/{template_id}/parts",
    summary="Upload documents to a template",
    response=schemas.TemplateUpload,
    openapi_extra=uploads(),
)
@transaction.atomic
def upload(request: HttpRequest, template_id: str, wanted: Query[UploadIn]) -> schemas.TemplateUpload:
    """As for workflows: the raw bytes, or a form with one or more files. Without a profile, attachments."""
    found, chosen = queries.own(caller(request), template_id), profile(wanted.signatureProfileId)
    by, at = acting(request), timezone.now()
    taken = receiving.receive(found.tenant_id, sent(request), Wish(chosen)).files
    parts = [documents.add(found.tenant_id, each, by=by, at=at) for each in taken]
    added = [actions.add_document(found, part, profile=chosen, by=by, at=at) for part in parts]
    shown = [shapes.document(each) for each in added]
    return {"documents": shown, "parts": [part for each in shown for part in each["parts"]]}


@router.patch(
    "/templates/{template_id}/parts/{document_id}",
    summary="How a template's document is signed and filled",
    response=schemas.TemplateDocument,
)
@transaction.atomic
def change_document(
    request: HttpRequest, template_id: str, document_id: str, payload: TemplateDocumentPatch
) -> schemas.TemplateDocument:
    found, by = queries.document(queries.own(caller(request), template_id), document_id), acting(request)
    if payload.signatureProfileId is not None:
        found = actions.choose_profile(found, profile(payload.signatureProfileId), by=by, at=timezone.now())
    fields = None if payload.pdfSignatureFields is None else [each.wanted() for each in payload.pdfSignatureFields]
    if fields is not None or payload.formValues is not None:
        found = actions.change_document(found, fields=fields, values=payload.formValues, by=by, at=timezone.now())
    return shapes.document(found)


@router.delete(
    "/templates/{template_id}/parts/{document_id}", summary="Take a document out of a template", response={204: None}
)
def remove_document(request: HttpRequest, template_id: str, document_id: str) -> Status[None]:
    found = queries.document(queries.own(caller(request), template_id), document_id)
    actions.remove_document(found, by=acting(request), at=timezone.now())
    return Status(204, None)


@makes("templateId")
@transaction.atomic
def of_template(wanted: WorkflowIn, *, owner: User, by: Actor, at: datetime) -> Workflow:
    """A workflow of a template; what the caller says besides wins."""
    found = queries.content(queries.template(owner, wanted.templateId or ""))
    said = {"name": wanted.name, "description": wanted.description or None}
    content = found.model_copy(
        update={name: text for name, text in said.items() if text} | {"data": found.data | wanted.data()}
    )
    facts = Facts.given(wanted.roles, wanted.values)
    return actions.use(content, queries.asked(content), facts, owner=owner, said=wanted.wanted(), by=by, at=at)


def _shown(user: User, found: Template) -> schemas.Template:
    return shapes.template(queries.template(user, found.pk))
