"""Bulk sends as the REST API writes them."""

from typing import Annotated, Any, NotRequired

from pydantic import Field
from typing_extensions import TypedDict

from paraph_server.accounts.schemas import TenantId, UserId
from paraph_server.bulk import models
from paraph_server.bulk.models import Status
from paraph_server.templates.schemas import TemplateId
from paraph_server.web.schemas import Milliseconds, identifier
from paraph_server.workflows.schemas import Happened, Part, WorkflowId

Count = Annotated[int, Field(examples=[12])]


class BulkSend(TypedDict):
    """A spreadsheet of which each row becomes a workflow. What has not happened is absent."""

    id: Annotated[str, identifier("blk", "a bulk send")]
    tenantId: TenantId
    userId: UserId
    templateId: TemplateId | None
    templateVersion: Annotated[int, Field(description="As the template was then.", examples=[3])]
    status: Annotated[str, Field(description="How far it is.", json_schema_extra={"enum": [*Status.values]})]
    file: Part
    ignoredColumns: Annotated[list[str], Field(description="Columns that the template does not ask for.")]
    problem: Annotated[str | None, Field(description="Why the file as a whole cannot be used.")]
    total: Count
    waiting: Count
    done: Count
    failed: Count
    faulty: Count
    below: Annotated[int, Field(description="Below the signature policy.", examples=[3])]
    signaturePolicyId: Annotated[str | None, Field(description="The policy that the rows were checked with.")]
    overrideReason: Annotated[str | None, Field(description="Why rows are sent below it.")]
    progress: Annotated[int, Field(description="Percent.", examples=[40])]
    rowsPerSecond: Annotated[float, Field(examples=[12.5])]
    timeLeft: Annotated[int | None, Field(description="Milliseconds.", examples=[60_000])]
    created: Milliseconds
    updated: Milliseconds
    checked: NotRequired[Happened]
    started: NotRequired[Happened]
    paused: NotRequired[Happened]
    cancelled: NotRequired[Happened]
    finished: NotRequired[Happened]


class Fault(TypedDict):
    """What is wrong with a row."""

    column: Annotated[str | None, Field(description="Where.", examples=["employee.email"])]
    message: Annotated[str, Field(examples=["This is no e-mail address."])]


class Row(TypedDict):
    """A row of a bulk send."""

    number: Annotated[int, Field(description="As people see it in their spreadsheet.", examples=[2])]
    state: models.Row.State
    values: Annotated[dict[str, Any], Field(examples=[{"employee.email": "bob@example.org"}])]
    faults: list[Fault]
    workflowId: WorkflowId | None
    settled: Milliseconds | None
