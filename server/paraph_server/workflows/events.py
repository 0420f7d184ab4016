"""What outsiders can be told of a workflow: the names of the REST API, and what in the journal they stand for."""

from django.db import models


class EventType(models.TextChoices):
    """What can be told, as the REST API names it."""

    WORKFLOW_STARTED = "workflowStarted"
    WORKFLOW_PAUSED = "workflowPaused"
    WORKFLOW_RESUMED = "workflowResumed"
    WORKFLOW_STOPPED = "workflowStopped"
    WORKFLOW_FINISHED = "workflowFinished"
    STEP_FINISHED = "stepFinished"
    RECIPIENT_FINISHED = "recipientFinished"
    RECIPIENT_REFUSED = "recipientRefused"
    RECIPIENT_DELEGATED = "recipientDelegated"
    RECIPIENT_REPLACED = "recipientReplaced"


KINDS = {
    "workflow:started": EventType.WORKFLOW_STARTED,
    "workflow:paused": EventType.WORKFLOW_PAUSED,
    "workflow:resumed": EventType.WORKFLOW_RESUMED,
    "workflow:stopped": EventType.WORKFLOW_STOPPED,
    "workflow:finished": EventType.WORKFLOW_FINISHED,
    "recipient:signed": EventType.RECIPIENT_FINISHED,
    "recipient:approved": EventType.RECIPIENT_FINISHED,
    "recipient:acknowledged": EventType.RECIPIENT_FINISHED,
    "recipient:sealed": EventType.RECIPIENT_FINISHED,
    "recipient:refused": EventType.RECIPIENT_REFUSED,
    "recipient:delegated": EventType.RECIPIENT_DELEGATED,
    "recipient:replaced": EventType.RECIPIENT_REPLACED,
}
"""The journal's events that mean one of these; the end of a step goes with its last recipient's."""
HAPPENINGS = tuple(KINDS)
