"""The worker's part: looking at a certificate, preparing documents."""

from datetime import UTC, datetime, timedelta

from django.utils import timezone, translation
from procrastinate.contrib.django import app

from paraph_server.accounts.tenancy import every_tenant, tenant_context
from paraph_server.authorisations import actions, credentials
from paraph_server.authorisations.models import Authorisation, State
from paraph_server.journal.reactions import Patience
from paraph_server.signing.trials import PAUSE, Outcome, try_certificate

KEPT = timedelta(days=1)
STATES = {Outcome.READY: State.READY, Outcome.UNFIT: State.CHOOSING, Outcome.OVER: State.OVER}


@app.task(retry=Patience())
def prepare(tenant_id: str, authorisation_id: str) -> None:
    """Check the certificate that a signer has chosen, and prepare the documents for it."""
    with tenant_context(tenant_id):
        authorisation = Authorisation.objects.select_related("recipient").get(pk=authorisation_id)
        if authorisation.state != State.CHECKING or authorisation.is_over(timezone.now()):
            return
        with translation.override(authorisation.recipient.locale):
            _prepare(authorisation)


@app.periodic(cron="*/10 * * * *")
@app.task(queueing_lock="authorisations.tasks.forget")
def forget(timestamp: int) -> None:
    """Drop the tokens of those who went away, and after a day everything: the journal tells of it."""
    now = datetime.fromtimestamp(timestamp, UTC)
    with every_tenant():
        Authorisation.objects.filter(created_at__lt=now - KEPT).delete()
        late = Authorisation.objects.filter(expires_at__lt=now, party__isnull=False)
        late.update(token=None, credentials=[], party=None)


def _prepare(authorisation: Authorisation) -> None:
    chosen, at = credentials.read(authorisation.kept), timezone.now()
    outcome, reason = try_certificate(
        authorisation.act_id, chosen.certificate, chosen.chain, algorithm=chosen.algorithm, most=chosen.most, at=at
    )
    if outcome is Outcome.WAITS:
        actions.defer(authorisation, wait=PAUSE)
    else:
        actions.settle(authorisation.pk, STATES[outcome], reason, at=timezone.now())
