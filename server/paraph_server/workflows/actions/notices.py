"""Telling those who listen to a workflow."""

from datetime import datetime

from django.db import transaction

from paraph_server.journal.actions import PLATFORM
from paraph_server.journal.models import Entry
from paraph_server.notifications import queries as notifications
from paraph_server.workflows import invitations
from paraph_server.workflows.actions.holding import alone, tell
from paraph_server.workflows.events import KINDS, EventType
from paraph_server.workflows.models import Recipient, Workflow


@transaction.atomic
def notify(workflow: Workflow, entry: Entry, *, at: datetime) -> None:
    """Tell everybody who listens to what an entry means; who was told already is not told again."""
    workflow = alone(workflow)
    recipient = _whose(entry)
    kinds, who = _meaning(entry, recipient), recipient.name if recipient else ""
    told = set(notifications.caused_by(entry.pk).values_list("recipient_id", flat=True))
    for listener in invitations.listeners(workflow):
        wanted = [each for each in kinds if each in listener.events]
        if wanted and listener.pk not in told:
            invitations.notify(workflow, listener, wanted, who, cause=entry)
            events = [each.value for each in wanted]
            tell("workflow:notified", workflow, PLATFORM, at, events=events, email=listener.email, cause=entry.pk)


def _whose(entry: Entry) -> Recipient | None:
    """Whose act an entry tells of, if it is somebody's; also of somebody who takes no part any more."""
    recipient_id = entry.payload.details.get("recipient")
    return Recipient.everybody.select_related("step").get(pk=recipient_id) if recipient_id else None


def _meaning(entry: Entry, recipient: Recipient | None) -> list[EventType]:
    """What an entry means to listeners; the last act of a step is also its end."""
    kind = KINDS[entry.event]
    ends = kind is EventType.RECIPIENT_FINISHED and recipient and recipient.step.finished_at == entry.at
    return [kind, EventType.STEP_FINISHED] if ends else [kind]
