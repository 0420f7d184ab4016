"""A workflow on its way: it starts, its steps begin one after the other, it is paused, it is stopped."""

from datetime import datetime

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from paraph_server.accounts import rights
from paraph_server.accounts.rights import Right
from paraph_server.journal.actions import PLATFORM, Actor, together
from paraph_server.policies import stored
from paraph_server.web.rows import update
from paraph_server.workflows import conformity, invitations, placement, queries
from paraph_server.workflows.actions.holding import draft, explained, halt, in_full, locked, save, tell
from paraph_server.workflows.actions.wanted import Override
from paraph_server.workflows.conformity import Verdict
from paraph_server.workflows.errors import IncompleteWorkflow, NoReason
from paraph_server.workflows.machine import NotAllowed
from paraph_server.workflows.models import Recipient, Step, Workflow
from paraph_server.workflows.reading import its

SIGNING = {Step.Kind.SIGNATURE, Step.Kind.SEAL}


@transaction.atomic(savepoint=False)
@together()
def start(workflow: Workflow, *, override: Override | None = None, by: Actor, at: datetime) -> Workflow:
    """Send a draft on its way: the first step's recipients are invited.

    Raises:
        BelowPolicy: the signature policy asks for more, and nobody overrides it.
        NotPermitted, NoReason: not everybody does, and nobody without a reason.
        IncompleteWorkflow: nobody to act, nothing to be signed, or something that cannot be.
        NotADraft: it was started before.
    """
    workflow = in_full(draft(workflow))
    _settle_documents(workflow)
    try:
        queries.state(workflow).start()
    except NotAllowed:
        raise IncompleteWorkflow(_("Every step needs at least as many recipients as must act.")) from None
    if verdict := conformity.judge(workflow, at=at):
        _obey(workflow, verdict, override, by, at)
    workflow.started_at = at
    save(workflow, at, "started_at", "policy", "judgement", "override_reason")
    tell("workflow:started", workflow, by, at)
    begin_step(workflow, at=at)
    return workflow


def _obey(workflow: Workflow, verdict: Verdict, override: Override | None, by: Actor, at: datetime) -> None:
    """Write down which policy judged the workflow, and how; and who overrides it, where it is below."""
    if verdict.below:
        if override is None:
            raise conformity.refusal(verdict)
        check_override(override)
        workflow.override_reason = override.reason.strip()
    workflow.policy, workflow.judgement = verdict.version, stored.write(verdict.judgement)
    facts = {"policy": verdict.version.pk, **conformity.told(verdict)}
    if verdict.below:
        tell("workflow:policy-overridden", workflow, by, at, reason=workflow.override_reason, **facts)
    else:
        tell("workflow:policy-met", workflow, by, at, **facts)


def check_override(override: Override) -> None:
    """See that somebody may send below the signature policy, and says why; raises `NotPermitted` or `NoReason`."""
    rights.check(override.by, Right.OVERRIDE_POLICY)
    if not override.reason.strip():
        raise NoReason(_("Say why this is sent below the signature policy."))


def _settle_documents(workflow: Workflow) -> None:
    to_sign = queries.to_sign(workflow)
    signs = any(step.kind in SIGNING for step in its(workflow, "steps"))
    if not (to_sign if signs else its(workflow, "documents")):
        raise IncompleteWorkflow(_("Add at least one document to be signed."))
    for document in to_sign:
        placement.settle(document, signers=len(queries.signers(workflow)))


@transaction.atomic
def pause(workflow: Workflow, *, by: Actor, at: datetime) -> Workflow:
    """Hold a workflow back: until it is resumed nobody may act, nobody is reminded and no time runs.

    What somebody did before takes effect all the same.

    Raises:
        NotStarted, WorkflowOver, WorkflowPaused: there is nothing to hold back.
    """
    workflow = locked(workflow)
    try:
        queries.state(workflow).pause()
    except NotAllowed as refusal:
        raise explained(refusal.why) from None
    workflow.paused_at = at
    save(workflow, at, "paused_at")
    tell("workflow:paused", workflow, by, at)
    return workflow


@transaction.atomic
def resume(workflow: Workflow, *, by: Actor, at: datetime) -> Workflow:
    """Let a paused workflow go on; its step has as much time left as before.

    Raises:
        NotPaused, WorkflowOver: there is nothing to resume.
    """
    workflow = locked(workflow)
    try:
        queries.state(workflow).resume()
    except NotAllowed as refusal:
        raise explained(refusal.why) from None
    pause = at - (workflow.paused_at or at)
    underway = Step.objects.filter(workflow=workflow, started_at__isnull=False, finished_at=None)
    underway.update(prolonged=F("prolonged") + pause)
    Recipient.objects.filter(step__in=underway, remind_at__isnull=False).update(remind_at=F("remind_at") + pause)
    workflow.paused_at = None
    save(workflow, at, "paused_at")
    tell("workflow:resumed", workflow, by, at)
    begin_step(locked(workflow), at=at)
    return workflow


@transaction.atomic
def stop(workflow: Workflow, *, reason: str = "cancelled", by: Actor, at: datetime) -> Workflow:
    """Cancel a workflow that is on its way.

    Raises:
        NotStarted: it is a draft.
        WorkflowOver: it has ended.
    """
    workflow = locked(workflow)
    try:
        queries.state(workflow).stop()
    except NotAllowed as refusal:
        raise explained(refusal.why) from None
    halt(workflow, reason, by, at)
    return workflow


def begin_step(workflow: Workflow, *, at: datetime) -> None:
    """Close the steps that are complete; open the one whose turn it is and have its people act."""
    state = queries.state(workflow)
    for place, step in enumerate(its(workflow, "steps")):
        if state.stages[place].complete and step.finished_at is None:
            step.finished_at = at
            update(step, "finished_at")
        if place == state.current and not state.paused:
            _open(workflow, step, at)


def _open(workflow: Workflow, step: Step, at: datetime) -> None:
    """Have a step begin, unless it has; whoever came into it since is invited."""
    if step.started_at is None:
        step.started_at = at
        update(step, "started_at")
        tell("step:started", workflow, PLATFORM, at, step=step.pk)
    for recipient in its(step, "recipients"):
        if step.kind == Step.Kind.SEAL:
            _ask_seal(workflow, recipient, at)
        elif step.max_invites and not (recipient.invited_at or recipient.acted_at):
            invitations.invite(recipient, at=at)
            tell("recipient:invited", workflow, PLATFORM, at, recipient=recipient.pk)


def _ask_seal(workflow: Workflow, organisation: Recipient, at: datetime) -> None:
    """The organisation's consent is the step itself: from now on it counts as given."""
    if organisation.acted_at is None:
        organisation.acted_at = at
        update(organisation, "acted_at")
        tell("seal:asked", workflow, PLATFORM, at, recipient=organisation.pk)
