"""Those around a workflow: whose it is, who else may look or act for the owner, who is told; and where it is filed."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from paraph_server.accounts.models import User
from paraph_server.identification import addresses
from paraph_server.journal.actions import Actor
from paraph_server.workflows import queries
from paraph_server.workflows.actions.holding import alone, save, tell
from paraph_server.workflows.actions.wanted import Circle, NewWatcher
from paraph_server.workflows.errors import BadChange
from paraph_server.workflows.models import Access, Watcher, Workflow


@transaction.atomic
def share(workflow: Workflow, circle: Circle, *, by: Actor, at: datetime) -> Workflow:
    """Say who else may look, who may do what the owner may, and who is told of what; at any time."""
    workflow = alone(workflow)
    draw_circle(workflow, circle)
    save(workflow, at)
    tell("workflow:shared", workflow, by, at, **queries.let_in(Workflow.objects.get(pk=workflow.pk)))
    return workflow


def draw_circle(workflow: Workflow, circle: Circle) -> None:
    """Set what the circle speaks of."""
    if circle.watchers is not None:
        _watch(workflow, circle.watchers)
    for kind, manages, chosen in _lists(circle):
        if chosen is not None:
            _let_in(workflow, kind, chosen, manages=manages)
    if circle.notified_events is not None:
        workflow.notified_events = list(circle.notified_events)
    if circle.co_manager_events is not None:
        workflow.co_manager_events = list(circle.co_manager_events)
    if circle.notified_events is not None or circle.co_manager_events is not None:
        workflow.save(update_fields=["notified_events", "co_manager_events"])


def _watch(workflow: Workflow, watchers: Sequence[NewWatcher]) -> None:
    events = {addresses.email(each.email): list(each.events) for each in watchers}
    workflow.watchers.all().delete()
    Watcher.objects.bulk_create(
        Watcher(tenant_id=workflow.tenant_id, workflow=workflow, email=email, notified_events=wanted)
        for email, wanted in events.items()
    )


def _lists(circle: Circle) -> Iterator[tuple[str, bool, list[str] | None]]:
    """The three lists of who is let in: users or groups, whether they may act, and the ids."""
    yield "user", False, None if circle.viewers is None else [each.pk for each in circle.viewers]
    yield "group", False, None if circle.viewing_groups is None else [each.pk for each in circle.viewing_groups]
    yield "user", True, None if circle.co_managers is None else [each.pk for each in circle.co_managers]


def _let_in(workflow: Workflow, kind: str, chosen: list[str], *, manages: bool) -> None:
    workflow.accesses.filter(**{f"{kind}__isnull": False, "manages": manages}).delete()
    Access.objects.bulk_create(
        Access(tenant_id=workflow.tenant_id, workflow=workflow, manages=manages, **{f"{kind}_id": each})
        for each in dict.fromkeys(chosen)
    )


@transaction.atomic
def give_away(workflow: Workflow, *, to: User, by: Actor, at: datetime) -> Workflow:
    """Make somebody else of the same organisation the owner.

    Raises:
        BadChange: they cannot own anything here.
    """
    workflow = alone(workflow)
    if to.tenant_id != workflow.tenant_id or not to.is_active:
        raise BadChange(_("There is no such user."))
    if to.pk != workflow.owner_id:
        before, workflow.owner = workflow.owner_id, to
        save(workflow, at, "owner")
        tell("workflow:given-away", workflow, by, at, before=before, owner=to.pk, email=to.email)
    return workflow


@transaction.atomic
def file_under(workflow: Workflow, filing_class: str, *, by: Actor, at: datetime) -> Workflow:
    """Give a workflow its place in the filing plan; an empty one takes it away."""
    workflow = alone(workflow)
    workflow.filing_class = queries.filed(filing_class)
    save(workflow, at, "filing_class")
    tell("workflow:filed", workflow, by, at, filing_class=workflow.filing_class)
    return workflow
