"""Webhooks as the REST API writes them."""

from typing import Annotated, Literal, NotRequired

from pydantic import Field
from typing_extensions import TypedDict

from paraph_server.accounts.schemas import TenantId, UserId
from paraph_server.web.schemas import EXAMPLE, Email, Milliseconds, identifier
from paraph_server.workflows.events import EventType
from paraph_server.workflows.schemas import StepId, WorkflowId

WebhookId = Annotated[str, identifier("wbh", "a webhook")]
WebhookEventId = Annotated[str, identifier("wbe", "an event, the same at every delivery")]


class Webhook(TypedDict):
    """Where a program wants to hear of its user's workflows, or of all of the organisation's."""

    id: WebhookId
    tenantId: TenantId
    userId: UserId
    isGlobal: Annotated[bool, Field(description="Whether it hears of everybody's workflows.")]
    endpointUrl: Annotated[str, Field(examples=["https://example.org/paraph"])]
    notifiedEvents: Annotated[list[EventType], Field(description="None means all.")]
    isDisabled: bool
    created: Milliseconds
    updated: Milliseconds


class NewWebhook(Webhook):
    """A webhook, with what its deliveries are signed with."""

    secret: Annotated[
        str,
        Field(
            description="Shown this once; Standard Webhooks' `whsec_…`.",
            examples=["whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD"],
        ),
    ]


class Attempt(TypedDict):
    """One delivery."""

    created: Milliseconds
    accepted: bool
    answer: Annotated[str, Field(description="What the endpoint said.", examples=["HTTP status 200"])]


class WebhookEvent(TypedDict):
    """What an endpoint is told, and how it took it."""

    id: WebhookEventId
    eventType: EventType
    workflowId: WorkflowId
    tenantId: TenantId
    webhookId: WebhookId
    created: Milliseconds
    stepId: NotRequired[StepId | None]
    recipientEmail: NotRequired[Email]
    recipientUserId: NotRequired[UserId | None]
    delivered: Annotated[Milliseconds | None, Field(description="When the endpoint took it.")]
    failed: Annotated[Milliseconds | None, Field(description="When it was given up.")]
    attempts: list[Attempt]


Progress = Annotated[
    Literal["queued", "deferred", "sent", "failed", "delivered", "opened"],
    Field(
        description="`deferred`: it was tried and will be tried again. `sent`: the other side took it. `failed`: it was"
        " refused for good, given up, or did not arrive. `delivered`: the carrier reports that it arrived. `opened`:"
        " the recipient came through its link.",
        examples=["sent"],
    ),
]


class Occurrence(TypedDict):
    """One thing that became of a message or of a webhook event."""

    status: Progress
    created: Milliseconds
    reason: NotRequired[Annotated[str, Field(description="What the other side answered.", examples=["250 Ok"])]]


class Delivery(TypedDict):
    """One message to one person, or one event told to one endpoint, and what became of it."""

    id: Annotated[str, Field(description="Of the message, or of the webhook event.", examples=[f"msg_{EXAMPLE}"])]
    channel: Literal["email", "sms", "voice", "webhook"]
    kind: Annotated[
        str,
        Field(
            description="`invitation`, `reminder`, `code`, `finished` …; of a webhook, the event type.",
            examples=["invitation"],
        ),
    ]
    to: Annotated[str, Field(description="Where it went.", examples=["bob@example.org"])]
    recipientId: Annotated[str | None, Field(description="Whom it was for: a recipient, or a user.")]
    status: Progress
    created: Milliseconds
    timeline: list[Occurrence]


class Deliveries(TypedDict):
    """Everything that was sent because of a workflow, oldest first."""

    items: list[Delivery]
