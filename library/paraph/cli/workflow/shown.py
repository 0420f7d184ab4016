"""Workflows for a terminal, and for a program."""

import json
from collections.abc import Iterator
from datetime import datetime
from typing import Any

import click

from paraph.client import Step, Workflow, wire
from paraph.formats.text import legible

_DONE = {"sign": "signed", "approve": "approved", "refuse": "refused"}


def show(workflow: Workflow, *, as_json: bool) -> None:
    """Print all of it."""
    click.echo(json.dumps(document(workflow), indent=2) if as_json else "\n".join(map(legible, _lines(workflow))))


def told(workflow: Workflow, *, as_json: bool) -> None:
    """Print which one it is and how it stands, or all of it for a program."""
    if as_json:
        click.echo(json.dumps(document(workflow)))
    else:
        click.echo(f"{legible(workflow.id)} {legible(workflow.workflow_status)}")


def document(workflow: Workflow) -> dict[str, Any]:
    """In the words of the API."""
    written: dict[str, Any] = wire.write(workflow)
    data: dict[str, str] = written.pop("data")
    return written | data


def line(workflow: Workflow) -> str:
    """In a list."""
    moment = _moment(workflow.created)
    return legible(f"{workflow.id}  {moment}  {workflow.workflow_status:8} {workflow.progress:3} %  {workflow.name}")


def _lines(workflow: Workflow) -> Iterator[str]:
    yield f"{workflow.name} ({workflow.id})"
    reason = workflow.stop_reason or workflow.repair_reason
    because = f", {reason}" if reason else ""
    yield f"  {workflow.workflow_status}{because}, {workflow.progress} %, created {_moment(workflow.created)}"
    for number, step in enumerate(workflow.steps, start=1):
        asked = set(workflow.current_recipient_emails) if step.is_started and not step.is_finished else set()
        some = f" ({step.required_recipients} of {len(step.recipients)})" if len(step.recipients) > 1 else ""
        yield f"  {number}. {step.step_type}{some}"
        yield from _people(step, asked)


def _people(step: Step, asked: set[str]) -> Iterator[str]:
    acts = {each.recipient_email: each for each in step.logs if each.operation in _DONE}
    for person in step.recipients:
        name = f"{person.first_name} {person.last_name} <{person.email}>"
        act = acts.get(person.email)
        if act:
            reason = f": {act.reason}" if act.reason else ""
            yield f"     {name} {_DONE[act.operation]} {_moment(act.created)}{reason}"
        else:
            yield f"     {name}{' is asked' if person.email in asked else ''}"


def _moment(at: datetime) -> str:
    return at.astimezone().strftime("%Y-%m-%d %H:%M")
