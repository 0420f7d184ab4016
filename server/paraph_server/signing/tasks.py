"""The worker's part in a signature."""

import logging
from datetime import UTC, datetime

from procrastinate.contrib.django import app

from paraph_server import trust
from paraph_server.accounts.tenancy import tenant_context
from paraph_server.journal.reactions import Patience
from paraph_server.signing import actions, brought, execution
from paraph_server.signing.errors import BadCertificate, OthersFirst, SignAgain
from paraph_server.workflows.errors import AlreadyActed, WorkflowOver

logger = logging.getLogger(__name__)


@app.periodic(cron="11 * * * *")
@app.task(queueing_lock="signing.tasks.refresh_lists")
def refresh_lists(timestamp: int) -> None:
    """Fetch the trusted lists of the Member States once a day, and try again every hour where that fails."""
    for fault in trust.refresh_lists(at=datetime.fromtimestamp(timestamp, UTC)):
        logger.warning("%s", fault)


@app.task(retry=Patience())
def perform(tenant_id: str, signing_id: str) -> None:
    """Make a signature that was asked for; what stands in the way is noted, and it is tried again later."""
    with tenant_context(tenant_id):
        try:
            execution.perform(signing_id)
        except (AlreadyActed, WorkflowOver):
            logger.info("Signature %s is no longer wanted: its workflow has ended or moved on.", signing_id)
        except (SignAgain, BadCertificate) as reason:
            brought.ask_again(signing_id, str(reason))
        except OthersFirst as reason:
            actions.postpone(signing_id, str(reason))
        except Exception as fault:
            logger.exception("Signature %s has to wait.", signing_id)
            actions.postpone(signing_id, str(fault) or type(fault).__name__)
