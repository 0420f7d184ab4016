"""Inviting somebody once more: because the owner asks for it, or because it is time."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from paraph_server.journal.actions import PLATFORM, Actor
from paraph_server.workflows import invitations, queries
from paraph_server.workflows.actions.holding import locked, tell
from paraph_server.workflows.actions.turns import check_turn
from paraph_server.workflows.errors import AlreadyActed, BadRecipient
from paraph_server.workflows.models import Recipient, Workflow


@transaction.atomic
def resend_invitation(recipient: Recipient, *, by: Actor, at: datetime) -> None:
    """Send a recipient their link again, while it is their turn.

    Raises:
        BadRecipient: they have no e-mail address.
        NotYourTurn, AlreadyActed, WorkflowOver, WorkflowExpired, WorkflowPaused: see `check_turn`.
    """
    workflow = locked(recipient.workflow)
    recipient = check_turn(workflow, recipient.pk, at=at)
    if recipient.acted_at:
        raise AlreadyActed(_("This person has given their answer."))
    if not recipient.email:
        raise BadRecipient(_("This recipient has no e-mail address: hand their link over yourself."))
    invitations.invite(recipient, at=at)
    tell("recipient:invited", workflow, by, at, recipient=recipient.pk)


@transaction.atomic
def remind(workflow: Workflow, recipient_id: str, *, at: datetime) -> bool:
    """Remind somebody, if it is still due; whether it was. The second of two workers finds it done."""
    workflow = locked(workflow)
    recipient = next((each for each in queries.recipients(workflow) if each.pk == recipient_id), None)
    if recipient is None or recipient.remind_at is None or recipient.remind_at > at or workflow.paused_at:
        return False
    expires = recipient.step.expires_at
    if recipient.pk not in queries.state(workflow).turn or (expires and at >= expires):
        recipient.remind_at = None
        recipient.save(update_fields=["remind_at"])
        return False
    invitations.invite(recipient, kind="reminder", at=at)
    tell("recipient:reminded", workflow, PLATFORM, at, recipient=recipient.pk, invitations=recipient.invitations)
    return True
