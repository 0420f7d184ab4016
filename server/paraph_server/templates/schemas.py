"""Templates as the REST API writes them."""

from typing import Annotated, Any

from pydantic import Field
from typing_extensions import TypedDict

from paraph_server.accounts.schemas import GroupId, TenantId, UserId
from paraph_server.policies.schemas import PolicyFacts
from paraph_server.web.schemas import Milliseconds, identifier
from paraph_server.workflows.schemas import Part, SignatureField, SignatureProfileId

TemplateId = Annotated[str, identifier("tpl", "a template")]


class TemplateColumn(TypedDict):
    """What a row of a bulk send holds."""

    key: Annotated[str, Field(description="For programs.", examples=["employee.email"])]
    label: Annotated[str, Field(description="For people.", examples=["Employee: e-mail"])]
    isRequired: bool


class FormField(TypedDict):
    """A text field of a file's form."""

    name: Annotated[str, Field(examples=["amount"])]
    maxLength: Annotated[int | None, Field(examples=[40])]


class TemplateDocument(TypedDict):
    """A file of a template."""

    id: Annotated[str, identifier("tdo", "a template's document")]
    templateId: TemplateId
    signatureProfileId: SignatureProfileId | None
    parts: list[Part]
    pdfSignatureFields: list[SignatureField]
    formFields: list[FormField]
    formValues: Annotated[dict[str, str], Field(description="What the fields are filled with.")]


class Template(TypedDict):
    """What workflows are made of, with roles in the place of people."""

    id: TemplateId
    tenantId: TenantId
    userId: UserId
    name: Annotated[str, Field(examples=["Employment contract"])]
    description: str
    workflowName: Annotated[str, Field(examples=["Contract of {{employee.lastName}}"])]
    workflowDescription: str
    data: Annotated[dict[str, str], Field(examples=[{"data1": "HR"}])]
    filingClass: Annotated[str | None, Field(description="Where they are filed.", examples=["RH/Contrats"])]
    amount: Annotated[float | None, Field(description="What each commits to at most.", examples=[4999.99])]
    currency: Annotated[str | None, Field(description="Of the amount, ISO 4217.", examples=["EUR"])]
    policyFacts: Annotated[PolicyFacts, Field(description="What is said of them for the signature policy.")]
    steps: Annotated[list[dict[str, Any]], Field(description="As in a workflow, with roles.")]
    roles: Annotated[list[str], Field(examples=[["employee"]])]
    columns: list[TemplateColumn]
    documents: list[TemplateDocument]
    viewAuthorizedGroups: list[GroupId]
    version: Annotated[int, Field(examples=[3])]
    created: Milliseconds
    updated: Milliseconds


class TemplateUpload(TypedDict):
    """What became of the files that were sent."""

    documents: list[TemplateDocument]
    parts: list[Part]
