"""What callers of the REST API may send about templates."""
# ruff: noqa: N815  the fields are spelt as the API spells them

from collections.abc import Mapping
from typing import Annotated, Any, Self

from ninja import Schema
from pydantic import Field, model_validator

from paraph_server.policies.requests import Amount, Currency, DeclaredIn
from paraph_server.workflows import conformity, queries, shapes
from paraph_server.workflows.models import Workflow
from paraph_server.workflows.requests import DATA, FieldIn, FilingClass, Name, RecipientIn, StepIn, Text

Role = Annotated[str, Field(max_length=60, pattern=r"^[^{}.\n]*$")]
Pattern = Annotated[str, Field(max_length=1000)]
Documents = Annotated[list[FieldIn], Field(max_length=100)]


class TemplateRecipientIn(RecipientIn):
    """A role, or somebody who is always the same."""

    role: Role = ""


class TemplateStepIn(StepIn):
    """A step as workflows have them, with roles."""

    recipients: Annotated[list[TemplateRecipientIn], Field(max_length=100)] = []  # type: ignore[assignment]  # a list of more

    def stored(self) -> dict[str, Any]:
        """As it is kept: every way of identification is chosen now, and who is always the same exists."""
        self.check_people()
        for each in self.recipients:
            each.role = " ".join(each.role.split())
            each.consentPageId = (TemplateRecipientIn(consentPageId=each.consentPageId).wanted()).consent_page.pk
            if not each.role:
                each.wanted()
        return self.model_dump(mode="json", exclude_none=True)


class RiskIn(Schema):
    """What the signature policy looks at in each workflow that is made; what is not sent stays as it is."""

    filingClass: FilingClass | None = None
    amount: Amount | None = None
    currency: Currency | None = None
    policyFacts: DeclaredIn | None = None

    def risk(self) -> dict[str, Any]:
        """What is said, as templates keep it."""
        said = {
            "filing_class": None if self.filingClass is None else queries.filed(self.filingClass),
            "amount": self.amount,
            "currency": (self.currency or ("EUR" if self.amount is not None else "")).upper() or None,
            "declared": None if self.policyFacts is None else conformity.written(self.policyFacts.facts()),
        }
        return {name: value for name, value in said.items() if value is not None}


def risk(workflow: Workflow | None) -> dict[str, Any]:
    """The same of a workflow that a template is made of."""
    names = ("filing_class", "amount", "currency", "declared")
    return {name: getattr(workflow, name) for name in names} if workflow else {}


class TemplateIn(RiskIn):
    """A template to create, from scratch or from a workflow; texts may have gaps such as `{employee.lastName}`."""

    name: Name
    description: Text = ""
    workflowName: Annotated[str, Field(max_length=200)] = ""
    workflowDescription: Text = ""
    data: dict[str, Pattern] = {}
    steps: Annotated[list[TemplateStepIn], Field(max_length=100)] = []
    viewAuthorizedGroups: Annotated[list[str], Field(max_length=100)] = []
    workflowId: str | None = None
    """Take steps and documents from this workflow."""
    roles: dict[str, Role] = {}
    """With `workflowId`: the roles that take the place of recipients, by their ids or addresses."""

    @model_validator(mode="after")
    def _data_is_known(self) -> Self:
        check_data(self.data)
        return self


class TemplatePatch(RiskIn):
    """What changes."""

    name: Name | None = None
    description: Text | None = None
    workflowName: Name | None = None
    workflowDescription: Text | None = None
    data: dict[str, Pattern] | None = None
    steps: Annotated[list[TemplateStepIn], Field(max_length=100)] | None = None
    viewAuthorizedGroups: Annotated[list[str], Field(max_length=100)] | None = None

    @model_validator(mode="after")
    def _data_is_known(self) -> Self:
        check_data(self.data or {})
        return self


class TemplateDocumentPatch(Schema):
    """How a document is signed, where, and what is filled into its form."""

    signatureProfileId: str | None = None
    pdfSignatureFields: Documents | None = None
    formValues: Annotated[dict[str, Pattern], Field(max_length=500)] | None = None


def check_data(data: dict[str, str]) -> None:
    """`data1` … `data16`, no others; a ValueError becomes a problem document."""
    if unknown := sorted(set(data) - set(DATA)):
        raise ValueError(f"{unknown[0]} is none of data1 to data16")


def of_workflow(workflow: Workflow, roles: Mapping[str, str]) -> list[TemplateStepIn]:
    """The steps of a workflow; `roles` says by id or address whose place a role takes."""
    steps = []
    for step in workflow.steps.all():
        written: dict[str, Any] = {**shapes.step(step, []), "id": ""}
        people = [_or_role(each, roles) for each in written["recipients"]]
        steps.append(TemplateStepIn.model_validate({**written, "recipients": people}))
    return steps


def _or_role(person: Mapping[str, Any], roles: Mapping[str, str]) -> dict[str, Any]:
    role = roles.get(person["id"]) or roles.get(person["email"], "")
    if role:
        return {"role": role, "consentPageId": person["consentPageId"]}
    return {name: value for name, value in person.items() if value is not None}


class UploadIn(Schema):
    """What becomes of the files."""

    signatureProfileId: str = Field("", max_length=40, description="How they are signed.")
