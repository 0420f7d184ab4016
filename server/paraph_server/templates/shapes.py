"""Templates as the REST API writes them."""

from paraph_server.policies import shapes as policies
from paraph_server.policies import stored
from paraph_server.templates import queries, schemas
from paraph_server.templates.columns import Column
from paraph_server.templates.models import Template, TemplateDocument
from paraph_server.web.moments import milliseconds
from paraph_server.workflows.shapes import part


def template(found: Template) -> schemas.Template:
    content = queries.content(found)
    return {
        "id": found.pk,
        "tenantId": found.tenant_id,
        "userId": found.owner_id,
        "name": found.name,
        "description": found.description,
        "workflowName": found.workflow_name,
        "workflowDescription": found.workflow_description,
        "data": found.data,
        "filingClass": found.filing_class or None,
        "amount": None if found.amount is None else float(found.amount),
        "currency": found.currency or None,
        "policyFacts": policies.facts(stored.facts(found.declared)),
        "steps": found.steps,
        "roles": content.roles(),
        "columns": [column(each) for each in queries.asked(content)],
        "documents": [document(each) for each in found.documents.all()],
        "viewAuthorizedGroups": found.groups,
        "version": found.version,
        "created": milliseconds(found.created_at),
        "updated": milliseconds(found.updated_at),
    }


def column(found: Column) -> schemas.TemplateColumn:
    """What a row of a bulk send holds: `key` names it for programs, `label` for people."""
    return {"key": found.key, "label": found.label, "isRequired": found.required}


def document(found: TemplateDocument) -> schemas.TemplateDocument:
    return {
        "id": found.pk,
        "templateId": found.template_id,
        "signatureProfileId": found.signature_profile_id,
        "parts": [part(found.part)],
        "pdfSignatureFields": found.signature_fields,
        "formFields": [{"name": name, "maxLength": longest} for name, longest in found.text_fields.items()],
        "formValues": found.values,
    }
