"""The worker's part: looking at a certificate, preparing documents."""

import logging
from datetime import UTC, datetime, timedelta

from django.utils import timezone, translation
from django.utils.translation import gettext as _
from paraph.errors import Unavailable
from procrastinate.contrib.django import app

from paraph_server.accounts.tenancy import every_tenant, tenant_context
from paraph_server.authorisations import actions, credentials
from paraph_server.authorisations.models import Authorisation, State
from paraph_server.journal.reactions import Patience
from paraph_server.signing import brought
from paraph_server.signing.errors import BadCertificate, LevelNotReached, OthersFirst
from paraph_server.signing.queries import Act, act
from paraph_server.web.errors import PlatformError
from paraph_server.workflows.queries import to_sign

logger = logging.getLogger(__name__)
PAUSE = timedelta(seconds=3)
KEPT = timedelta(days=1)


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
        Authorisation.objects.filter(expires_at__lt=now, token__isnull=False).update(token=None, credentials=[])


def _prepare(authorisation: Authorisation) -> None:
    chosen, of = credentials.read(authorisation.kept), act(authorisation.act_id)
    state, reason = State.READY, ""
    try:
        _check_number(of, chosen.most)
        brought.prepare(of, chosen.certificate, chosen.chain, algorithm=chosen.algorithm, at=timezone.now())
    except (OthersFirst, Unavailable) as wait:
        logger.info("The certificate of %s has to wait: %s", authorisation.pk, wait)
        actions.defer(authorisation, wait=PAUSE)
        return
    except (BadCertificate, LevelNotReached) as refusal:
        state, reason = State.CHOOSING, str(refusal)
    except PlatformError as end:
        state, reason = State.OVER, str(end)
    except Exception:
        logger.exception("The documents of %s cannot be prepared.", authorisation.pk)
        state, reason = State.OVER, _("Something went wrong on our side. Please try again.")
    actions.settle(authorisation.pk, state, reason, at=timezone.now())


def _check_number(of: Act, most: int) -> None:
    """All documents go into one authorisation."""
    if sum(len(to_sign(each.workflow)) for each in of.recipients) > most:
        raise BadCertificate(
            _("With this certificate %(most)d documents can be signed at once, and here are more.") % {"most": most}
        )
