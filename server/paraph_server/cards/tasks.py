"""The worker's part: looking at a certificate, preparing documents."""

import base64
from datetime import UTC, datetime, timedelta

from cryptography import x509
from django.utils import timezone, translation
from paraph.algorithms import SignatureAlgorithm
from procrastinate.contrib.django import app

from paraph_server.accounts.tenancy import every_tenant, tenant_context
from paraph_server.cards import actions
from paraph_server.cards.models import Attempts, Pairing, State
from paraph_server.journal.reactions import Patience
from paraph_server.signing.trials import PAUSE, Outcome, try_certificate

KEPT = timedelta(days=1)
STATES = {Outcome.READY: State.READY, Outcome.UNFIT: State.REFUSED, Outcome.OVER: State.OVER}


@app.task(retry=Patience())
def prepare(tenant_id: str, pairing_id: str) -> None:
    """Check a certificate that an agent has presented, and prepare the documents for it."""
    with tenant_context(tenant_id):
        pairing = Pairing.objects.get(pk=pairing_id)
        at = timezone.now()
        if pairing.state != State.CHECKING or pairing.is_over(at):
            return
        with translation.override(pairing.recipient.locale):
            _prepare(pairing)


@app.periodic(cron="41 * * * *")
@app.task(queueing_lock="cards.tasks.forget")
def forget(timestamp: int) -> None:
    """Drop what is of no use after a day: pairings, of which the journal tells, and who tried codes."""
    before = datetime.fromtimestamp(timestamp, UTC) - KEPT
    with every_tenant():
        Pairing.objects.filter(created_at__lt=before).delete()
    Attempts.objects.filter(since__lt=before).delete()


def _prepare(pairing: Pairing) -> None:
    certificate, *chain = (
        x509.load_der_x509_certificate(each)
        for each in (bytes(pairing.certificate or b""), *map(base64.b64decode, pairing.chain))
    )
    algorithm = SignatureAlgorithm[pairing.algorithm]
    outcome, reason = try_certificate(pairing.act_id, certificate, tuple(chain), algorithm=algorithm, at=timezone.now())
    if outcome is Outcome.WAITS:
        actions.defer(pairing, wait=PAUSE)
    else:
        actions.settle(pairing.pk, STATES[outcome], reason, at=timezone.now())
