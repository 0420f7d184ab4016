"""Whose turn it is, for people with an account: their own turns, and those in which they may act for somebody else."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from paraph_server.accounts.models import User
from paraph_server.administration import queries as people
from paraph_server.administration.errors import NotDelegated
from paraph_server.administration.mandates import Act, Matter, Why, objections
from paraph_server.administration.models import Delegation
from paraph_server.administration.obstacles import stands_in_the_way
from paraph_server.workflows.models import Recipient, Step, Workflow

MOST = 200
"""Turns that are shown; the oldest come first."""


@dataclass(frozen=True, slots=True)
class Turn:
    """A turn that somebody may take."""

    recipient: Recipient
    delegation: Delegation | None = None
    """By which they act for somebody else."""


def of(user: User, *, at: datetime) -> list[Turn]:
    """What waits for a user now, oldest first."""
    given = people.received(user, at=at)
    waiting = Recipient.objects.filter(
        user__in=[user.pk, *(each.principal_id for each in given)],
        acted_at=None,
        refused_at=None,
        step__started_at__isnull=False,
        step__finished_at=None,
        step__workflow__stopped_at=None,
        step__workflow__paused_at=None,
    )
    waiting = waiting.select_related("step__workflow__owner", "step__workflow__tenant", "user").order_by(
        "step__started_at"
    )
    turns: list[Turn] = []
    for recipient in waiting.iterator(chunk_size=MOST):
        if len(turns) == MOST:
            break
        if recipient.user_id == user.pk:
            turns.append(Turn(recipient))
        elif delegation := _covering(recipient, given, at)[0]:
            turns.append(Turn(recipient, delegation))
    return turns


def delegation_for(recipient: Recipient, deputy: User, *, at: datetime) -> Delegation:
    """By which delegation somebody may act in somebody else's turn.

    Raises:
        NotDelegated: by none; the message says what stands in the way of the one that comes nearest.
    """
    delegation, why = _covering(recipient, people.received(deputy, at=at), at)
    if delegation is None:
        raise NotDelegated(_explained(why))
    return delegation


def deputies(recipient: Recipient, *, at: datetime) -> list[User]:
    """Who is to be told of the turn of somebody who is out of office."""
    if recipient.user_id is None:
        return []
    given = people.given_while_away(recipient.user_id, at=at)
    return list({each.deputy_id: each.deputy for each in given if not _objections(recipient, each, at)}.values())


def act_of(step: Step) -> Act:
    return {Step.Kind.APPROVAL: Act.APPROVE, Step.Kind.VIEW: Act.READ}.get(Step.Kind(step.kind), Act.SIGN)


@stands_in_the_way
def has_work_underway(user: User) -> str:
    """Why somebody cannot be removed yet: what they sent is on its way, or it is their turn in somebody else's."""
    running = Workflow.objects.filter(started_at__isnull=False, stopped_at=None, finished_at=None)
    if running.filter(owner=user).exists():
        return _("Workflows of this person are still on their way. Cancel them, or give them to somebody else.")
    waiting = Recipient.objects.filter(user=user, done_at=None, step__workflow__in=running)
    if waiting.exists():
        return _("This person still has to act in a workflow.")
    return ""


def _covering(recipient: Recipient, given: list[Delegation], at: datetime) -> tuple[Delegation | None, frozenset[Why]]:
    """The first delegation that covers a turn, or what stands in the way of the nearest."""
    nearest: frozenset[Why] | None = None
    for each in given:
        if each.principal_id == recipient.user_id:
            found = _objections(recipient, each, at)
            if not found:
                return each, found
            nearest = found if nearest is None or len(found) < len(nearest) else nearest
    return None, nearest or frozenset()


def _objections(recipient: Recipient, delegation: Delegation, at: datetime) -> frozenset[Why]:
    workflow = recipient.workflow
    matter = Matter(act_of(recipient.step), workflow.filing_class, workflow.amount, workflow.currency)
    return objections(people.mandate(delegation), matter, at=at)


def _explained(why: frozenset[Why]) -> str:
    """What stands in the way, in the person's words."""
    sentences = {
        Why.NO_RIGHT: _("Your own groups have no right to do this."),
        Why.ACT: _("This delegation is for another kind of act."),
        Why.CLASS: _("This document class lies outside the delegation."),
        Why.AMOUNT: _("The amount lies above the limit of the delegation."),
        Why.AMOUNT_UNKNOWN: _("The delegation has a limit, and this workflow names no amount."),
        Why.CURRENCY: _("The amount is in another currency than the limit of the delegation."),
    }
    known = [sentence for each, sentence in sentences.items() if each in why]
    return known[0] if known else _("Nobody has delegated this to you.")
