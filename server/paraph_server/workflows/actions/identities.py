"""What follows when an identity provider was added, and when a proven name leaves doubt."""

from datetime import datetime

from django.db import transaction
from paraph.evidence import Means, SignatureLevel
from paraph.evidence.level import Assurance

from paraph_server.identification import providers
from paraph_server.identification.models import Provider, SignIn
from paraph_server.journal.actions import PLATFORM, record
from paraph_server.web.errors import PlatformError
from paraph_server.workflows import invitations
from paraph_server.workflows.actions.consent import begin_page
from paraph_server.workflows.actions.reminders import resend_invitation
from paraph_server.workflows.models import ConsentPage, Recipient


@transaction.atomic
def offer(provider: Provider, *, at: datetime) -> ConsentPage:
    """Let senders have recipients identified by a provider; asked again, it changes nothing.

    What such a signature reaches depends on what the provider's word is worth.
    """
    acr = provider.acr.split()
    vouched = providers.worth(provider, acr[0] if acr else "") > Assurance.NONE
    level = SignatureLevel.ADVANCED if vouched else SignatureLevel.SIMPLE
    page = ConsentPage.objects.filter(tenant_id=provider.tenant_id, name=provider.name).first()
    if page is None:
        wanted = {"name": provider.name, "means": [provider.kind, Means.EMAIL_CODE], "level": level}
        page = begin_page(provider.tenant_id, wanted, provider=provider.name, at=at)
        facts = {"name": page.name, "means": page.means, "level": page.level}
        record("consentPage:created", tenant=page.tenant_id, subject=page.pk, by=PLATFORM, at=at, **facts)
    return page


@transaction.atomic
def ask_whether(recipient: Recipient, sign_in: SignIn, *, at: datetime) -> None:
    """Have the owner compare names, unless they have done so meanwhile."""
    if sign_in.outcome == SignIn.Outcome.DOUBTFUL:
        invitations.ask_whether(recipient, sign_in.provider.name, at=at)


def call_back(recipient: Recipient, *, at: datetime) -> None:
    """Invite somebody again whose name was confirmed, if it is still their turn and they have an address."""
    try:
        resend_invitation(recipient, by=PLATFORM, at=at)
    except PlatformError:  # it is not: nothing is left to do
        return
