"""Who takes somebody's place: because the owner says so, or because they hand over their turn."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from paraph_server.identification import addresses
from paraph_server.journal.actions import Actor
from paraph_server.workflows import conformity, invitations, queries
from paraph_server.workflows.actions.course import begin_step
from paraph_server.workflows.actions.holding import explained, locked, save, tell
from paraph_server.workflows.actions.people import add_recipient
from paraph_server.workflows.actions.turns import check_turn
from paraph_server.workflows.actions.wanted import NewRecipient, NewRequest, NewStep
from paraph_server.workflows.errors import BadChange, BadRecipient
from paraph_server.workflows.machine import NotAllowed
from paraph_server.workflows.models import Recipient, Step, Workflow
from paraph_server.workflows.reading import its


@transaction.atomic
def replace(workflow: Workflow, steps: Sequence[NewStep], *, by: Actor, at: datetime) -> Workflow:
    """Others take the places in which nobody has acted; who stays keeps their link, who goes loses it at once.

    Only the people change, and how many of them must act. A step that is not spoken of stays as it is.

    Raises:
        AlreadyActed: somebody who has acted would lose their place.
        BadChange: there is no such step, or it would lack people.
        BadRecipient: somebody lacks a name, an address or a telephone number.
        BelowPolicy: the signature policy that it was started under asks for more.
        WorkflowOver: it has ended, or enough have acted in that step.
    """
    workflow = locked(workflow)
    for step, wanted in list(_matched(its(workflow, "steps"), steps)):
        _replace_in(workflow, step, wanted, by, at)
        workflow = locked(workflow)
    verdict = conformity.judge(workflow, at=at)
    if verdict and verdict.below and not workflow.override_reason:
        raise conformity.refusal(verdict)
    begin_step(workflow, at=at)
    return workflow


def _matched(present: list[Step], steps: Sequence[NewStep]) -> Iterator[tuple[Step, NewStep]]:
    """Which step each one speaks of: that of its identifier, else the one in its place."""
    by_id = {each.pk: each for each in present}
    for place, wanted in enumerate(steps):
        step = by_id.get(wanted.id) if wanted.id else present[place] if place < len(present) else None
        if step is None:
            raise BadChange(_("There is no such step; none can be added on the way."))
        yield step, wanted


def _replace_in(workflow: Workflow, step: Step, wanted: NewStep, by: Actor, at: datetime) -> None:
    present = list(its(step, "recipients"))
    if step.kind == Step.Kind.SEAL and not wanted.recipients:
        return
    places = [_taken(present, each) for each in wanted.recipients]
    staying = {each.pk for each in places if each}
    required = _required(step, wanted, len(present))
    going = [each for each in present if each.pk not in staying]
    if not going and None not in places and required == step.required_recipients:
        return
    names = tuple(each.pk if each else f"new {number}" for number, each in enumerate(places))
    try:
        queries.state(workflow).with_people(step.position, names, required)
    except NotAllowed as refusal:
        raise explained(refusal.why) from None
    step.required_recipients = required
    step.save(update_fields=["required_recipients"])
    coming = [each for each, place in zip(wanted.recipients, places, strict=True) if place is None]
    _exchange(step, going, coming, by=by, at=at)
    save(workflow, at)


def _taken(present: list[Recipient], wanted: NewRecipient) -> Recipient | None:
    """The recipient who is meant, if they take part already; who has acted is known by their address."""
    email = addresses.email(wanted.email) if wanted.email.strip() else ""
    for each in present:
        if each.email == email:
            same = (each.first_name, each.last_name) == (wanted.first_name.strip(), wanted.last_name.strip())
            number = addresses.phone_number(wanted.phone_number) if wanted.phone_number else ""
            if (email and each.acted_at) or (same and number == each.phone_number):
                return each
    return None


def _required(step: Step, wanted: NewStep, present: int) -> int:
    """How many must act: as asked for; else all of them where all had to, and as many as before where not."""
    if wanted.required is not None:
        return wanted.required
    return len(wanted.recipients) if step.required_recipients == present else step.required_recipients


def _exchange(step: Step, going: list[Recipient], coming: list[NewRecipient], *, by: Actor, at: datetime) -> None:
    """Withdraw some and let others in, place by place."""
    workflow = step.workflow
    positions = [each.position for each in going]
    last = max(each.position for each in queries.recipients(workflow) if each.step.kind != Step.Kind.SEAL)
    positions += range(last + 1, last + 1 + len(coming))
    came = [add_recipient(step, each, place) for each, place in zip(coming, positions, strict=False)]
    for number, each in enumerate(going):
        withdraw(each, at=at)
        invitations.announce_withdrawal(each, at=at)
        successor = came[number].pk if number < len(came) else None
        tell("recipient:replaced", workflow, by, at, recipient=each.pk, email=each.email, successor=successor)
    for each in came[len(going) :]:
        tell("recipient:added", workflow, by, at, recipient=each.pk, email=each.email)


def withdraw(recipient: Recipient, *, at: datetime) -> None:
    """From now on their invitation is worth nothing."""
    recipient.withdrawn_at, recipient.remind_at = at, None
    recipient.save(update_fields=["withdrawn_at", "remind_at"])


@transaction.atomic
def delegate(
    recipient: Recipient,
    *,
    email: str,
    first_name: str,
    last_name: str,
    phone_number: str = "",
    by: Actor,
    at: datetime,
) -> Recipient:
    """A recipient hands their turn to somebody else, who is invited at once, unless the caller hands out the links.

    Their own link ends.

    Raises:
        NotDelegable: this step does not allow it.
        BadRecipient: the other person lacks something, or takes part in this step already.
        NotYourTurn, AlreadyActed, WorkflowOver, WorkflowExpired, WorkflowPaused: see `check_turn`.
    """
    workflow = locked(recipient.workflow)
    recipient = check_turn(workflow, recipient.pk, at=at)
    try:
        queries.state(workflow).delegated(recipient.pk, "their successor")
    except NotAllowed as refusal:
        raise explained(refusal.why) from None
    if addresses.email(email) in {each.email for each in its(recipient.step, "recipients")}:
        raise BadRecipient(_("This person takes part already."))
    wanted = _in_their_place(recipient, email, first_name, last_name, phone_number)
    successor = add_recipient(recipient.step, wanted, recipient.position, delegated_from=recipient)
    withdraw(recipient, at=at)
    if recipient.step.max_invites:
        invitations.invite(successor, at=at)
    invitations.announce_delegation(successor, at=at)
    names = {"name": successor.name, "email": successor.email}
    tell("recipient:delegated", workflow, by, at, recipient=recipient.pk, successor=successor.pk, **names)
    if recipient.step.max_invites:
        tell("recipient:invited", workflow, by, at, recipient=successor.pk)
    return successor


def _in_their_place(
    recipient: Recipient, email: str, first_name: str, last_name: str, phone_number: str
) -> NewRecipient:
    """Somebody else, of whom the same is asked."""
    page = recipient.consent_page
    assert page is not None  # noqa: S101  only the organisation has none, and it hands nothing over
    asked = [NewRequest(each.name, each.required, each.content_types) for each in its(recipient, "requested_documents")]
    return NewRecipient(
        email=email,
        first_name=first_name,
        last_name=last_name,
        consent_page=page,
        phone_number=phone_number,
        country=recipient.country,
        locale=recipient.locale,
        requests=asked,
    )
