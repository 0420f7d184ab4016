"""Clockwork: what is out of time stops by itself, who has not acted is reminded, and listeners are told."""

from django.db.models import F, Q
from django.utils import timezone
from procrastinate.contrib.django import app

from paraph_server.accounts.tenancy import every_tenant, tenant_context
from paraph_server.identification import providers, sign_ins
from paraph_server.journal.models import Entry
from paraph_server.journal.reactions import Patience, reacts_to
from paraph_server.workflows import actions, queries
from paraph_server.workflows.events import HAPPENINGS
from paraph_server.workflows.models import Recipient, Step, Workflow

AT_ONCE = 5000
"""How many are reminded in one go; the rest comes with the next."""


@app.periodic(cron="*/10 * * * *")
@app.task(queueing_lock="workflows.tasks.expire")
def expire(timestamp: int) -> None:  # noqa: ARG001  Procrastinate says when it was due
    """Stop the workflows whose time is over."""
    now = timezone.now()
    late = Step.objects.filter(
        Q(started_at__lte=now - F("validity_period") - F("prolonged")),
        started_at__isnull=False,
        finished_at=None,
        workflow__stopped_at=None,
        workflow__paused_at=None,
    ).exclude(kind=Step.Kind.SEAL)
    with every_tenant():
        found = list(late.values_list("tenant_id", "workflow_id"))
    for tenant_id, workflow_id in found:
        with tenant_context(tenant_id):
            actions.expire(Workflow.objects.get(pk=workflow_id), at=now)


@app.periodic(cron="*/5 * * * *")
@app.task(queueing_lock="workflows.tasks.remind")
def remind(timestamp: int) -> None:  # noqa: ARG001  as above
    """Remind those who were invited and have not acted."""
    now = timezone.now()
    due = Recipient.objects.filter(remind_at__lte=now, step__workflow__paused_at=None).order_by("remind_at")
    with every_tenant():
        found = list(due.values_list("tenant_id", "step__workflow_id", "pk")[:AT_ONCE])
    for tenant_id, workflow_id, recipient_id in found:
        with tenant_context(tenant_id):
            actions.remind(Workflow.objects.get(pk=workflow_id), recipient_id, at=now)


@reacts_to("signingProvider:registered")
@app.task(retry=Patience())
def offer_provider(tenant_id: str, subject: str, entry_id: str) -> None:  # noqa: ARG001  what every reaction is told
    """Let senders have people sign with a provider, from the first one on."""
    with tenant_context(tenant_id):
        actions.offer_provider(tenant_id, at=timezone.now())


@reacts_to(*HAPPENINGS)
@app.task(retry=Patience())
def notify(tenant_id: str, subject: str, entry_id: str) -> None:
    """Tell those who want to know what has happened to the workflow `subject`."""
    with tenant_context(tenant_id):
        entry = Entry.objects.select_related("payload").get(pk=entry_id)
        actions.notify(Workflow.objects.get(pk=subject), entry, at=timezone.now())


@reacts_to("provider:registered")
@app.task(retry=Patience())
def offer(tenant_id: str, subject: str, entry_id: str) -> None:  # noqa: ARG001  what every reaction is told
    """Let senders choose an identity provider that was added."""
    with tenant_context(tenant_id):
        actions.offer(providers.find(subject), at=timezone.now())


@reacts_to("identity:doubtful")
@app.task(retry=Patience())
def ask_whether(tenant_id: str, subject: str, entry_id: str) -> None:
    """Have the owner compare the names of the recipient `subject`."""
    with tenant_context(tenant_id):
        entry = Entry.objects.select_related("payload").get(pk=entry_id)
        recipient, sign_in = queries.recipient(subject), sign_ins.find(entry.payload.details["sign_in"])
        actions.ask_whether(recipient, sign_in, at=timezone.now())


@reacts_to("identity:accepted")
@app.task(retry=Patience())
def call_back(tenant_id: str, subject: str, entry_id: str) -> None:  # noqa: ARG001  as above
    """Invite the recipient `subject` again, whose name was confirmed."""
    with tenant_context(tenant_id):
        actions.call_back(queries.recipient(subject), at=timezone.now())
