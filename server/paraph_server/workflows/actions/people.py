"""The steps of a workflow and the people in them."""

from collections.abc import Sequence

from django.utils.translation import gettext as _

from paraph_server.identification import addresses
from paraph_server.workflows.actions.wanted import NewRecipient, NewStep
from paraph_server.workflows.errors import BadRecipient
from paraph_server.workflows.models import ConsentPage, Recipient, Step, Workflow

LONGEST_NAME = 60
"""Characters; what a certificate can hold of a first or a last name (RFC 5280 appendix A.1), and a little less."""


def add_steps(workflow: Workflow, steps: Sequence[NewStep]) -> None:
    position = 0
    for place, wanted in enumerate(steps):
        step = Step.objects.create(
            tenant_id=workflow.tenant_id,
            workflow=workflow,
            position=place,
            kind=wanted.kind,
            required_recipients=len(wanted.recipients) if wanted.required is None else wanted.required,
            validity_period=wanted.validity,
            max_invites=wanted.max_invites,
            send_download_link=wanted.send_download_link,
        )
        for each in wanted.recipients:
            _add_recipient(step, each, position)
            position += 1


def _add_recipient(step: Step, wanted: NewRecipient, position: int) -> None:
    for name in (wanted.first_name.strip(), wanted.last_name.strip()):
        if not name or len(name) > LONGEST_NAME or not name.isprintable():
            raise BadRecipient(_("Every recipient needs a first name and a last name, of 60 characters at most."))
    by_sms = wanted.consent_page.authentication == ConsentPage.Authentication.SMS
    if by_sms and not wanted.phone_number:
        raise BadRecipient(_("Recipients who are identified by SMS need a telephone number."))
    if not wanted.email.strip() and (step.max_invites or not by_sms):
        raise BadRecipient(
            _("Recipients need an e-mail address, unless they are identified by SMS and maxInvites is 0.")
        )
    Recipient.objects.create(
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
    )
