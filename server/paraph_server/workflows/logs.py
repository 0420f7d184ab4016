"""What happened to a workflow, as the REST API tells it: the reference product's words for the journal's events."""

from collections.abc import Iterator
from typing import Any, cast

from paraph_server.journal.queries import Happening
from paraph_server.web.moments import milliseconds
from paraph_server.workflows import queries
from paraph_server.workflows.models import Step, Workflow
from paraph_server.workflows.queries import History
from paraph_server.workflows.schemas import Log

OPERATIONS = {
    "workflow:created": "create",
    "workflow:changed": "change",
    "workflow:policy-overridden": "overridePolicy",
    "workflow:started": "start",
    "workflow:paused": "pause",
    "workflow:resumed": "resume",
    "workflow:stopped": "stop",
    "workflow:needs-repair": "needsRepair",
    "workflow:retried": "retry",
    "workflow:finished": "finish",
    "workflow:archived": "archive",
    "workflow:given-away": "changeOwner",
    "workflow:shared": "share",
    "step:started": "start",
    "recipient:invited": "invite",
    "recipient:reminded": "remind",
    "recipient:viewed": "open",
    "recipient:document-given": "handOver",
    "recipient:accepted": "consent",
    "recipient:identified": "identify",
    "recipient:signed": "sign",
    "recipient:approved": "approve",
    "recipient:acknowledged": "view",
    "recipient:sealed": "seal",
    "recipient:refused": "refuse",
    "recipient:delegated": "delegate",
    "recipient:replaced": "replace",
    "recipient:added": "add",
}
PROVED = {"sign", "approve", "view", "seal"}
"""What the evidence file proves."""
TOLD = ("reason", "comment", "filename")


def of(workflow: Workflow, history: History) -> list[Log]:
    """Everything in order; what belongs to a step names it."""
    causes = {entry.pk: entry for entry in history.entries}
    return [cast("Log", log) for entry in history.entries for log in _logs(workflow, history, entry, causes)]


def _logs(
    workflow: Workflow, history: History, entry: Happening, causes: dict[str, Happening]
) -> Iterator[dict[str, Any]]:
    if entry.event == "workflow:notified":
        cause = causes.get(str(entry.details["cause"]))
        step_id = _step(history, cause) if cause else None
        for event in entry.details["events"]:
            log = _log(f"notify{event[:1].upper()}{event[1:]}", entry, step_id)
            yield log | {"recipientEmail": entry.details["email"]}
    elif operation := OPERATIONS.get(entry.event):
        yield _log(operation, entry, _step(history, entry)) | _whom(history, entry) | _facts(workflow, operation, entry)


def _log(operation: str, entry: Happening, step_id: str | None) -> dict[str, Any]:
    return {"operation": operation, "created": milliseconds(entry.at)} | ({"stepId": step_id} if step_id else {})


def _step(history: History, entry: Happening) -> str | None:
    details = entry.details
    person = history.people.get(str(details.get("recipient")))
    return person.step_id if person else details.get("step")


def _whom(history: History, entry: Happening) -> dict[str, Any]:
    person = history.people.get(str(entry.details.get("recipient")))
    if person is None or person.step.kind == Step.Kind.SEAL:
        return {}
    successor = history.people.get(str(entry.details.get("successor")))
    whom = {"recipientEmail": person.email, "recipientUserId": person.user_id}
    return whom | ({"successorEmail": successor.email} if successor else {})


def _facts(workflow: Workflow, operation: str, entry: Happening) -> dict[str, Any]:
    facts = {name: entry.details[name] for name in TOLD if entry.details.get(name)}
    if operation in PROVED:
        person = entry.details.get("recipient")
        comments = {each.pk: each.comment for each in queries.recipients(workflow)}
        if comment := comments.get(str(person)):
            facts["comment"] = comment
        if workflow.evidence_id:
            facts["evidenceId"] = workflow.evidence_id
    return facts
