"""What recipients, the owner and those around a workflow are told."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _

from paraph_server.accounts.models import User
from paraph_server.config.options import options
from paraph_server.journal.models import Entry
from paraph_server.notifications.actions import send
from paraph_server.web.rows import update
from paraph_server.workflows import invites, queries, turns
from paraph_server.workflows.events import EventType
from paraph_server.workflows.models import Recipient, Workflow
from paraph_server.workflows.reading import its


def invite(recipient: Recipient, *, kind: str = "invitation", at: datetime) -> None:
    """Send a recipient their link, for the first time or again."""
    workflow, step = recipient.workflow, recipient.step
    _send(
        workflow,
        recipient,
        kind,
        at,
        recipient_name=recipient.name,
        sender_name=workflow.owner.name,
        organisation=workflow.tenant.name,
        workflow_name=workflow.name,
        message=workflow.description,
        act=step.kind,
        documents=[each.name for each in its(recipient, "requested_documents")],
        link=invites.link(recipient, at=at),
        expires_at=step.expires_at,
    )
    for deputy in turns.deputies(recipient, at=at):
        _tell_deputy(recipient, deputy, at=at)
    recipient.invited_at = recipient.invited_at or at
    recipient.invitations += 1
    more = step.invite_period is not None and recipient.invitations < step.max_invites
    recipient.remind_at = at + step.invite_period if step.invite_period and more else None
    update(recipient, "invited_at", "invitations", "remind_at")


def announce_withdrawal(recipient: Recipient, *, at: datetime) -> None:
    """Tell somebody who was invited that they need not act any more."""
    if recipient.invited_at:
        _send(
            recipient.workflow,
            recipient,
            "replaced",
            at,
            recipient_name=recipient.name,
            sender_name=recipient.workflow.owner.name,
            organisation=recipient.workflow.tenant.name,
            workflow_name=recipient.workflow.name,
        )


def announce_delegation(successor: Recipient, *, at: datetime) -> None:
    """Tell the owner who will act instead of whom."""
    workflow, before = successor.workflow, successor.delegated_from
    _send(
        workflow,
        workflow.owner,
        "delegated",
        at,
        recipient_name=workflow.owner.name,
        delegated_by=before.name if before else "",
        delegated_to=f"{successor.name} ({successor.email})",
        workflow_name=workflow.name,
        link=page(workflow),
    )


def ask_whether(recipient: Recipient, provider_name: str, *, at: datetime) -> None:
    """Have the owner compare the name that a recipient proved with the one that was written."""
    workflow = recipient.workflow
    _send(
        workflow,
        workflow.owner,
        "doubt",
        at,
        recipient_name=workflow.owner.name,
        signer_name=recipient.name,
        provider_name=provider_name,
        workflow_name=workflow.name,
        link=page(workflow),
    )


def _tell_deputy(recipient: Recipient, deputy: User, *, at: datetime) -> None:
    """Tell who stands in for a recipient out of office, who gets their own link all the same."""
    workflow = recipient.workflow
    _send(
        workflow,
        deputy,
        "turn",
        at,
        recipient_name=deputy.name,
        principal_name=recipient.name,
        sender_name=workflow.owner.name,
        organisation=workflow.tenant.name,
        workflow_name=workflow.name,
        link=f"{options().public_url}/turns/",
    )


def announce_refusal(recipient: Recipient, *, at: datetime) -> None:
    """Tell the sender who refused, and why."""
    workflow = recipient.workflow
    _send(
        workflow,
        workflow.owner,
        "refused",
        at,
        recipient_name=workflow.owner.name,
        refused_by=recipient.name,
        reason=recipient.refusal_reason,
        workflow_name=workflow.name,
        link=page(workflow),
    )


def announce_finish(workflow: Workflow, *, at: datetime) -> None:
    """Tell the sender, and everybody who acted, where the documents are."""
    _tell_finished(workflow, workflow.owner, link=page(workflow), at=at)
    for recipient in queries.recipients(workflow):
        if recipient.done_at and recipient.email and recipient.step.send_download_link:
            _tell_finished(workflow, recipient, link=invites.link(recipient, at=at), at=at)


def _tell_finished(workflow: Workflow, person: User | Recipient, *, link: str, at: datetime) -> None:
    _send(
        workflow,
        person,
        "finished",
        at,
        recipient_name=person.name,
        organisation=workflow.tenant.name,
        workflow_name=workflow.name,
        link=link,
    )


@dataclass(frozen=True, slots=True)
class Listener:
    """Somebody who wants to be told of events: the owner, a co-manager, or whoever has an address."""

    pk: str
    email: str
    locale: str
    events: list[str]
    link: str = ""


def listeners(workflow: Workflow) -> Iterator[Listener]:
    """Who is told of what. The owner hears of a refusal and of the end in any case, by other messages."""
    told_anyway = {EventType.RECIPIENT_REFUSED, EventType.WORKFLOW_FINISHED, EventType.RECIPIENT_DELEGATED}
    owner = workflow.owner
    events = [each for each in workflow.notified_events if each not in told_anyway]
    yield Listener(owner.pk, owner.email, owner.locale, events, page(workflow))
    for access in workflow.accesses.filter(manages=True).select_related("user"):
        if (user := access.user) and user.is_active:
            yield Listener(user.pk, user.email, user.locale, workflow.co_manager_events, page(workflow))
    for watcher in workflow.watchers.all():
        yield Listener(watcher.pk, watcher.email, owner.locale, watcher.notified_events)


def notify(workflow: Workflow, listener: Listener, kinds: list[EventType], who: str, *, cause: Entry) -> None:
    """Tell somebody what has happened."""
    with translation.override(listener.locale):
        happened = " ".join(happening(kind, who) for kind in kinds)
    send(
        workflow.tenant_id,
        channel="email",
        to=listener.email,
        kind="notice",
        context={
            "happened": happened,
            "organisation": workflow.tenant.name,
            "workflow_name": workflow.name,
            "link": listener.link,
        },
        language=listener.locale,
        about=workflow.pk,
        recipient_id=listener.pk,
        cause=cause.pk,
        at=cause.at,
    )


def happening(kind: EventType, who: str) -> str:
    """An event in a sentence."""
    return {
        EventType.WORKFLOW_STARTED: _("It was sent."),
        EventType.WORKFLOW_PAUSED: _("It was paused."),
        EventType.WORKFLOW_RESUMED: _("It goes on."),
        EventType.WORKFLOW_STOPPED: _("It was stopped."),
        EventType.WORKFLOW_FINISHED: _("It is finished."),
        EventType.STEP_FINISHED: _("A step is complete."),
        EventType.RECIPIENT_FINISHED: _("%(name)s has acted.") % {"name": who},
        EventType.RECIPIENT_REFUSED: _("%(name)s has refused.") % {"name": who},
        EventType.RECIPIENT_DELEGATED: _("%(name)s has handed their turn to somebody else.") % {"name": who},
        EventType.RECIPIENT_REPLACED: _("%(name)s was replaced by somebody else.") % {"name": who},
    }[kind]


def page(workflow: Workflow) -> str:
    return f"{options().public_url}/workflows/{workflow.pk}/"


def _send(workflow: Workflow, person: User | Recipient, kind: str, at: datetime, **context: Any) -> None:
    send(
        workflow.tenant_id,
        channel="email",
        to=person.email,
        kind=kind,
        context=context,
        language=person.locale,
        about=workflow.pk,
        recipient_id=person.pk,
        at=at,
    )
