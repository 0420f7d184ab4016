"""What a program may do with the token of an invitation, and what sites ask when a signer comes back to them."""

from typing import Annotated

from django.http import HttpRequest
from django.utils import timezone
from ninja import Router, Schema
from ninja.security import HttpBearer
from pydantic import Field
from typing_extensions import TypedDict

from paraph_server.accounts.api import caller
from paraph_server.accounts.schemas import TenantId
from paraph_server.accounts.tenancy import tenant_context
from paraph_server.signing import actions, acts, queries, returns
from paraph_server.web import address
from paraph_server.web.moments import milliseconds
from paraph_server.web.schemas import Milliseconds, identifier
from paraph_server.workflows import invites, schemas, shapes
from paraph_server.workflows import queries as waiting
from paraph_server.workflows.errors import BadInvitation
from paraph_server.workflows.invites import Invite
from paraph_server.workflows.models import Status


class InvitationToken(HttpBearer):
    """`Authorization: Bearer` with the token of an invitation; worth nothing but for the two calls that name it."""

    def authenticate(self, request: HttpRequest, token: str) -> Invite | None:  # noqa: ARG002
        try:
            return invites.read(token, at=timezone.now())
        except BadInvitation:
            return None


router = Router(tags=["workflows"])


class RefusalIn(Schema):
    """Why somebody refuses; in their own words."""

    reason: Annotated[str, Field(max_length=2000)] = ""


class JointActIn(Schema):
    workflows: Annotated[list[Annotated[str, Field(max_length=32)]], Field(min_length=1, max_length=100)]


class JointStep(TypedDict):
    """One of the places in which somebody acts."""

    stepId: schemas.StepId
    workflowId: schemas.WorkflowId
    allowComments: bool


class JointAct(TypedDict):
    """One act over several workflows."""

    id: Annotated[str, identifier("req", "the act")]
    tenantId: TenantId
    consentPageId: schemas.ConsentPageId | None
    consentPageUrl: Annotated[str, Field(description="Where to send the person.")]
    steps: list[JointStep]
    created: Milliseconds
    updated: Milliseconds


@router.post(
    "/workflows/{workflow_id}/refuse",
    auth=InvitationToken(),
    summary="Refuse, by an invitation",
    response=schemas.Workflow,
)
def refuse(request: HttpRequest, workflow_id: str, payload: RefusalIn | None = None) -> schemas.Workflow:
    """The workflow stops for everyone; the answer tells what a recipient may know of it."""
    invite = _invite(request)
    with tenant_context(invite.tenant_id):
        mine = waiting.place_in(workflow_id, queries.act(invite.subject).recipients)
        by = actions.actor(mine, address=address.of(request), agent=address.agent(request))
        actions.refuse(mine, reason=payload.reason if payload else "", by=by, at=timezone.now())
        return shapes.seen_by(waiting.complete(workflow_id), mine)


@router.post(
    "/requests/",
    auth=InvitationToken(),
    summary="Act in several workflows at once, by an invitation",
    response=JointAct,
)
def join(request: HttpRequest, payload: JointActIn) -> JointAct:
    """Send the person to `consentPageUrl`: they consent once, enter one code, and act in all of them."""
    invite, at = _invite(request), timezone.now()
    with tenant_context(invite.tenant_id):
        lead = queries.act(invite.subject).lead
        recipients = [waiting.place_of(lead, each) for each in dict.fromkeys(payload.workflows)]
        joint = acts.join(recipients, at=at)
        link = invites.link_to_act(joint.tenant_id, joint.pk, at=at)
    return {
        "id": joint.pk,
        "tenantId": joint.tenant_id,
        "consentPageId": lead.consent_page_id,
        "consentPageUrl": f"{link}#requestId={joint.pk}",
        "steps": [
            {"stepId": each.step_id, "workflowId": each.workflow.pk, "allowComments": each.step.allow_comments}
            for each in recipients
        ],
        "created": milliseconds(joint.created_at),
        "updated": milliseconds(joint.created_at),
    }


class Return(TypedDict):
    """How a signer came back."""

    workflowId: schemas.WorkflowId
    workflowStatus: Status
    recipientId: schemas.RecipientId
    outcome: Annotated[str, Field(description="`signed`, `refused` or `pending`.", examples=["signed"])]
    created: Milliseconds


class ReturnIn(Schema):
    code: Annotated[str, Field(max_length=2000)]


@router.post(
    "/workflows/{workflow_id}/return", summary="What the code says with which a signer came back", response=Return
)
def come_back(request: HttpRequest, workflow_id: str, payload: ReturnIn) -> Return:
    """`outcome` is `signed`, `refused`, or `pending` for somebody who left before; believe this, not the browser."""
    workflow = waiting.workflow(caller(request), workflow_id)
    found = returns.read(workflow, payload.code, at=timezone.now())
    return {
        "workflowId": workflow.pk,
        "workflowStatus": workflow.status,
        "recipientId": found.recipient_id,
        "outcome": found.outcome,
        "created": milliseconds(found.at),
    }


def _invite(request: HttpRequest) -> Invite:
    """Whom the token is for; without a good one, nothing of this is reached."""
    invite: Invite = request.auth  # type: ignore[attr-defined]  # set by ninja
    return invite
