"""The steps of a workflow and the people in them."""

from collections.abc import Sequence

from django.db.models import Model
from django.utils import timezone
from django.utils.translation import gettext as _
from paraph.evidence import Means

from paraph_server.administration import queries as people
from paraph_server.identification import addresses, shared_secrets
from paraph_server.web import ids
from paraph_server.web.rows import insert
from paraph_server.workflows import turns
from paraph_server.workflows.actions.wanted import NewRecipient, NewRequest, NewStep
from paraph_server.workflows.errors import BadRecipient
from paraph_server.workflows.models import ConsentPage, KeyHolder, Recipient, RequestedDocument, Step, Workflow
from paraph_server.workflows.reading import remembered

LONGEST_NAME = 60
"""Characters; what a certificate can hold of a first or a last name (RFC 5280 appendix A.1), and a little less."""
BEHIND_EVERYBODY = 10_000
"""Where organisations stand: the n-th signature field is the n-th person's, whoever seals in between."""


def set_steps(workflow: Workflow, steps: Sequence[NewStep]) -> None:
    """Give a draft its steps; one that takes the place of another keeps its identifier."""
    people = Recipient.everybody.filter(step__workflow=workflow)
    shared_secrets.forget(list(people.values_list("pk", flat=True)))
    old = [each.pk for each in workflow.steps.all()]
    workflow.steps.all().delete()
    insert(*new_steps(workflow, steps, _kept(old, steps)))


def new_steps(workflow: Workflow, wanted: Sequence[NewStep], ids: Sequence[str]) -> tuple[Sequence[Model], ...]:
    """The steps of a draft without steps, and what they are made of, to be written; raises `BadRecipient`."""
    steps = [_step(workflow, each, place, ids[place]) for place, each in enumerate(wanted)]
    people, asked, position = list[Recipient](), list[RequestedDocument](), 0
    for step, each in zip(steps, wanted, strict=True):
        here = [_organisation(step)] if each.kind == Step.Kind.SEAL else []
        for person in each.recipients:
            here.append(_recipient(step, person, position))
            position += 1
            asked += remembered(here[-1], "requested_documents", _asked(here[-1], person.requests))
            _agree(here[-1], person)
        people += remembered(step, "recipients", here)
    return remembered(workflow, "steps", steps), people, asked


def _kept(old: list[str], steps: Sequence[NewStep]) -> list[str]:
    """The identifier of each step: the one it names, else that of the step in its place, else a new one."""
    named = {each.id for each in steps if each.id in old}
    free = [None if each in named else each for each in old]
    in_place = [*free, *[None] * len(steps)]
    return [each.id if each.id in named else in_place[place] or ids.new("stp") for place, each in enumerate(steps)]


def _step(workflow: Workflow, wanted: NewStep, place: int, step_id: str) -> Step:
    return Step(
        id=step_id,
        tenant_id=workflow.tenant_id,
        workflow=workflow,
        position=place,
        kind=wanted.kind,
        seal=wanted.seal,
        required_recipients=required(wanted),
        validity_period=wanted.validity,
        max_invites=wanted.max_invites,
        invite_period=wanted.invite_period,
        send_download_link=wanted.send_download_link,
        allow_comments=wanted.allow_comments,
        allow_refusal=wanted.allow_refusal,
        allow_delegation=wanted.allow_delegation,
        hide_recipients=wanted.hide_recipients,
        hide_attachments=wanted.hide_attachments,
    )


def required(wanted: NewStep) -> int:
    """How many must act: as many as asked for, else all; the organisation seals alone."""
    if wanted.kind == Step.Kind.SEAL:
        return 1
    return len(wanted.recipients) if wanted.required is None else wanted.required


def _organisation(step: Step) -> Recipient:
    return Recipient(
        tenant_id=step.tenant_id,
        step=step,
        position=BEHIND_EVERYBODY + step.position,
        last_name=step.workflow.tenant.name[:LONGEST_NAME],
    )


def add_recipient(
    step: Step, wanted: NewRecipient, position: int, *, delegated_from: Recipient | None = None
) -> Recipient:
    """Somebody in a step.

    Raises:
        BadRecipient: they lack a name, an address or a telephone number, or the step is the platform's own.
        BadSecret: what they are to be asked cannot be.
    """
    recipient = _recipient(step, wanted, position, delegated_from)
    insert([recipient], _asked(recipient, wanted.requests))
    _agree(recipient, wanted)
    return recipient


def _recipient(step: Step, wanted: NewRecipient, position: int, delegated_from: Recipient | None = None) -> Recipient:
    _check(step, wanted)
    return Recipient(
        tenant_id=step.tenant_id,
        step=step,
        position=position,
        user=wanted.user,
        email=addresses.email(wanted.email) if wanted.email.strip() else "",
        first_name=wanted.first_name.strip(),
        last_name=wanted.last_name.strip(),
        phone_number=addresses.phone_number(wanted.phone_number) if wanted.phone_number else "",
        country=wanted.country.upper(),
        locale=wanted.locale,
        consent_page=wanted.consent_page,
        delegated_from=delegated_from,
    )


def _agree(recipient: Recipient, wanted: NewRecipient) -> None:
    if wanted.secret:
        shared_secrets.keep(recipient.tenant_id, recipient.pk, wanted.secret, at=timezone.now())


def _check(step: Step, wanted: NewRecipient) -> None:
    if step.kind == Step.Kind.SEAL:
        raise BadRecipient(_("A seal step has no recipients: the platform seals by itself."))
    for name in (wanted.first_name.strip(), wanted.last_name.strip()):
        if not name or len(name) > LONGEST_NAME or not name.isprintable():
            raise BadRecipient(_("Every recipient needs a first name and a last name, of 60 characters at most."))
    if wanted.user and turns.act_of(step) not in people.acts_of(wanted.user):
        raise BadRecipient(_("%(name)s has no right to do this.") % {"name": wanted.user.name})
    if wanted.consent_page.key_holder != KeyHolder.PLATFORM and step.kind != Step.Kind.SIGNATURE:
        raise BadRecipient(
            _("A card or a provider’s certificate is for signing: choose another identification for who does not sign.")
        )
    if Means.SECRET in wanted.consent_page.asked and not wanted.secret:
        raise BadRecipient(_("Recipients who are identified by a shared secret need a question and its answer."))
    check_reached(step, wanted.consent_page, email=wanted.email.strip(), phone_number=wanted.phone_number)


def check_reached(step: Step, page: ConsentPage, *, email: str, phone_number: str) -> None:
    """That somebody can be invited, and identified, where they are reached; raises `BadRecipient`."""
    if page.by_phone and not phone_number:
        raise BadRecipient(_("Recipients who are identified by SMS need a telephone number."))
    if not email and (step.max_invites or page.by_email or not page.by_phone):
        raise BadRecipient(
            _("Recipients need an e-mail address, unless they are identified by SMS and maxInvites is 0.")
        )


def _asked(recipient: Recipient, wanted: Sequence[NewRequest]) -> list[RequestedDocument]:
    return [
        RequestedDocument(
            tenant_id=recipient.tenant_id,
            recipient=recipient,
            position=place,
            name=each.name,
            required=each.required,
            content_types=list(each.content_types),
        )
        for place, each in enumerate(wanted)
    ]
