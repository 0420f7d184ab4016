"""Making a workflow, before anybody is asked."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from paraph_server.accounts.models import Tenant, User
from paraph_server.journal.actions import Actor
from paraph_server.policies.facts import Facts
from paraph_server.web import ids
from paraph_server.web.rows import insert
from paraph_server.workflows import conformity, queries
from paraph_server.workflows.actions.circle import draw_circle
from paraph_server.workflows.actions.consent import begin_page
from paraph_server.workflows.actions.holding import draft, in_full, save, tell
from paraph_server.workflows.actions.people import check_reached, new_steps, set_steps
from paraph_server.workflows.actions.wanted import Circle, NewStep, NewWorkflow
from paraph_server.workflows.consent import CONSENT_PAGES, STANDARD
from paraph_server.workflows.models import ConsentPage, SignatureProfile, Workflow
from paraph_server.workflows.reading import remembered


@transaction.atomic
def set_up_tenant(tenant: Tenant, *, at: datetime) -> None:
    """Give a new tenant the consent pages and the signature profile it starts with; once."""
    if ConsentPage.objects.filter(tenant=tenant, name__in=STANDARD).exists():
        return
    for facts in CONSENT_PAGES:
        begin_page(tenant.pk, facts, at=at)
    SignatureProfile.objects.create(tenant=tenant, name="PAdES B-T", created_at=at)


@transaction.atomic
def create(wanted: NewWorkflow, *, owner: User, by: Actor, at: datetime) -> Workflow:
    """A draft.

    Raises:
        BadRecipient: somebody lacks a name, an address or a telephone number.
    """
    workflow = Workflow(
        tenant_id=owner.tenant_id,
        owner=owner,
        name=wanted.name.strip()[:200] or _("Untitled"),
        description=wanted.description,
        data=dict(wanted.data),
        filing_class=queries.filed(wanted.filing_class),
        amount=wanted.amount,
        currency=wanted.currency.upper() if wanted.amount is not None else "",
        declared=conformity.written(wanted.declared),
        created_at=at,
        updated_at=at,
    )
    insert([workflow], *new_steps(workflow, wanted.steps, [ids.new("stp") for _step in wanted.steps]))
    if wanted.circle == Circle():
        remembered(workflow, "watchers", [])
        remembered(workflow, "accesses", [])
    else:
        draw_circle(workflow, wanted.circle)
    tell("workflow:created", workflow, by, at, name=workflow.name)
    return workflow


@transaction.atomic
def change(
    workflow: Workflow,
    *,
    name: str | None = None,
    description: str | None = None,
    steps: Sequence[NewStep] | None = None,
    declared: Facts | None = None,
    by: Actor,
    at: datetime,
) -> Workflow:
    """Change a draft.

    Raises:
        NotADraft: it was started.
        BadRecipient: as `create`.
    """
    workflow = draft(workflow)
    if name is not None:
        workflow.name = name.strip()[:200] or workflow.name
    if description is not None:
        workflow.description = description
    if declared is not None:
        workflow.declared = conformity.written(declared)
    if steps is not None:
        set_steps(workflow, steps)
    save(workflow, at, "name", "description", "declared")
    tell("workflow:changed", workflow, by, at, name=workflow.name)
    return workflow


@transaction.atomic
def identify(workflow: Workflow, page: ConsentPage, *, by: Actor, at: datetime) -> Workflow:
    """Identify those signers of a draft in another way who would sign below the signature policy.

    Raises:
        NotADraft: it was started.
        BelowPolicy: this would not do either.
        BadRecipient: somebody has no address or number that this needs.
    """
    workflow = in_full(draft(workflow))
    verdict = conformity.judge(workflow, at=at)
    if verdict and page not in verdict.pages:
        raise conformity.refusal(verdict)
    for each in verdict.below if verdict else ():
        check_reached(each.step, page, email=each.email, phone_number=each.phone_number)
        each.consent_page = page
        each.save(update_fields=["consent_page"])
    save(workflow, at)
    tell("workflow:changed", workflow, by, at, name=workflow.name)
    return workflow
