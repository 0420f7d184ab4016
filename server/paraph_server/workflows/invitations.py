"""What recipients and the sender are told."""

from datetime import datetime

from paraph_server.accounts.models import User
from paraph_server.config.options import options
from paraph_server.notifications.actions import send
from paraph_server.workflows import invites, queries
from paraph_server.workflows.models import Recipient, Workflow


def invite(recipient: Recipient, *, at: datetime) -> None:
    """Send a recipient their link."""
    workflow, step = recipient.workflow, recipient.step
    send(
        recipient.tenant_id,
        channel="email",
        to=recipient.email,
        kind="invitation",
        context={
            "recipient_name": recipient.name,
            "sender_name": workflow.owner.name,
            "organisation": workflow.tenant.name,
            "workflow_name": workflow.name,
            "message": workflow.description,
            "link": invites.link(recipient, at=at),
            "expires_at": step.expires_at,
        },
        language=recipient.locale,
        about=workflow.pk,
        recipient_id=recipient.pk,
        at=at,
    )
    recipient.invited_at = recipient.invited_at or at
    recipient.save(update_fields=["invited_at"])


def announce_refusal(recipient: Recipient, *, at: datetime) -> None:
    """Tell the sender who refused, and why."""
    workflow = recipient.workflow
    send(
        workflow.tenant_id,
        channel="email",
        to=workflow.owner.email,
        kind="refused",
        context={
            "recipient_name": workflow.owner.name,
            "refused_by": recipient.name,
            "reason": recipient.refusal_reason,
            "workflow_name": workflow.name,
            "link": _page(workflow),
        },
        language=workflow.owner.locale,
        about=workflow.pk,
        recipient_id=workflow.owner_id,
        at=at,
    )


def announce_finish(workflow: Workflow, *, at: datetime) -> None:
    """Tell the sender, and everybody who acted, where the documents are."""
    _tell_finished(workflow, workflow.owner, link=_page(workflow), at=at)
    for recipient in queries.recipients(workflow):
        if recipient.done_at and recipient.email and recipient.step.send_download_link:
            _tell_finished(workflow, recipient, link=invites.link(recipient, at=at), at=at)


def _tell_finished(workflow: Workflow, person: User | Recipient, *, link: str, at: datetime) -> None:
    send(
        workflow.tenant_id,
        channel="email",
        to=person.email,
        kind="finished",
        context={
            "recipient_name": person.name,
            "organisation": workflow.tenant.name,
            "workflow_name": workflow.name,
            "link": link,
        },
        language=person.locale,
        about=workflow.pk,
        recipient_id=person.pk,
        at=at,
    )


def _page(workflow: Workflow) -> str:
    return f"{options().public_url}/workflows/{workflow.pk}/"
